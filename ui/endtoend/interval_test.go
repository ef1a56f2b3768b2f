//go:build linux

package endtoend

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// sdkHost starts a host on the vendor's own SDK.
func sdkHost(t *testing.T, address string, env ...string) *exec.Cmd {
	t.Helper()
	cmd, in, lines := vendorProgram(t, "../../client/interval/official", "host.mjs", []string{"ws://" + address + "/websocket"}, append(env, "INTERVAL_API_KEY=sdk-host_secret")...)
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for lines.Scan() {
		if lines.Text() == "ready" {
			go func() {
				for lines.Scan() { // so that the host can go on writing
				}
			}()
			return cmd
		}
	}
	t.Fatalf("the host ended: %v", lines.Err())
	return nil
}

var hostsJoin = regexp.MustCompile(`hosts join at +ws://([0-9.:]+)/`)

// dashboard opens the explorer on an empty bus, and tells where hosts join.
func dashboard(t *testing.T) (e *terminal, address string) {
	t.Helper()
	e = start(t, 120, 40, nil, "--url", serve(t, "127.0.0.1:0").url, "--interval", "127.0.0.1:0")
	e.see("The bus answers, and no app has joined.")
	var at []string
	e.until("where hosts join", func(s screen) bool {
		at = hostsJoin.FindStringSubmatch(s.String())
		return at != nil
	})
	return e, at[1]
}

// office opens the explorer on an empty bus with a host of the vendor's SDK.
func office(t *testing.T) *terminal {
	t.Helper()
	e, address := dashboard(t)
	sdkHost(t, address)
	e.until("the host", func(s screen) bool { return s.paneHas("1", "sdk-host") && s.paneHas("2", "The echo") })
	return e
}

// startForm opens the form of an action's parameters.
func (e *terminal) startForm(name string) {
	e.t.Helper()
	e.press("2", "/", "ctrl+u")
	e.write(name)
	e.press("enter", "g")
	e.until(name, func(s screen) bool {
		return s.focus() == "2" && strings.Contains(s.cursor("2"), name) && strings.HasPrefix(strings.Join(s.pane("0"), ""), " 0 ◆ "+name+" ")
	})
	e.press("enter")
	e.work("Parameters", "[> Start <]")
}

// act starts an action without parameters.
func (e *terminal) act(name string) {
	e.t.Helper()
	e.startForm(name)
	e.press("enter")
}

// toField goes to the field with the label.
func (e *terminal) toField(label string) {
	e.t.Helper()
	place := func(s screen) string { // what is typed beside it may still be under way
		return string([]rune(barRow(s) + strings.Repeat(" ", 10))[:10])
	}
	for range 40 {
		here := place(e.screen())
		if strings.Contains(here, label) {
			return
		}
		e.press("tab")
		e.until("the next field", func(s screen) bool { return barRow(s) != "" && place(s) != here })
	}
	e.t.Fatalf("tab does not come to %s:\n%s", label, e.screen())
}

// barRow is the row of the workspace that has the cursor's bar.
func barRow(s screen) string {
	_, work := s.columns()
	for _, line := range work {
		if strings.HasPrefix(line, "▌") {
			return line
		}
	}
	return ""
}

// over waits until a run has ended well, with texts on the screen.
func (e *terminal) over(texts ...string) {
	e.t.Helper()
	e.shown(append([]string{"✓ done after", "runs it again"}, texts...)...)
}

// shown waits for texts in the workspace, whatever blanks are in it.
func (e *terminal) shown(texts ...string) {
	e.t.Helper()
	e.until(strings.Join(texts, " and ")+" in the workspace", func(s screen) bool {
		_, work := s.columns()
		all := strings.Join(strings.Fields(strings.Join(work, "\n")), " ")
		for _, text := range texts {
			if !strings.Contains(all, text) {
				return false
			}
		}
		return true
	})
}

// TestIntervalActions drives actions of a host on the vendor's SDK through the screen,
// to their ends.
func TestIntervalActions(t *testing.T) {
	t.Parallel()
	e := office(t)
	for _, act := range []func(){
		e.inputs, e.spreadsheet, e.selects, e.chosenRows, e.searches, e.displays, e.uploads, e.confirms,
		e.wizard, e.validates, e.works, e.fails, e.parallel, e.cancels, e.echoes,
	} {
		act()
	}
}

