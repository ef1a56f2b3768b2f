package main

import (
	"context"
	"errors"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"ioscope/screenshots/terminal"
	"ioscope/themes"
)

// player plays one scene.
type player struct {
	program string // what "ioscope" stands for in run
	out     string
	painter *painter
	say     func(format string, args ...any)
	// check compares the text of each picture with what is kept beside it, and
	// writes nothing.
	check bool

	theme  themes.Theme
	env    []string
	w, h   int
	within time.Duration
	vary   []*regexp.Regexp
	term   *terminal.Terminal
}

func (p *player) play(ctx context.Context, s *scene) (err error) {
	p.w, p.h, p.within, p.vary = 120, 40, 10*time.Second, nil
	if p.theme, err = themes.Load(themes.DefaultDark); err != nil {
		return err
	}
	home, err := os.MkdirTemp("", "scene")
	if err != nil {
		return fmt.Errorf("play %s: %w", s.name, err)
	}
	// The program finds no settings of whoever takes the pictures.
	p.env = []string{"HOME=" + home, "XDG_CONFIG_HOME=" + home, "XDG_STATE_HOME=" + home, "XDG_CACHE_HOME=" + home}
	defer func() {
		if p.term != nil {
			err = errors.Join(err, p.term.Close())
			p.term = nil
		}
		err = errors.Join(err, os.RemoveAll(home))
	}()
	for _, st := range s.steps {
		if err := p.step(ctx, st); err != nil {
			return fmt.Errorf("play %s: line %d: %s: %w", s.name, st.line, st.verb, err)
		}
	}
	return nil
}

func (p *player) step(ctx context.Context, s step) error {
	ctx, cancel := context.WithTimeout(ctx, p.within)
	defer cancel()
	switch s.verb {
	case "size":
		return p.size(s.args[0])
	case "theme":
		var err error
		p.theme, err = themes.Load(s.args[0])
		return err
	case "env":
		p.env = append(p.env, s.args[0])
		return nil
	case "run":
		return p.run(s.args)
	case "within":
		var err error
		p.within, err = time.ParseDuration(s.args[0])
		return err
	case "vary":
		for _, word := range s.args {
			p.vary = append(p.vary, regexp.MustCompile(word)) // checked when it was read
		}
		return nil
	case "wait":
		return p.term.WaitText(ctx, s.args...)
	case "gone":
		return p.term.Wait(ctx, func(screen *terminal.Screen) bool { return !screen.Contains(s.args[0]) })
	case "settle", "pause":
		return p.idle(ctx, s)
	case "shot", "text":
		return p.keep(ctx, s)
	}
	return p.input(s)
}

func (p *player) size(text string) (err error) {
	if p.w, p.h, err = parseSize(text); err != nil || p.term == nil {
		return err
	}
	return p.term.Resize(p.w, p.h)
}

func (p *player) run(args []string) (err error) {
	name := args[0]
	if name == "ioscope" {
		name = p.program
	}
	p.term, err = terminal.Start(terminal.Options{
		Width: p.w, Height: p.h, Env: p.env,
		Foreground: hex(p.theme.FG), Background: hex(p.theme.BG),
	}, name, args[1:]...)
	return err
}

func (p *player) idle(ctx context.Context, s step) error {
	d, err := time.ParseDuration(s.args[0])
	if err != nil {
		return err
	}
	if s.verb == "settle" {
		return p.term.Settle(ctx, d)
	}
	select {
	case <-time.After(d):
		return nil
	case <-p.term.Done():
		return fmt.Errorf("the program ended: %w\n%s", p.term.Err(), p.term.Screen())
	}
}

// betweenKeys keeps keys apart as those of a fast hand are: a terminal may hand
// over in one piece what comes at once, and it then looks like text.
const betweenKeys = 15 * time.Millisecond

// input sends keys, text and mouse.
func (p *player) input(s step) error {
	switch s.verb {
	case "press":
		for _, word := range s.args {
			name, n := times(word)
			for range n {
				if err := p.term.Press(name); err != nil {
					return err
				}
				time.Sleep(betweenKeys)
			}
		}
	case "type":
		return p.term.Type(s.args[0])
	case "paste":
		return p.term.Paste(s.args[0])
	case "click", "wheel":
		x, y, err := p.place(s.args[0])
		if err != nil {
			return err
		}
		if s.verb == "click" {
			return p.term.Click(x, y)
		}
		steps, err := strconv.Atoi(s.args[1])
		if err != nil {
			return err
		}
		return p.term.Wheel(x, y, steps)
	}
	return nil
}

// place finds the cell of a text, or of a pair like 3,4.
func (p *player) place(word string) (x, y int, err error) {
	a, b, _ := strings.Cut(word, ",")
	x, errX := strconv.Atoi(a)
	y, errY := strconv.Atoi(b)
	if errX == nil && errY == nil {
		return x, y, nil
	}
	screen := p.term.Screen()
	x, y, ok := screen.Find(word)
	if !ok {
		return 0, 0, fmt.Errorf("%q is not on the screen\n%s", word, screen)
	}
	return x, y, nil
}

// betweenFrames is how long nothing is drawn where one frame ends, on a screen
// that never settles for long.
const betweenFrames = 8 * time.Millisecond

// keep writes the screen to a file, as it is between two frames.
func (p *player) keep(ctx context.Context, s step) error {
	if err := p.term.Settle(ctx, betweenFrames); err != nil {
		return err
	}
	screen := p.term.Screen()
	if s.verb == "text" {
		path := filepath.Join(p.out, s.args[0]+".txt")
		p.say("%s", path)
		return os.WriteFile(path, []byte(screen.String()+"\n"), 0o644)
	}
	path := filepath.Join(p.out, s.args[0]+".png")
	kept := filepath.Join(p.out, s.args[0]+".txt")
	if p.check {
		return p.compare(ctx, path, kept)
	}
	p.say("%s", path)
	if err := os.WriteFile(kept, []byte(steady(screen, p.vary)), 0o644); err != nil {
		return err
	}
	return writePNG(path, p.painter.paint(screen, hex(p.theme.FG), hex(p.theme.BG)))
}

// compare waits until the screen is as it was when the picture was drawn: apps come
// and go meanwhile, and a machine may be slow.
func (p *player) compare(ctx context.Context, path, kept string) error {
	want, err := os.ReadFile(kept)
	if err != nil {
		return err
	}
	var screen *terminal.Screen
	difference := ""
	err = p.term.Await(ctx, func() bool {
		screen = p.term.Screen()
		difference = differ(steady(screen, p.vary), string(want))
		return difference == ""
	})
	if difference != "" {
		return fmt.Errorf("%s is no longer what the program shows: %s\n%s", path, difference, screen)
	}
	return err
}

// hex reads a colour that the themes package has checked.
func hex(colour string) color.RGBA {
	n, _ := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 24)
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 0xff}
}
