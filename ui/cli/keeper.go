package cli

import (
	"fmt"
	"hash/fnv"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"ioscope/ui"
)

// chosen is what was chosen on the screen and is to outlast the program.
type chosen struct {
	Theme string `json:"theme"`
	// Over is what the config said when the theme was chosen. Who changes the config
	// later means the config.
	Over string `json:"over"`
}

const chosenFile = "chosen.json"

// keeper writes what outlives the program. It is ui.Keeper.
type keeper struct {
	settings *settings
	// mu lets one write at a time.
	mu sync.Mutex
}

var _ ui.Keeper = (*keeper)(nil)

// KeepTheme implements ui.Keeper.
func (k *keeper) KeepTheme(name string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.settings.paths.Write(chosenFile, chosen{name, k.settings.Theme})
}

// KeepBus implements ui.Keeper.
func (k *keeper) KeepBus(bus string, what ui.Kept) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.settings.paths.Write(busFile(bus), what)
}

// Bus implements ui.Keeper.
func (k *keeper) Bus(bus string) (what ui.Kept, ok bool) {
	ok = k.settings.paths.Read(busFile(bus), &what)
	return what, ok
}

// seen is when a bus of the config answered last, as far as it is known.
func (k *keeper) seen(name string) time.Time {
	kept, _ := k.Bus(name)
	return kept.Memory.Seen
}

// busFile is the file of a bus. Its name can be read, and is of one bus alone.
func busFile(bus string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.':
			return r
		}
		return '_'
	}, bus)
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(bus))
	return filepath.Join("buses", fmt.Sprintf("%.80s-%08x.json", plain, sum.Sum32()))
}

// keptTheme is the theme that was chosen on the screen last, unless the config was
// given another one since; empty when there is none.
func (s *settings) keptTheme() string {
	var c chosen
	if !s.paths.Read(chosenFile, &c) || c.Over != s.Theme {
		return ""
	}
	return c.Theme
}