func (e *terminal) inputs() {
	e.act("The inputs")
	e.shown("13 questions", "asks you")
	e.write("hi")
	e.press("ctrl+s")
	e.shown("✗ at least 3 characters, this has 2", "✗ needed")
	e.write("!!")
	e.toField("Email")
	e.write("ada@example.org")
	e.toField("Number")
	e.write("7")
	e.toField("Cash")
	e.write("84.50")
	e.toField("Slider")
	e.press("right", "right")
	e.toField("Address")
	e.write("https://example.org/a")
	e.toField("Yes?")
	e.press("space")
	e.toField("Date")
	e.write("2026-11-22")
	e.toField("Time")
	e.write("9:30")
	e.toField("Moment")
	e.write("2026-12-01 10:15")
	e.press("ctrl+s")
	e.over(`text "hi!!"`, `cash 84.5`, `slider 4`, `date 22`, `time 30`, `moment 10`, `yes true`, `url "https://example.org/a"`)
}

func (e *terminal) spreadsheet() {
	e.act("The sheet")
	e.shown("name qty note ok", "string number string? boolean", "1 bolt 3")
	e.press("ctrl+n")
	e.write("nut")
	e.press("tab")
	e.write("12")
	e.press("tab", "tab")
	e.write("no")
	e.press("ctrl+s")
	e.over(`{"name":"nut","qty":12`, `"ok":false}`)
}

func (e *terminal) selects() {
	e.act("The selects")
	e.shown("( ) Basic", "[ ] red")
	e.press("space")
	e.press("tab", "down", "space", "tab", "enter")
	e.until("the tags", func(s screen) bool { return strings.Contains(barRow(s), "red") })
	e.press("space", "down", "space")
	e.shown("2 chosen")
	e.press("ctrl+s")
	e.over("plan 42", "bare 2", `tags "red,green"`)
}

func (e *terminal) chosenRows() {
	e.act("The table")
	e.shown("SKU-001", "page 1 of 2")
	e.press("space", "pgdown")
	e.shown("SKU-021", "page 2 of 2")
	e.press("space", "s")
	e.shown("page 1 of 2", "2 chosen")
	e.press("/")
	e.write("sku-03")
	e.press("enter")
	e.shown("1 of 1 on this page")
	e.press("space")
	e.shown("3 chosen")
	e.press("ctrl+s")
	e.over(`SKU-001`, `SKU-021`, `SKU-030`)
}

func (e *terminal) searches() {
	e.act("The search")
	e.shown("Part", "SKU-001 qty 0")
	e.write("12")
	e.until("the one hit", func(s screen) bool { return s.has("( ) SKU-012") && !s.has("SKU-011") })
	e.press("down", "enter", "ctrl+s")
	e.shown("Parts", "✓ SKU-005")
	e.write("SKU-03")
	e.shown("[ ] SKU-030")
	e.press("down", "space")
	e.shown("✓ SKU-030")
	e.press("ctrl+s")
	e.over("SKU-012,SKU-005,SKU-030")
}

func (e *terminal) displays() {
	e.act("The displays")
	e.shown("asks you", "End", "Summary", "✓ Read ok", "25 % 1 of 4")
	e.press("shift+tab")
	e.until("the paged cards", func(s screen) bool { return strings.Contains(barRow(s), "SKU-001") })
	e.press("pgdown")
	e.shown("SKU-004", "page 2 of 10")
	e.press("shift+tab", "shift+tab")
	e.until("the paged table", func(s screen) bool { return s.has("page 1 of 8") })
	e.press("pgdown")
	e.until("its second page", func(s screen) bool { return strings.Contains(barRow(s), "SKU-005") && s.has("page 2 of 8") })
	e.toField("End")
	e.write("done")
	e.press("ctrl+s")
	e.over("done!")
}

func (e *terminal) uploads() {
	dir := e.t.TempDir()
	for name, text := range map[string]string{"a.txt": "alpha", "b.txt": "beta", "c.bin": "gamma"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			e.t.Fatal(err)
		}
	}
	e.act("The uploads")
	e.shown("Text file", "ends with .txt, csv")
	e.write(dir + "/none.txt")
	e.press("ctrl+s")
	e.shown("no such file")
	e.press("ctrl+u")
	e.write(dir + "/")
	e.press("alt+o")
	e.see("b.txt", "not taken", "enter takes it")
	e.write("a.t")
	e.press("enter")
	e.until("the file", func(s screen) bool { return !s.has("enter takes it") && s.has("a.txt") })
	e.press("ctrl+s")
	e.shown("✓ 1 Text file", "a.txt", "More")
	e.write(dir + "/b.txt")
	e.press("enter")
	e.write(dir + "/c.bin")
	e.press("ctrl+s")
	e.over(`name "a.txt"`, `text "alpha"`, `more "beta,gamma"`)
}

