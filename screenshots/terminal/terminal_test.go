package terminal

import (
	"context"
	"errors"
	"fmt"
	"image/color"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/term"
)

// TestMain lets the test binary be the program in the terminal, too.
func TestMain(m *testing.M) {
	switch os.Getenv("TERMINAL_TEST") {
	case "":
		os.Exit(m.Run())
	case "draw":
		os.Exit(draw())
	case "halves":
		fmt.Print("\x1b[?2026hone")
		time.Sleep(30 * time.Millisecond) // so that it is read alone
		fmt.Print(" and two\x1b[?2026l")
	case "deaf":
		signal.Ignore(syscall.SIGHUP)
		fmt.Print("deaf")
		select {}
	}
}

// draw asks the terminal for its ground, draws a few cells, and writes down all
// that comes in until a q.
func draw() int {
	if _, err := term.MakeRaw(os.Stdin.Fd()); err != nil {
		return 9
	}
	fmt.Print("\x1b]2;a title\x07\x1b[?1049h\x1b[?25l\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b[2J")
	fmt.Print("\x1b[1;1H\x1b[1;4;38;2;1;2;3;48;5;21mA\x1b[0m世\x1b[2;7mf\x1b[0m▁█")
	fmt.Print("\x1b[2;1H$NO_COLOR=" + os.Getenv("NO_COLOR") + " X=" + os.Getenv("X"))
	fmt.Print("\x1b]11;?\x07")
	resized := make(chan os.Signal, 1)
	signal.Notify(resized, syscall.SIGWINCH)
	input := make(chan string)
	go func() {
		for buf := make([]byte, 1024); ; {
			n, err := os.Stdin.Read(buf)
			if err != nil {
				return
			}
			input <- string(buf[:n])
		}
	}()
	for got := ""; !strings.HasSuffix(got, "q"); {
		select {
		case s := <-input:
			got += s
			fmt.Printf("\x1b[3;1H\x1b[Jgot %q", got)
		case <-resized:
			w, h, _ := term.GetSize(os.Stdin.Fd())
			fmt.Printf("\x1b[%d;1Hsize %dx%d", h, w, h)
		}
	}
	fmt.Print("\x1b[?1049l\x1b[?25hbye")
	return 3
}

func start(t *testing.T, mode string, o Options) (*Terminal, context.Context) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o.Env = append(o.Env, "TERMINAL_TEST="+mode)
	term, err := Start(o, self)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := term.Close(); err != nil {
			t.Error(err)
		}
	})
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return term, ctx
}

