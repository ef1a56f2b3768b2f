package config

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/natefinch/atomic"
)

// Read fills v from a file of the state folder. It reports whether that could be done:
// what is missing or broken counts as never written.
func (p Paths) Read(name string, v any) bool {
	data, err := os.ReadFile(filepath.Join(p.State, name))
	return err == nil && json.Unmarshal(data, v) == nil
}

// Write keeps v in a file of the state folder. The file is either the old one or
// the new one, whatever happens meanwhile.
func (p Paths) Write(name string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	file := filepath.Join(p.State, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return atomic.WriteFile(file, bytes.NewReader(append(data, '\n')))
}
