package users

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// quick is the line of a user whose hash costs little.
func quick(t *testing.T, name, secret string) string {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte(secret), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	return name + ":" + string(hash) + "\n"
}

// change writes a file and gives it a time of its own, whatever the file
// system's clock does.
func change(t *testing.T, path, text string) {
	t.Helper()
	at := time.Now()
	if info, err := os.Stat(path); err == nil {
		at = info.ModTime().Add(time.Second)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "users")
	long := strings.Repeat("x", maxSecret)
	apache := strings.Replace(quick(t, "apache", "2y"), "$2a$", "$2y$", 1)
	change(t, path, "# who may\n\n  "+quick(t, "ada", "sesame")+quick(t, "bob", "")+quick(t, "eve", long)+quick(t, "o k", "x")+apache)
	f, err := Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, secret string
		want         error
	}{
		{"ada", "sesame", nil},
		{"ada", "Sesame", ErrWrong},
		{"ada", "", ErrWrong},
		{"ada", "sesame\x00", ErrWrong},
		{"Ada", "sesame", ErrWrong},
		{"bob", "", nil},
		{"bob", "sesame", ErrWrong},
		{"eve", long, nil},
		{"eve", long + "x", ErrWrong},
		{"o k", "x", nil},
		{"apache", "2y", nil},
		{"", "", ErrWrong},
		{"nobody", "sesame", ErrWrong},
	} {
		if err := f.Check(c.name, c.secret); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%q with %q: %v, want %v", c.name, c.secret, err, c.want)
		}
	}
}

// TestStrangersCostTheSame checks that for a name that nobody has a hash of the
// same file is computed, always the same one, and not only one for all.
func TestStrangersCostTheSame(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "users")
	change(t, path, quick(t, "ada", "a")+quick(t, "bob", "b")+quick(t, "eve", "c"))
	f, err := Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, name := range strings.Fields("a b c d e f g h i j k l m n o p q r s t u v w x y z") {
		hash, known := f.hash(name)
		again, _ := f.hash(name)
		if known || !bytes.Equal(hash, again) || !slices.ContainsFunc(f.names, func(n string) bool { return bytes.Equal(f.known[n].hash, hash) }) {
			t.Errorf("%q: known %v, %q, then %q", name, known, hash, again)
		}
		used[string(hash)] = true
	}
	if len(used) < 2 {
		t.Error("one hash stands in for all strangers")
	}
	// The secret of the one who stands in opens nothing.
	for _, secret := range []string{"a", "b", "c"} {
		if err := f.Check("stranger", secret); !errors.Is(err, ErrWrong) {
			t.Errorf("a stranger with %q: %v", secret, err)
		}
	}
	change(t, path, "")
	if hash, known := f.hash("ada"); known || len(hash) == 0 {
		t.Errorf("in an empty file: %q, %v", hash, known)
	}
}

func TestChangesAreSeen(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "users")
	ada := quick(t, "ada", "one")
	change(t, path, ada+quick(t, "bob", "b"))
	var log bytes.Buffer
	f, err := Open(path, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	before := time.Now()
	if err := f.Vouch("ada", before); err != nil {
		t.Errorf("at first: %v", err)
	}
	change(t, path, ada) // bob goes
	if err := f.Vouch("bob", before); !errors.Is(err, ErrGone) {
		t.Errorf("bob is gone: %v", err)
	}
	if err := f.Vouch("ada", before); err != nil {
		t.Errorf("ada's line has not changed: %v", err)
	}
	change(t, path, quick(t, "ada", "two"))
	if err := f.Check("ada", "one"); !errors.Is(err, ErrWrong) {
		t.Errorf("the old password: %v", err)
	}
	if err := f.Check("ada", "two"); err != nil {
		t.Errorf("the new password: %v", err)
	}
	if err := f.Vouch("ada", before); !errors.Is(err, ErrGone) {
		t.Errorf("a token from before: %v", err)
	}
	if err := f.Vouch("ada", time.Now()); err != nil {
		t.Errorf("a new token: %v", err)
	}
	// What can't be read changes nothing, and is told once.
	for range 3 {
		change(t, path, "broken")
		if err := f.Check("ada", "two"); err != nil {
			t.Errorf("with a broken file: %v", err)
		}
		if err := f.Check("ada", "two"); err != nil {
			t.Errorf("with a broken file: %v", err)
		}
	}
	if n := strings.Count(log.String(), "the old ones stay"); n != 3 {
		t.Errorf("%d complaints about 3 changes:\n%s", n, &log)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := f.Check("ada", "two"); err != nil {
		t.Errorf("without a file: %v", err)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "users")
	change(t, path, quick(t, "ada", "a"))
	f, err := Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			if err := f.Check("ada", "a"); err != nil {
				t.Error(err)
			}
			if err := f.Vouch("ada", time.Now()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	hash := strings.TrimSpace(strings.TrimPrefix(quick(t, "x", "x"), "x:"))
	for name, c := range map[string]struct{ text, want string }{
		"no hash":    {"# x\nada\n", ":2: no name:hash"},
		"plain text": {"ada:sesame\n", `:1: "ada" has no bcrypt hash`},
		"twice":      {"ada:" + hash + "\nada:" + hash, `:2: "ada" is there already`},
	} {
		path := filepath.Join(t.TempDir(), "users")
		change(t, path, c.text)
		if _, err := Open(path, nil); err == nil || !strings.Contains(err.Error(), path+c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestSet(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "users")
	set := func(name, secret string, want bool) {
		t.Helper()
		if had, err := setLine(path, name, strings.TrimSpace(quick(t, name, secret))); err != nil || had != want {
			t.Fatalf("set %s: %v, %v", name, had, err)
		}
	}
	set("ada", "one", false)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	bob := "# kept\n" + strings.TrimSpace(quick(t, "bob", "b")) // no newline at its end
	text, _ := os.ReadFile(path)
	change(t, path, string(text)+bob)
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	set("ada", "two", true)
	set("adam", "three", false)
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), bob+"\n") || strings.Count(string(text), "\n") != 4 {
		t.Errorf("%v:\n%s", err, text)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	f, err := Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, secret := range map[string]string{"ada": "two", "bob": "b", "adam": "three"} {
		if err := f.Check(name, secret); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if left, _ := filepath.Glob(path + ".*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestSetFollowsLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	change(t, filepath.Join(dir, "real"), "")
	link := filepath.Join(dir, "link")
	if err := os.Symlink("real", link); err != nil {
		t.Skip(err)
	}
	if _, err := Set(link, "ada", "x"); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "real")); err != nil || !strings.HasPrefix(string(text), "ada:$2a$") {
		t.Errorf("%q, %v", text, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info.Mode(), err)
	}
}

func TestLineRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"", "x"}, {"a:b", "x"}, {"#a", "x"}, {" a", "x"}, {"a\nb", "x"}, {"a", ""}, {"a", strings.Repeat("x", maxSecret+1)},
	} {
		if line, err := Line(c[0], c[1]); err == nil {
			t.Errorf("%q with %q gives %q", c[0], c[1], line)
		}
	}
	path := filepath.Join(t.TempDir(), "users")
	change(t, path, "broken\n")
	if _, err := setLine(path, "ada", strings.TrimSpace(quick(t, "ada", "x"))); err == nil {
		t.Error("a broken file was changed")
	}
}
