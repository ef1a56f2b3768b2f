package cli

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// disk writes what is exported, in the working directory unless a name says
// otherwise.
type disk struct{}

// Free returns a name that no file has yet.
func (disk) Free(stem, ending string) string {
	name := stem + ending
	for n := 2; n < 1000; n++ {
		if _, err := os.Lstat(name); os.IsNotExist(err) {
			break
		}
		name = stem + "-" + strconv.Itoa(n) + ending
	}
	return name
}

// absolute is the whole path that somebody means who types a name.
func absolute(name string) (string, error) {
	if rest, ok := strings.CutPrefix(name, "~/"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		name = filepath.Join(home, rest)
	}
	return filepath.Abs(name)
}

// Path implements ui.Disk.
func (disk) Path(name string) string {
	path, err := absolute(name)
	if err != nil {
		return name
	}
	return short(path)
}

// short writes ~ for the home folder at the beginning of a path.
func short(path string) string {
	home, err := os.UserHomeDir()
	if err != nil || home == "" || home == string(filepath.Separator) {
		return path
	}
	rest, ok := strings.CutPrefix(path, filepath.Clean(home))
	if !ok || rest != "" && rest[0] != filepath.Separator {
		return path
	}
	return "~" + rest
}

// Write writes a file. It is made under another name beside its place and takes
// its name at the end, so that half of one is never found there.
func (disk) Write(name string, over bool, fill func(io.Writer) error) (path string, size int64, err error) {
	if path, err = absolute(name); err != nil {
		return "", 0, err
	}
	defer func() { path = short(path) }()
	if _, err := os.Lstat(path); err == nil && !over {
		return path, 0, os.ErrExist
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".ioscope-*")
	if err != nil {
		return path, 0, err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	w := bufio.NewWriterSize(f, 1<<16)
	if err = fill(w); err != nil {
		return path, 0, err
	}
	if err = w.Flush(); err != nil {
		return path, 0, err
	}
	if size, err = f.Seek(0, io.SeekEnd); err != nil {
		return path, 0, err
	}
	if err = f.Close(); err != nil {
		return path, 0, err
	}
	if !over {
		// A link refuses a name that came to be taken meanwhile; where there are no
		// links, the look from before has to do.
		if linked := os.Link(f.Name(), path); linked == nil {
			return path, size, os.Remove(f.Name())
		} else if os.IsExist(linked) {
			return path, 0, os.ErrExist
		}
	}
	return path, size, os.Rename(f.Name(), path)
}
