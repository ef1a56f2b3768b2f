package users

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"golang.org/x/crypto/bcrypt"
)

// parse reads a file's text. An error begins with the number of its line.
func parse(text []byte) (table, error) {
	known := table{}
	for i, line := range strings.Split(string(text), "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		name, hash, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("%d: no name:hash", i+1)
		}
		if _, twice := known[name]; twice {
			return nil, fmt.Errorf("%d: %q is there already", i+1, name)
		}
		if _, err := bcrypt.Cost([]byte(hash)); err != nil {
			return nil, fmt.Errorf("%d: %q has no bcrypt hash: %w", i+1, name, err)
		}
		known[name] = entry{hash: []byte(hash)}
	}
	return known, nil
}

// Line makes the line of a user, without a newline. Names hold no colon and no
// control character, do not begin with # and are not wrapped in space; secrets
// have 1 to 72 bytes, which is all that bcrypt looks at.
func Line(name, secret string) (string, error) { return newLine(name, secret, bcrypt.DefaultCost) }

func newLine(name, secret string, cost int) (string, error) {
	switch {
	case name == "" || strings.TrimSpace(name) != name || name[0] == '#',
		strings.ContainsFunc(name, func(r rune) bool { return r == ':' || unicode.IsControl(r) }):
		return "", fmt.Errorf("%q can't be the name of a user", name)
	case secret == "":
		return "", errors.New("the password is empty")
	case len(secret) > maxSecret:
		return "", fmt.Errorf("the password has %d bytes, more than %d", len(secret), maxSecret)
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(secret), cost)
	if err != nil {
		return "", fmt.Errorf("hash the password: %w", err)
	}
	return name + ":" + string(hash), nil
}

// Set gives a user a password: it makes or replaces their line in a file and
// makes the file if there is none, for nobody else to read. The other lines stay
// as they are. Whoever reads the file meanwhile sees all of the old or all of
// the new one. It reports whether the user was there before.
func Set(path, name, secret string) (bool, error) {
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return false, fmt.Errorf("users: %w", err)
	}
	if _, err := Open(path, nil); err != nil && !errors.Is(err, os.ErrNotExist) {
		return false, err
	}
	line, err := Line(name, secret)
	if err != nil {
		return false, err
	}
	return setLine(path, name, line)
}

func setLine(path, name, line string) (bool, error) {
	mode := os.FileMode(0o600)
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // the link is to stay one
	}
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return false, fmt.Errorf("users: %w", err)
	}
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	changed, replaced := put(text, name, line)
	if _, err := parse(changed); err != nil {
		return false, fmt.Errorf("users: %s:%w", path, err)
	}
	if err := replace(path, changed, mode); err != nil {
		return false, fmt.Errorf("users: %w", err)
	}
	return replaced, nil
}

// put replaces the line of a user or appends it.
func put(text []byte, name, line string) ([]byte, bool) {
	lines := strings.Split(string(text), "\n")
	for i, l := range lines {
		if strings.HasPrefix(strings.TrimSpace(l), name+":") {
			lines[i] = line
			return []byte(strings.Join(lines, "\n")), true
		}
	}
	if len(text) > 0 && !bytes.HasSuffix(text, []byte("\n")) {
		text = append(text, '\n')
	}
	return append(text, line+"\n"...), false
}

// replace writes a file beside the other and puts it in its place.
func replace(path string, text []byte, mode os.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already when all went well
	_, err = f.Write(text)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
