package cli

import (
	"sync"

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

// keptTheme is the theme that was chosen on the screen last, unless the config was
// given another one since; empty when there is none.
func (s *settings) keptTheme() string {
	var c chosen
	if !s.paths.Read(chosenFile, &c) || c.Over != s.Theme {
		return ""
	}
	return c.Theme
}
