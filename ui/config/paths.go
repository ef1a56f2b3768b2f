package config

import (
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/adrg/xdg"
)

// Paths tells where everything is. Nothing has to exist.
type Paths struct {
	// File is the config file.
	File string `json:"config"`
	// Themes has a person's own themes, Calls the saved calls, Filters is the file of
	// the filters that have names.
	Themes  string `json:"themes"`
	Calls   string `json:"calls"`
	Filters string `json:"filters"`
	// State has what is remembered between two runs, Data what was collected,
	// Cache what can be made anew.
	State string `json:"state"`
	Data  string `json:"data"`
	Cache string `json:"cache"`
}

// Find says where things are, by the environment. The variable IOSCOPE_CONFIG names
// the config file itself; themes and calls then stand beside it.
func Find(getenv func(string) string) Paths {
	in := func(variable, usual string) string {
		base := getenv(variable)
		// The rules say that a path that is not absolute counts for nothing.
		if !filepath.IsAbs(base) {
			base = athome(usual, getenv("HOME"))
		}
		return filepath.Join(base, "ioscope")
	}
	config := in("XDG_CONFIG_HOME", xdg.ConfigHome)
	file := filepath.Join(config, "config.yaml")
	if named := getenv("IOSCOPE_CONFIG"); named != "" {
		file = named
		if abs, err := filepath.Abs(named); err == nil {
			file = abs
		}
		config = filepath.Dir(file)
	}
	return Paths{
		File:    file,
		Themes:  filepath.Join(config, "themes"),
		Calls:   filepath.Join(config, "calls"),
		Filters: filepath.Join(config, "filters.yaml"),
		State:   in("XDG_STATE_HOME", xdg.StateHome),
		Data:    in("XDG_DATA_HOME", xdg.DataHome),
		Cache:   in("XDG_CACHE_HOME", xdg.CacheHome),
	}
}

// athome is a usual place where HOME is not set, as in some containers and services:
// it is below the home directory that the system knows, not below the root of all.
func athome(usual, home string) string {
	if home != "" || runtime.GOOS == "windows" {
		return usual
	}
	who, err := user.Current()
	if err != nil || who.HomeDir == "" {
		return usual
	}
	below, err := filepath.Rel(xdg.Home, usual)
	if xdg.Home == "" {
		below, err = filepath.Rel("/", usual)
	}
	if err != nil {
		return usual
	}
	return filepath.Join(who.HomeDir, below)
}

// expand reads ~ at the beginning of a path as the home directory, and takes what
// is not absolute from the folder of the config file.
func expand(path, folder string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(folder, path)
}
