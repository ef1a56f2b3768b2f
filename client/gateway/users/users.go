// Package users keeps who may log in to a gateway: a file with a name and a
// bcrypt hash a line, as "name:hash". Empty lines and lines that begin with #
// are passed over. Lines that htpasswd -B makes are fine too.
//
// # Concurrency
//
// A File may be used from any goroutine. It starts none.
package users

import (
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"maps"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// The errors of a log-in. An unknown name and a wrong password are told apart
// nowhere, neither by words nor by time.
var (
	ErrWrong = errors.New("wrong user or password")
	// ErrGone is for a token of somebody who has been removed or has got another
	// password since.
	ErrGone = errors.New("the token is of no more use, log in again")
	// ErrBusy is for one log-in too many at a time. Hashing is slow on purpose,
	// and the bus is not to suffer from it.
	ErrBusy = errors.New("too many log-ins at once, try again")
)

// maxSecret is the length in bytes beyond which bcrypt does not look.
const maxSecret = 72

// turnPatience is how long a log-in waits for its turn.
const turnPatience = 5 * time.Second

// File is a file of users that is read again when it has changed.
type File struct {
	path string
	log  *slog.Logger
	seed maphash.Seed
	turn chan struct{} // as many slots as passwords are checked at a time

	mu    sync.Mutex // guards all below
	known table
	names []string // of known, sorted
	seen  stamp
}

// table is what a file says.
type table map[string]entry

// entry is one user. since is when the password was seen to have changed; zero
// if it never was.
type entry struct {
	hash  []byte
	since time.Time
}

// stamp tells one state of a file from another.
type stamp struct {
	info os.FileInfo
	size int64
	at   time.Time
}

func (s stamp) same(t stamp) bool {
	return s.size == t.size && s.at.Equal(t.at) && os.SameFile(s.info, t.info)
}

// Open reads a file of users. The logger, which may be nil, hears when the file
// is read again and when that goes wrong.
func Open(path string, log *slog.Logger) (*File, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	f := &File{
		path: path, log: log, seed: maphash.MakeSeed(),
		turn: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
	}
	return f, f.Reload()
}

// Len is how many users there are.
func (f *File) Len() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.known)
}

// Check is nil if a user has this password. It looks first whether the file has
// changed.
func (f *File) Check(name, secret string) error {
	hash, known := f.hash(name)
	late := time.NewTimer(turnPatience)
	defer late.Stop()
	select {
	case f.turn <- struct{}{}:
		defer func() { <-f.turn }()
	case <-late.C:
		return ErrBusy
	}
	compared := bcrypt.CompareHashAndPassword(hash, []byte(secret[:min(len(secret), maxSecret)]))
	if compared != nil || !known || len(secret) > maxSecret {
		return ErrWrong
	}
	return nil
}

// hash is what a password is held against, and whether it is the user's. For a
// name that nobody has it is somebody's, always the same one's: hashes of one
// file may differ in cost, so any other choice could be told by its time.
func (f *File) hash(name string) ([]byte, bool) {
	f.refresh()
	f.mu.Lock()
	defer f.mu.Unlock()
	if e, ok := f.known[name]; ok {
		return e.hash, true
	}
	if len(f.known) == 0 {
		return nobody(), false
	}
	other := f.names[maphash.String(f.seed, name)%uint64(len(f.names))]
	return f.known[other].hash, false
}

// nobody is a hash that stands in for those of an empty file.
var nobody = sync.OnceValue(func() []byte {
	hash, _ := bcrypt.GenerateFromPassword(nil, bcrypt.DefaultCost) // can't fail for so short a password
	return hash
})

// Vouch is nil if a token that was made for a user at a time is still good: the
// user is still in the file, with the same password.
func (f *File) Vouch(name string, issued time.Time) error {
	f.refresh()
	f.mu.Lock()
	defer f.mu.Unlock()
	if e, ok := f.known[name]; !ok || issued.Before(e.since) {
		return ErrGone
	}
	return nil
}

// refresh reads the file again if it is not what it was. Errors go to the log,
// and what was known stays.
func (f *File) refresh() {
	now, err := look(f.path)
	f.mu.Lock()
	same := err == nil && now.same(f.seen)
	f.mu.Unlock()
	if same {
		return
	}
	if err := f.Reload(); err != nil {
		f.log.Warn("users not read again, the old ones stay", "error", err)
		return
	}
	f.log.Info("users read again", "file", f.path, "users", f.Len())
}

func look(path string) (stamp, error) {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}, err
	}
	return stamp{info, info.Size(), info.ModTime()}, nil
}

// Reload reads the file again, whether or not it has changed. If it can't be
// read or understood, what was known stays.
func (f *File) Reload() error {
	// The look comes first: a change in between is then seen the next time.
	now, err := look(f.path)
	if err != nil {
		return fmt.Errorf("users: %w", err)
	}
	text, err := os.ReadFile(f.path)
	if err != nil {
		return fmt.Errorf("users: %w", err)
	}
	known, err := parse(text)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = now // a broken file is complained of once
	if err != nil {
		return fmt.Errorf("users: %s:%w", f.path, err)
	}
	if f.known != nil {
		known.date(f.known, time.Now())
	}
	f.known, f.names = known, slices.Sorted(maps.Keys(known))
	return nil
}

// date marks the entries that differ from those before.
func (t table) date(before table, now time.Time) {
	for name, e := range t {
		old, ok := before[name]
		e.since = now
		if ok && string(old.hash) == string(e.hash) {
			e.since = old.since
		}
		t[name] = e
	}
}
