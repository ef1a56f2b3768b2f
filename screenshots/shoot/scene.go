package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"ioscope/screenshots/terminal"
	"ioscope/themes"
)

// A scene is a text of one command a line. Words are parted by blanks, a word
// with blanks in it has quotes, and # begins a comment.
//
//	size 120x40              the terminal; before run the one to begin with
//	theme paper              the terminal's own colours are those of this theme
//	env NAME=VALUE           for the program; before run
//	run ioscope ARG ...      starts the program; once
//	within 20s               how long each wait after it may take; 10s at first
//	wait TEXT ...            until all the texts are on the screen
//	gone TEXT                until the text is not
//	settle 300ms             until nothing was drawn for so long
//	pause 2s                 lets time pass, where time is what the picture shows
//	press KEY ...            keys by name: enter, ctrl+s, x; down*3 is three times
//	type TEXT                types it; paste TEXT pastes it
//	click TEXT               clicks on the first cell of the text; click 3,4 on a cell
//	wheel TEXT STEPS         turns the wheel over it, up when negative
//	vary REGEXP ...          rows that have it are not compared: they come and go
//	shot NAME                draws the picture NAME.png, and writes NAME.txt, its text
//	                         without what differs from run to run
//	text NAME                writes the screen as text to NAME.txt
type scene struct {
	name  string
	steps []step
}

// step is one command of a scene.
type step struct {
	line int
	verb string
	args []string
}

// verbs tells for each command how many words it takes at least and at most.
var verbs = map[string][2]int{
	"size": {1, 1}, "theme": {1, 1}, "env": {1, 1}, "run": {1, 99}, "within": {1, 1},
	"wait": {1, 99}, "gone": {1, 1}, "settle": {1, 1}, "pause": {1, 1}, "press": {1, 99},
	"type": {1, 1}, "paste": {1, 1}, "click": {1, 1}, "wheel": {2, 2}, "vary": {1, 99}, "shot": {1, 1}, "text": {1, 1},
}

func readScene(path string) (*scene, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read scene: %w", err)
	}
	s, err := parseScene(string(data))
	if err != nil {
		return nil, fmt.Errorf("read scene %s: %w", path, err)
	}
	s.name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	return s, nil
}

// parseScene finds what is wrong with a scene before a program is started for it.
func parseScene(text string) (*scene, error) {
	s := &scene{}
	ran, wrong := false, []error{}
	for i, line := range strings.Split(text, "\n") {
		words, err := split(line)
		if err == nil && len(words) == 0 {
			continue
		}
		if err == nil {
			st := step{line: i + 1, verb: words[0], args: words[1:]}
			err = st.check(ran)
			ran = ran || st.verb == "run"
			s.steps = append(s.steps, st)
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("line %d: %w", i+1, err))
		}
	}
	if !ran && len(wrong) == 0 {
		wrong = append(wrong, errors.New("nothing is run"))
	}
	return s, errors.Join(wrong...)
}

// check looks at one command; ran is true when the program runs by then.
func (s step) check(ran bool) error {
	bounds, ok := verbs[s.verb]
	if !ok {
		return fmt.Errorf("no command %q", s.verb)
	}
	if n := len(s.args); n < bounds[0] || n > bounds[1] {
		return fmt.Errorf("%s takes %s, got %d", s.verb, count(bounds), n)
	}
	switch s.verb {
	case "size", "within", "vary":
	case "theme", "env", "run":
		if ran {
			return fmt.Errorf("%s: the program runs already", s.verb)
		}
	default:
		if !ran {
			return fmt.Errorf("%s: nothing runs yet", s.verb)
		}
	}
	return s.checkWords()
}

func (s step) checkWords() (err error) {
	switch s.verb {
	case "size":
		_, _, err = parseSize(s.args[0])
	case "theme":
		_, err = themes.Load(s.args[0])
	case "env":
		if !strings.Contains(s.args[0], "=") {
			err = fmt.Errorf("env %q: wants NAME=VALUE", s.args[0])
		}
	case "within", "settle", "pause":
		_, err = time.ParseDuration(s.args[0])
	case "vary":
		for _, word := range s.args {
			if _, e := regexp.Compile(word); e != nil {
				err = e
			}
		}
	case "press":
		for _, word := range s.args {
			name, _ := times(word)
			if _, e := terminal.Key(name); e != nil {
				err = e
			}
		}
	case "wheel":
		_, err = strconv.Atoi(s.args[1])
	case "shot", "text":
		if s.args[0] != filepath.Base(s.args[0]) {
			err = fmt.Errorf("%s %q: a name, not a path", s.verb, s.args[0])
		}
	}
	return err
}

func count(bounds [2]int) string {
	switch {
	case bounds[0] == bounds[1]:
		return strconv.Itoa(bounds[0])
	case bounds[1] == 99:
		return fmt.Sprintf("%d or more", bounds[0])
	}
	return fmt.Sprintf("%d to %d", bounds[0], bounds[1])
}

// split cuts a line into words.
func split(line string) (words []string, err error) {
	for line = strings.TrimSpace(line); line != "" && line[0] != '#'; line = strings.TrimSpace(line) {
		if line[0] != '"' {
			end := strings.IndexAny(line+" ", " \t")
			words, line = append(words, line[:end]), line[end:]
			continue
		}
		quoted, err := strconv.QuotedPrefix(line)
		if err != nil {
			return nil, fmt.Errorf("a quote that does not end: %s", line)
		}
		word, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", quoted, err)
		}
		words, line = append(words, word), line[len(quoted):]
	}
	return words, nil
}

// parseSize reads 120x40.
func parseSize(text string) (w, h int, err error) {
	a, b, _ := strings.Cut(text, "x")
	w, errW := strconv.Atoi(a)
	h, errH := strconv.Atoi(b)
	if errW != nil || errH != nil || w < 1 || h < 1 || w > 1000 || h > 1000 {
		return 0, 0, fmt.Errorf("no size: %q, wants one like 120x40", text)
	}
	return w, h, nil
}

// times reads down*3.
func times(word string) (name string, n int) {
	if i := strings.LastIndexByte(word, '*'); i > 0 {
		if n, err := strconv.Atoi(word[i+1:]); err == nil && n > 0 && n < 1000 {
			return word[:i], n
		}
	}
	return word, 1
}
