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
	// had is what this program had of each bus when it was read or kept last. Several
	// explorers of one person share the files: each puts in what it changed itself.
	had map[string]ui.Kept
}

// stateLock parts explorers that write what they remember.
const stateLock = "state"

var _ ui.Keeper = (*keeper)(nil)

// KeepTheme implements ui.Keeper.
func (k *keeper) KeepTheme(name string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.settings.paths.Locked(stateLock, func() error {
		return k.settings.paths.Write(chosenFile, chosen{name, k.settings.Theme})
	})
}

// KeepBus implements ui.Keeper.
func (k *keeper) KeepBus(bus string, what ui.Kept) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	had := k.had[bus]
	err := k.settings.paths.Locked(stateLock, func() error {
		now := what
		// A file that is gone, or that nobody can read, has nothing to be kept.
		if theirs, ok := k.read(bus); ok {
			now = what.Onto(had, theirs)
		}
		return k.settings.paths.Write(busFile(bus), now)
	})
	if err == nil {
		k.remember(bus, what)
	}
	return err
}

// Bus implements ui.Keeper.
func (k *keeper) Bus(bus string) (what ui.Kept, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	what, ok = k.read(bus)
	k.remember(bus, what)
	return what, ok
}

func (k *keeper) read(bus string) (what ui.Kept, ok bool) {
	ok = k.settings.paths.Read(busFile(bus), &what)
	return what, ok
}

func (k *keeper) remember(bus string, what ui.Kept) {
	if k.had == nil {
		k.had = map[string]ui.Kept{}
	}
	k.had[bus] = what
}

// seen is when a bus of the config answered last, as far as it is known.
func (k *keeper) seen(name string) time.Time {
	kept, _ := k.read(name)
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