func (e *terminal) confirms() {
	e.act("The confirms")
	e.shown("Delete?", "It cannot be undone.", "[> Yes <]")
	e.press("alt+1")
	e.shown("✓ 1 Delete?", "[> It is me <]")
	e.press("enter")
	e.over("no false", "me true")
}

func (e *terminal) wizard() {
	e.act("The wizard")
	e.shown("[ Next ]", "[ Give up ]")
	e.write("bad")
	e.press("ctrl+s")
	e.shown("✗ the host says: Not that.")
	e.press("ctrl+u")
	e.write("good")
	e.press("ctrl+s")
	e.shown("→ Next", "▸ 2")
	e.write("last")
	e.press("alt+1")
	e.over("next good,quit last")
}

func (e *terminal) validates() {
	e.act("The validates")
	e.shown("Code")
	e.write("B1")
	e.press("ctrl+s")
	e.shown("✗ the host says: Must start with A", "B1")
	e.press("home")
	e.write("A")
	e.press("ctrl+s")
	e.over("AB1")
	e.press("r") // the same answers, once one says yes
	e.see(`Run "The validates" again?`, "[> Leave it <]")
	e.press("right", "enter")
	e.until("the repetition", func(s screen) bool {
		return strings.Count(strings.Join(s.pane("4"), "\n"), "◆ The validates") == 2 && s.has("✓ done after")
	})
}

func (e *terminal) works() {
	e.act("The work")
	e.over("worked", "item 2", "leads to echo", "Done: All done")
}

func (e *terminal) fails() {
	e.act("The fail")
	e.shown("How?")
	e.press("enter", "ctrl+s")
	e.shown("✗ No bolts left", "OutOfStock after", "because of RangeError: 3 wanted", "✗ failed")
}

func (e *terminal) parallel() {
	e.act("The parallel")
	e.until("both questions", func(s screen) bool { return s.has("A ───") && s.has("B ───") })
	e.write("one")
	e.press("ctrl+s")
	e.shown("✓ 1 A")
	e.write("two")
	e.press("ctrl+s")
	e.over("one,two")
}

func (e *terminal) cancels() {
	e.act("The cancel")
	e.shown("Wait ───")
	e.press("esc")
	e.until("the run goes on", func(s screen) bool { return s.focus() == "2" && s.paneHas("4", "asks you") })
	e.press("q")
	e.see("1 run goes on and stops with ioscope.", "[> Stay <]")
	// What asks stands first in Open.
	e.press("enter", "4", "g", "enter")
	e.until("the run", focused("0"))
	e.press("alt+x")
	e.see(`Cancel "The cancel"?`, "[> Keep it <]")
	e.press("tab", "enter")
	e.shown("canceled after")
}

func (e *terminal) echoes() {
	e.startForm("The echo")
	e.press("shift+tab")
	e.write("id=7")
	e.press("enter")
	e.write("name=Ada L")
	e.press("ctrl+s")
	e.over("id 7", `name "Ada L"`)
}

// TestIntervalPage opens a page of the vendor's SDK and starts an action of its menu.
func TestIntervalPage(t *testing.T) {
	t.Parallel()
	e := office(t)
	e.press("2", "/", "ctrl+u")
	e.write("reports")
	e.press("enter", "g")
	e.until("the page's row", func(s screen) bool { return strings.Contains(s.cursor("2"), "Reports") })
	e.press("enter")
	e.shown("Reports of undefined", "counted", "[ New ]", "page 1 of 35")
	e.press("tab")
	e.shown("page 1 of 6")
	e.press("pgdown")
	e.shown("page 2 of 6")
	e.press("m")
	e.see("◆ reports/create", "enter goes there")
	e.press("enter")
	e.shown("Create a report", "[> Start <]")
	e.press("enter")
	e.over("created")
}

// TestIntervalHostLost kills the host in the middle of a run.
func TestIntervalHostLost(t *testing.T) {
	t.Parallel()
	e, address := dashboard(t)
	host := sdkHost(t, address)
	e.until("the host", func(s screen) bool { return s.paneHas("2", "The errand") })
	e.act("The errand")
	e.shown("Name ───")
	e.write("Ada")
	if err := host.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	e.until("the loss", func(s screen) bool {
		return s.paneHas("1", "† sdk-host") && s.has("sdk-host is gone since") && s.paneHas("4", "host lost")
	})
	sdkHost(t, address)
	e.until("the next one", func(s screen) bool { return s.paneHas("1", "● sdk-host") })
	e.press("esc")
	e.until("the list", focused("2"))
	e.press("ctrl+c")
	e.see("1 run goes on")
	e.press("tab", "enter")
	if code := e.ended(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
