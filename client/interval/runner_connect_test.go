package interval

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client/internal/wire"
	"ioscope/client/interval/schema"
)

// stranger is a host made of frames, one connection of it.
type stranger struct {
	t    *testing.T
	raw  wire.Conn
	err  error // of the end
	done chan struct{}

	mu   sync.Mutex
	came []string // data of messages that were read, each acknowledged
}

// stranger connects a host of that id, and acknowledges whatever it is told.
func (g *rig) stranger(t *testing.T, id string) *stranger {
	raw, conn := wire.Pipe()
	s := &stranger{t: t, raw: raw, done: make(chan struct{})}
	g.work.Go(func() { _ = g.runner.Serve(conn, Hello{InstanceID: id}) })
	g.work.Go(func() {
		defer close(s.done)
		for {
			text, err := raw.Read(t.Context())
			if err != nil {
				s.err = err
				return
			}
			f, err := readFrame(text)
			if err != nil || f.Type == frameAck {
				continue
			}
			var data string
			_ = json.Unmarshal(f.Data, &data)
			s.mu.Lock()
			s.came = append(s.came, data)
			s.mu.Unlock()
			_ = raw.Write(t.Context(), writeFrame(f.ID, frameAck, nil))
		}
	})
	t.Cleanup(func() { _ = raw.Close(wire.CodeCut, "") })
	return s
}

// call calls the runner.
func (s *stranger) call(id, method, data string) {
	s.t.Helper()
	text := message{id, kindCall, method, json.RawMessage(data)}.text()
	if err := s.raw.Write(s.t.Context(), writeFrame(newID(), frameMessage, &text)); err != nil {
		s.t.Fatal(err)
	}
	synctest.Wait()
}

// heard gives all that came.
func (s *stranger) heard() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.came)
}

// told reports whether a message with these texts came.
func (s *stranger) told(texts ...string) bool {
	for _, data := range s.heard() {
		all := true
		for _, text := range texts {
			all = all && strings.Contains(data, text)
		}
		if all {
			return true
		}
	}
	return false
}

func (s *stranger) over() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

const (
	offersAsk = `{"actions":[{"slug":"ask"}],"groups":[],"sdkName":"x","sdkVersion":"2.0.0"}`
	askOnce   = `{"id":"r1","inputGroupKey":"k1","kind":"RENDER","toRender":[{"methodName":"INPUT_TEXT","label":"Name","props":{}}]}`
)

func askingOf(t *testing.T, id string) string {
	t.Helper()
	text, err := schema.Marshal(IOCallMessage{TransactionID: id, IOCall: askOnce})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestConnectionsOfOneHostComeTogether lets one in after the other. What a person
// does in between is told over the one that stays.
func TestConnectionsOfOneHostComeTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{})
		one := g.stranger(t, "same")
		synctest.Wait()
		two := g.stranger(t, "same")
		synctest.Wait()
		if !one.told(authenticated) || len(two.heard()) > 0 {
			t.Fatalf("the first is told %q, the second %q", one.heard(), two.heard())
		}
		one.call("1", "INITIALIZE_HOST", offersAsk)
		if !one.told("RESPONSE", "success") || !two.told(authenticated) || one.over() {
			t.Fatalf("the first is told %q, the second %q; over: %v", one.heard(), two.heard(), one.err)
		}

		id := g.start("ask") // waits, because the host may listen to the other one by now
		if one.told("START_TRANSACTION") {
			t.Error("something is started over the connection that goes")
		}
		two.call("2", "INITIALIZE_HOST", offersAsk)
		var closed *wire.CloseError
		if !one.over() || !errors.As(one.err, &closed) || closed.Code != CodePolicy {
			t.Errorf("the first ends with %v", one.err)
		}
		if !two.told("RESPONSE", "success") || !two.told("START_TRANSACTION", id) {
			t.Errorf("the second is told %q", two.heard())
		}

		two.call("3", "SEND_IO_CALL", askingOf(t, id))
		q := g.asked(id, "Name")
		three := g.stranger(t, "same")
		synctest.Wait()
		g.answer(q, "Ada")
		synctest.Wait()
		if two.told("IO_RESPONSE") {
			t.Error("an answer goes over the connection that goes")
		}
		three.call("4", "INITIALIZE_HOST", offersAsk)
		three.call("5", "SEND_IO_CALL", askingOf(t, id))
		if !three.told("IO_RESPONSE", "Ada") {
			t.Errorf("the third is told %q", three.heard())
		}
		if info, err := g.runner.Transaction(id); err != nil || info.Phase != PhaseRunning {
			t.Errorf("%v, %v", info.Phase, err)
		}
		for _, e := range g.events {
			if e, left := e.(HostLeft); left {
				t.Errorf("it left with %v", e.Err)
			}
		}
	})
}

// TestConnectionThatNeverTakesOver ends the one before it as well: the host may no
// longer listen to that. A host that is there dials again.
func TestConnectionThatNeverTakesOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{Grace: time.Hour})
		one := g.stranger(t, "same")
		synctest.Wait()
		one.call("1", "INITIALIZE_HOST", offersAsk)
		two := g.stranger(t, "same")
		synctest.Wait()
		if !two.told(authenticated) || one.over() {
			t.Fatalf("the second is told %q; the first is over: %v", two.heard(), one.err)
		}
		_ = two.raw.Close(wire.CodeCut, "")
		synctest.Wait()
		var closed *wire.CloseError
		if !one.over() || !errors.As(one.err, &closed) || closed.Code != CodeRestart {
			t.Errorf("the first ends with %v", one.err)
		}
		await[HostLeft](g, nil)

		silent := g.stranger(t, "same") // acknowledges, and says nothing
		synctest.Wait()
		next := g.stranger(t, "same")
		synctest.Wait()
		if len(next.heard()) > 0 {
			t.Fatalf("the next is told %q while another is let in", next.heard())
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		next.call("2", "INITIALIZE_HOST", offersAsk)
		if !next.told("RESPONSE", "success") || silent.over() {
			t.Errorf("the next is told %q; the silent one is over: %v", next.heard(), silent.err)
		}
		if hosts := g.runner.Hosts(); len(hosts) != 1 || !hosts[0].Online {
			t.Errorf("hosts %+v", hosts)
		}
	})
}