func TestProgram(t *testing.T) {
	t.Setenv("NO_COLOR", "1")
	term, ctx := start(t, "draw", Options{Width: 160, Height: 10, Env: []string{"X=y"}, Background: color.RGBA{0x12, 0x16, 0x1c, 0xff}})

	// The emulator answers what the program asks, and clean is the environment.
	if err := term.WaitText(ctx, `got "\x1b]11;rgb:1212/1616/1c1c`, "$NO_COLOR= X=y"); err != nil {
		t.Fatal(err)
	}
	s := term.Screen()
	if !s.Alt || s.CursorVisible || s.Width != 160 || s.Height != 10 || term.Title() != "a title" {
		t.Errorf("alt %v, cursor %v, %dx%d, title %q", s.Alt, s.CursorVisible, s.Width, s.Height, term.Title())
	}
	row := s.Cells[0]
	if a := row[0]; a.Text != "A" || !a.Bold || !a.Underline || a.Faint || a.Reverse || rgba(a.Foreground) != "010203" || rgba(a.Background) != "0000ff" {
		t.Errorf("first cell %+v", a)
	}
	if row[1].Text != "世" || row[1].Width != 2 || row[2].Width != 0 || row[2].Text != "" {
		t.Errorf("wide cells %+v %+v", row[1], row[2])
	}
	if f := row[3]; f.Text != "f" || !f.Faint || !f.Reverse || f.Foreground != nil || f.Background != nil {
		t.Errorf("faint cell %+v", f)
	}
	if x, y, ok := s.Find("▁█"); !ok || x != 4 || y != 0 {
		t.Errorf("found at %d,%d %v", x, y, ok)
	}
	if s.Contains("nowhere") || s.Contains("") {
		t.Error("found what is not there")
	}

	if err := term.Press("enter", "ctrl+up", "alt+x"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(term.Click(4, 2), term.Wheel(0, 0, -1), term.Paste("two\nlines")); err != nil {
		t.Fatal(err)
	}
	if err := term.WaitText(ctx, `\r\x1b[1;5A\x1bx\x1b[<0;5;3M\x1b[<0;5;3m\x1b[<64;1;1M`); err != nil {
		t.Error(err)
	}
	if err := term.WaitText(ctx, `lines\x1b[201~`); err != nil {
		t.Error(err)
	}

	if err := term.Resize(100, 12); err != nil {
		t.Fatal(err)
	}
	if err := term.WaitText(ctx, "size 100x12"); err != nil {
		t.Error(err)
	}
	if err := term.Press("q"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-term.Done():
	case <-ctx.Done():
		t.Fatal("the program does not end")
	}
	if err := term.Err(); err == nil || err.Error() != "exit status 3" {
		t.Errorf("ended with %v", err)
	}
	if s := term.Screen(); s.Alt || !s.CursorVisible || !s.Contains("bye") {
		t.Errorf("left the terminal as alt %v cursor %v\n%s", s.Alt, s.CursorVisible, s)
	}
	if err := term.WaitText(ctx, "bye"); err != nil {
		t.Error(err)
	}
	if err := term.WaitText(ctx, "more"); err == nil || !strings.Contains(err.Error(), "the program ended: exit status 3") {
		t.Errorf("waiting for a program that ended: %v", err)
	}
}

func rgba(c color.Color) string {
	if c == nil {
		return "none"
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("%02x%02x%02x", r>>8, g>>8, b>>8)
}

func TestWaitEnds(t *testing.T) {
	t.Parallel()
	term, ctx := start(t, "draw", Options{})
	if err := term.WaitText(ctx, "got "); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(ctx, 30*time.Millisecond)
	defer cancel()
	err := term.WaitText(short, "never")
	if err == nil || !strings.Contains(err.Error(), "deadline") || !strings.Contains(err.Error(), "$NO_COLOR") {
		t.Errorf("the error must show the screen: %v", err)
	}
	if err := term.Settle(ctx, 20*time.Millisecond); err != nil {
		t.Error(err)
	}
	if term.Err() != nil {
		t.Error("an error of a program that runs")
	}
	if err := term.Press("ctrl+ü"); err == nil {
		t.Error("pressed a key that there is not")
	}
}

func TestCloseKills(t *testing.T) {
	t.Parallel()
	term, ctx := start(t, "deaf", Options{Grace: 20 * time.Millisecond})
	if err := term.WaitText(ctx, "deaf"); err != nil {
		t.Fatal(err)
	}
	if err := term.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-term.Done():
	default:
		t.Error("closed, and the program goes on")
	}
	if err := term.Err(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("ended with %v", err)
	}
}

// TestWholeFrames: a frame that comes in pieces is not seen before it is over.
func TestWholeFrames(t *testing.T) {
	t.Parallel()
	term, ctx := start(t, "halves", Options{})
	err := term.Wait(ctx, func(s *Screen) bool {
		if s.Contains("one") && !s.Contains("one and two") {
			t.Errorf("half a frame:\n%s", s)
		}
		return s.Contains("one and two")
	})
	if err != nil {
		t.Error(err)
	}
}

func TestWhole(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		"": true, "no frame": true, "\x1b": true, "\x1b[?2026hframe\x1b[?2026l": true, "\x1b[?2026hframe\x1b[?2026lmore\x1b[0m": true,
		"\x1b[?2026h": false, "\x1b[?2026hfra": false, "\x1b[?2026hframe\x1b[?2026": false,
		"\x1b[?2026hframe\x1b[?2026l\x1b[?2026hnext": false, "more\x1b[": false, "more\x1b[?2026": false,
	}
	for output, want := range tests {
		if got := whole([]byte(output)); got != want {
			t.Errorf("%q is whole: %t", output, got)
		}
	}
}

func TestStartFails(t *testing.T) {
	t.Parallel()
	if _, err := Start(Options{}, "/no/such/program"); err == nil || !strings.Contains(err.Error(), "start /no/such/program") {
		t.Errorf("%v", err)
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"a": "a", "G": "G", "?": "?", "é": "é", "+": "+", "enter": "\r", "shift+tab": "\x1b[Z",
		"ctrl+c": "\x03", "ctrl+z": "\x1a", "alt+x": "\x1bx", "alt+enter": "\x1b\r", "alt+ctrl+a": "\x1b\x01",
		"up": "\x1b[A", "alt+up": "\x1b[1;3A", "ctrl+shift+end": "\x1b[1;6F", "pgdown": "\x1b[6~", "ctrl+delete": "\x1b[3;5~",
		"f1": "\x1bOP", "f4": "\x1bOS", "shift+f1": "\x1b[1;2P", "f5": "\x1b[15~", "f12": "\x1b[24~", "backspace": "\x7f",
	}
	for name, want := range tests {
		if got, err := Key(name); err != nil || got != want {
			t.Errorf("%s: %q %v, want %q", name, got, err, want)
		}
	}
	for _, name := range []string{"", "ctrl+", "ctrl+1", "hyper+x", "return", "f13", "alt+nope"} {
		if got, err := Key(name); err == nil {
			t.Errorf("%q sends %q", name, got)
		}
	}
}
