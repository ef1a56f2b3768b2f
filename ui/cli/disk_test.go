package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestDiskNeverWritesOverUnasked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "rows.csv")
	say := func(text string) func(io.Writer) error {
		return func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		}
	}
	path, size, err := disk{}.Write(name, false, say("one"))
	if err != nil || path != name || size != 3 {
		t.Fatalf("%s, %d bytes: %v", path, size, err)
	}
	if _, _, err := (disk{}).Write(name, false, say("two")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a file that is there: %v", err)
	}
	broken := errors.New("broken off")
	if _, _, err := (disk{}).Write(name, true, func(io.Writer) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("broken off: %v", err)
	}
	read := func() string {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	if read() != "one" {
		t.Errorf("it has %q", read())
	}
	if _, _, err := (disk{}).Write(name, true, say("three")); err != nil || read() != "three" {
		t.Errorf("it has %q: %v", read(), err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("%v are left", files)
	}
	if got := (disk{}).Free(filepath.Join(dir, "rows"), ".csv"); got != filepath.Join(dir, "rows-2.csv") {
		t.Errorf("a free name is %s", got)
	}
	if _, _, err := (disk{}).Write(filepath.Join(dir, "no", "such"), false, say("")); err == nil {
		t.Error("a folder that is not there is no error")
	}
}

// TestDiskNamesPlaces: the home folder is ~, and nothing else is.
func TestDiskNamesPlaces(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	t.Chdir(home)
	for name, want := range map[string]string{
		"a.csv": filepath.Join("~", "a.csv"), "~/b/c.csv": filepath.Join("~", "b", "c.csv"),
		home + "-else/x": home + "-else" + string(filepath.Separator) + "x", home: "~",
	} {
		if got := (disk{}).Path(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	path, size, err := disk{}.Write("a.csv", false, func(w io.Writer) error { _, err := io.WriteString(w, "x,y"); return err })
	if err != nil || path != filepath.Join("~", "a.csv") || size != 3 {
		t.Errorf("wrote %s, %d: %v", path, size, err)
	}
}
