package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// Keys stay keys, and what is pasted between them comes whole, however it is cut.
func TestPasteInput(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("müde 0123456789 ", 20_000)
	for name, c := range map[string]struct {
		writes      []string
		keys, paste string
	}{
		"keys alone":      {[]string{"ab", "\x1b[A", "\x1b"}, "ab\x1b[A\x1b", ""},
		"between keys":    {[]string{"a\x1b[200~text\x1b[201~b"}, "ab", "text"},
		"long":            {[]string{"a\x1b[200~" + long + "\x1b[201~", "b"}, "ab", long},
		"start is cut":    {[]string{strings.Repeat("x", 253) + "\x1b[200~text\x1b[201~y"}, strings.Repeat("x", 253) + "y", "text"},
		"end is cut":      {[]string{"\x1b[200~te", "xt\x1b[20", "1~"}, "", "text"},
		"escapes in text": {[]string{"\x1b[200~\x1b[2J\x1b[201~"}, "", "\x1b[2J"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = r.Close() }()
			in := &pasteInput{File: r}
			go func() {
				for _, text := range c.writes {
					_, _ = io.WriteString(w, text)
				}
				_ = w.Close()
			}()
			var all, keys, pasted strings.Builder
			buf := make([]byte, 256)
			for {
				n, err := in.Read(buf)
				all.Write(buf[:n])
				if err != nil {
					break
				}
			}
			before, rest, found := strings.Cut(all.String(), string(pasteStart))
			keys.WriteString(before)
			if found {
				ticket, after, _ := strings.Cut(rest, string(pasteEnd))
				k, _ := in.redeem(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(ticket), Paste: true}).(tea.KeyMsg)
				pasted.WriteString(string(k.Runes))
				keys.WriteString(after)
				if want, _, _ := strings.Cut(strings.Join(c.writes, ""), string(pasteStart)); before != want {
					t.Errorf("%q came before the paste, want %q", before, want)
				}
			}
			if keys.String() != c.keys || pasted.String() != c.paste {
				t.Errorf("keys %q, %d bytes pasted; want %q, %d", keys.String(), pasted.Len(), c.keys, len(c.paste))
			}
		})
	}
}

// A wheel that turns fast, or keys that come faster than they are read, are cut by no
// read inside a key.
func TestKeysAreReadWhole(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]string{
		"wheel": "\x1b[<65;104;31M", "arrow": "\x1b[A", "f5": "\x1b[15~", "f1 of a console": "\x1b[[A", "ss3": "\x1bOP",
		"old mouse": "\x1b[M !!", "alt": "\x1bü", "letters": "幅",
	} {
		for offset := range len(key) {
			t.Run(fmt.Sprint(name, offset), func(t *testing.T) {
				t.Parallel()
				r, w, err := os.Pipe()
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = r.Close() }()
				all := strings.Repeat("x", offset) + strings.Repeat(key, 200)
				_, _ = io.WriteString(w, all)
				_ = w.Close()
				in, got, buf := &pasteInput{File: r}, "", make([]byte, 256)
				for {
					n, err := in.Read(buf)
					if got += string(buf[:n]); err != nil {
						break
					}
					if n == len(buf) {
						continue // Bubble Tea waits for the rest itself
					}
					if tail := strings.TrimLeft(got, "x"); len(tail)%len(key) != 0 {
						t.Fatalf("a read ended inside a key: %q", tail[max(0, len(tail)-40):])
					}
				}
				if got != all {
					t.Errorf("%d bytes of %d came", len(got), len(all))
				}
			})
		}
	}
}

// The terminal may hand over the parameters of a key before its end.
func TestKeyIsWaitedFor(t *testing.T) {
	t.Parallel()
	const wheel = "\x1b[<65;104;31M"
	for n := len("\x1b[<"); n < len(wheel); n++ {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(w, wheel+wheel[:n])
		go func() { _, _ = io.WriteString(w, wheel[n:]) }()
		buf := make([]byte, 256)
		if n, err := (&pasteInput{File: r}).Read(buf); string(buf[:n]) != wheel+wheel || err != nil {
			t.Errorf("read %q, %v", buf[:n], err)
		}
		_, _ = r.Close(), w.Close()
	}
}
