package interval

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"

	"ioscope/client/internal/wire"
)

// TestNothingBeforeTheWelcome: the SDK drops a transaction that it is told of
// before it has heard that it is accepted. So nothing is told until it has
// acknowledged that, and what was canceled meanwhile is not told at all.
func TestNothingBeforeTheWelcome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{})
		raw, conn := wire.Pipe()
		g.work.Go(func() { _ = g.runner.Serve(conn, Hello{InstanceID: "one"}) })
		defer raw.Close(wire.CodeCut, "")
		welcome := read(t, raw)
		write(t, raw, string(writeFrame(welcome.ID, frameAck, nil)))
		heard := make(chan frame, 100)
		go func() {
			for {
				text, err := raw.Read(t.Context())
				if err != nil {
					return
				}
				if f, err := readFrame(text); err == nil && f.Type == frameMessage {
					heard <- f
				}
			}
		}()
		say(t, raw, `{"id":"1","kind":"CALL","methodName":"INITIALIZE_HOST","data":{"actions":[{"slug":"do"},{"slug":"not"}],"groups":[{"slug":"p","name":"P","hasHandler":true}]}}`)
		await[HostJoined](g, nil)
		g.start("do")
		canceled := g.start("not")
		if err := g.runner.Cancel(canceled); err != nil {
			t.Fatal(err)
		}
		if _, err := g.runner.OpenPage("p", nil); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		accepted := ""
		for len(heard) > 0 {
			switch f := <-heard; {
			case strings.Contains(string(f.Data), "INITIALIZE_HOST"):
				accepted = f.ID
			case !strings.Contains(string(f.Data), "CLOSE_TRANSACTION"): // which harms nobody
				t.Errorf("too early: %s", f.Data)
			}
		}
		write(t, raw, string(writeFrame(accepted, frameAck, nil)))
		synctest.Wait()
		var names []string
		for len(heard) > 0 {
			var text string
			var m message
			if json.Unmarshal((<-heard).Data, &text) == nil && json.Unmarshal([]byte(text), &m) == nil {
				names = append(names, m.MethodName)
			}
		}
		if got := strings.Join(names, " "); got != "START_TRANSACTION OPEN_PAGE" {
			t.Errorf("then it says %s", got)
		}
	})
}
