package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Config is what the config file says; where it says nothing, the defaults.
type Config struct {
	// Theme is used whatever the ground is; DarkTheme and LightTheme by the ground.
	Theme      string `json:"theme,omitempty"`
	DarkTheme  string `json:"dark-theme,omitempty"`
	LightTheme string `json:"light-theme,omitempty"`
	// ASCII draws signs in ASCII, Mouse listens to the mouse, ReduceMotion stops
	// what moves by itself.
	ASCII        bool `json:"ascii"`
	Mouse        bool `json:"mouse"`
	ReduceMotion bool `json:"reduce-motion"`
	// ReadOnly forbids what changes anything.
	ReadOnly bool `json:"read-only"`
	// History keeps calls over restarts; without it nothing of them is written.
	History bool `json:"history"`
	// Bus is the name of the bus to start with; empty: the address of the gateway
	// on this machine.
	Bus string `json:"bus,omitempty"`
	// Buses are the named ones, in the order of the file.
	Buses []Bus `json:"buses,omitempty"`
	// Keys are the bindings that differ from the usual ones.
	Keys []Binding `json:"keys,omitempty"`
	// RecordLimit is how long a recording gets, as 64MiB; empty: the usual length.
	RecordLimit string `json:"record-limit,omitempty"`
	// KeepRows and KeepBytes bound what is kept of each stream, as 100000 and 64MiB;
	// empty: the usual bounds.
	KeepRows  string `json:"keep-rows,omitempty"`
	KeepBytes string `json:"keep-bytes,omitempty"`
	// Calls is the folder of saved calls.
	Calls string `json:"calls,omitempty"`

	// Hooks are commands around calls and streams.
	Hooks []Hook `json:"hooks,omitempty"`

	lines map[string]int
}

// Hook are commands around what its patterns fit: before and after calls, and for the
// events of streams.
type Hook struct {
	// Method and Stream are a name, or a pattern between slashes.
	Method  string        `json:"method,omitempty"`
	Stream  string        `json:"stream,omitempty"`
	Before  string        `json:"before,omitempty"`
	After   string        `json:"after,omitempty"`
	Event   string        `json:"event,omitempty"`
	Timeout time.Duration `json:"timeout,omitempty"`
	// Line is where it stands in the file.
	Line int `json:"-"`
}

// Bus is a bus with a name.
type Bus struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	User string `json:"user,omitempty"`
	// CA names a file with authorities that may vouch for a wss:// address.
	CA string `json:"ca,omitempty"`
	// PasswordEnv names the environment variable that has the password,
	// PasswordFile the file.
	PasswordEnv  string `json:"password-env,omitempty"`
	PasswordFile string `json:"password-file,omitempty"`
	// ReadOnly forbids what changes anything on this bus.
	ReadOnly bool `json:"read-only,omitempty"`
}

// Binding gives an action its keys.
type Binding struct {
	Action string   `json:"action"`
	Keys   []string `json:"keys"`
	// Line is where it stands in the file.
	Line int `json:"-"`
}

// Error is what is wrong with the config file. It counts whole or not at all: half
// a config would be a program that nobody knows.
type Error struct {
	// Line is 0 where no line is to blame.
	Line int
	Text string
}

// Error implements error.
func (e *Error) Error() string {
	if e.Line == 0 {
		return "config: " + e.Text
	}
	return fmt.Sprintf("config line %d: %s", e.Line, e.Text)
}

// Defaults is the config of somebody who has none.
func Defaults() Config { return Config{Mouse: true, History: true} }

// Load reads the config file. Where there is none, or where it is broken, it returns
// the defaults, and then also why: an [Error].
func Load(file string) (Config, error) {
	data, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Defaults(), nil
	case err != nil:
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return Defaults(), &Error{Text: file + " can't be read: " + err.Error()}
	}
	c, err := Parse(data, filepath.Dir(file))
	if err != nil {
		return Defaults(), err
	}
	return c, nil
}

// Line is where a setting stands in the file; 0 where it does not. A setting of a
// bus is "buses.NAME.SETTING".
func (c *Config) Line(setting string) int { return c.lines[setting] }

// Find returns the bus of that name.
func (c *Config) Find(name string) (Bus, bool) {
	for _, b := range c.Buses {
		if b.Name == name {
			return b, true
		}
	}
	return Bus{}, false
}
