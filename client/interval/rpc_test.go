package interval

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client/internal/wire"
)

// caller is a host's Duplex with the raw other end, and what was odd.
func caller(t *testing.T, opts DuplexOptions) (d *Duplex[HostSide, RunnerSide], raw wire.Conn, odd *[]string) {
	odd = new([]string)
	opts.OnOdd = func(err *MessageError) { *odd = append(*odd, err.Error()) }
	d = NewDuplex[HostSide, RunnerSide](opts)
	s, raw, _ := bare(t, SocketOptions{OnMessage: d.Receive})
	d.Attach(s)
	return d, raw, odd
}

// hear reads frames, acknowledging messages, until a message of RPC comes.
func hear(t *testing.T, raw wire.Conn, acknowledge bool) message {
	t.Helper()
	for {
		f := read(t, raw)
		if f.Type == frameAck {
			continue
		}
		if acknowledge {
			write(t, raw, string(writeFrame(f.ID, frameAck, nil)))
		}
		var text string
		var m message
		if json.Unmarshal(f.Data, &text) != nil || json.Unmarshal([]byte(text), &m) != nil {
			t.Fatalf("no message: %s", f.Data)
		}
		return m
	}
}

func say(t *testing.T, raw wire.Conn, text string) {
	t.Helper()
	write(t, raw, string(writeFrame("f", frameMessage, &text)))
}

func TestCallAndAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, raw, odd := caller(t, DuplexOptions{})
		type got struct {
			ok  bool
			err error
		}
		answers := make(chan got, 3)
		ask := func() {
			ok, err := Call(t.Context(), d, SendLog, LogMessage{TransactionID: "t", Data: "x"})
			answers <- got{ok, err}
		}
		go ask()
		m := hear(t, raw, true)
		if m.ID != "1" || m.Kind != "CALL" || string(m.Data) != `{"transactionId":"t","data":"x"}` {
			t.Errorf("called %+v", m)
		}
		say(t, raw, `{"id":"77","kind":"RESPONSE","methodName":"SEND_LOG","data":true}`) // nobody's
		say(t, raw, `{"id":"1","kind":"RESPONSE","methodName":"SEND_LOG","data":true}`)
		say(t, raw, `{"id":"1","kind":"RESPONSE","methodName":"SEND_LOG","data":false}`) // doubled
		if a := <-answers; !a.ok || a.err != nil {
			t.Errorf("got %+v", a)
		}
		go ask()
		m = hear(t, raw, true)
		say(t, raw, `{"id":"`+m.ID+`","kind":"RESPONSE","methodName":"SEND_LOG","data":{"no":1}}`)
		var wrong *MessageError
		if a := <-answers; !errors.As(a.err, &wrong) || !strings.Contains(a.err.Error(), "want boolean, got object") {
			t.Errorf("an answer of the wrong shape: %v", a.err)
		}
		go ask()
		m = hear(t, raw, true)
		if a := <-answers; !errors.Is(a.err, ErrTimeout) {
			t.Errorf("no answer: %v", a.err)
		}
		say(t, raw, `{"id":"`+m.ID+`","kind":"RESPONSE","methodName":"SEND_LOG","data":true}`) // late
		synctest.Wait()
		if len(*odd) != 0 {
			t.Errorf("odd: %q", *odd)
		}
	})
}

func TestCallsAreRepeatedUnderNewIDs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, raw, _ := caller(t, DuplexOptions{Attempts: 3})
		answer := make(chan error, 1)
		begin := time.Now()
		go func() {
			_, err := Call(t.Context(), d, SendLog, LogMessage{})
			answer <- err
		}()
		for i := 1; i <= 3; i++ {
			if m := hear(t, raw, false); m.ID != fmt.Sprint(i) {
				t.Errorf("attempt %d has the id %s", i, m.ID)
			}
		}
		var late *TimeoutError
		if err := <-answer; !errors.As(err, &late) || time.Since(begin) != 30*time.Second {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
		go func() {
			_, err := Call(t.Context(), d, SendLog, LogMessage{})
			answer <- err
		}()
		first := hear(t, raw, false)
		hear(t, raw, true)
		say(t, raw, `{"id":"`+first.ID+`","kind":"RESPONSE","methodName":"SEND_LOG","data":true}`)
		if err := <-answer; err != nil {
			t.Errorf("the answer to an earlier attempt: %v", err)
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var odd []string
		d := NewDuplex[RunnerSide, HostSide](DuplexOptions{
			Unknown: json.RawMessage("false"), OnOdd: func(err *MessageError) { odd = append(odd, err.Error()) },
		})
		Handle(d, SendLog, func(LogMessage) bool { return true })
		Handle(d, SendIOCall, func(IOCallMessage) json.RawMessage { return accepted })
		s, raw, _ := bare(t, SocketOptions{OnMessage: d.Receive})
		d.Attach(s)
		tests := []struct{ say, answer, odd string }{
			{`{"id":"1","kind":"CALL","methodName":"SEND_LOG","data":{"transactionId":"t","data":"x","future":1}}`, "true", ""},
			{`{"id":"1","kind":"CALL","methodName":"NONSENSE","data":{}}`, "false", "NONSENSE: no such method"},
			{`{"id":"1","kind":"CALL","methodName":"SEND_LOG","data":{"transactionId":7,"data":"x"}}`, "false", "SEND_LOG: transactionId: want text, got number 7"},
			{`{"id":"1","kind":"CALL","methodName":"SEND_LOG","data":{"transactionId":"t"}}`, "false", "SEND_LOG: data: want a value, got nothing"},
			{`{"id":"1","kind":"CALL","methodName":"SEND_LOG"}`, "false", "SEND_LOG: want object, got null"},
			{`{"id":"1","kind":"CALL","methodName":"SEND_IO_CALL","data":[]}`, `{"type":"ERROR","message":"the call has the wrong shape"}`, "SEND_IO_CALL: want object, got list"},
			{`{"id":1,"kind":"CALL","methodName":"SEND_LOG"}`, "", "not a message of the protocol"},
			{`{"id":"1","kind":"SHOUT","methodName":"SEND_LOG"}`, "", `not a message of the protocol: kind "SHOUT"`},
			{`{"kind":"CALL","methodName":"SEND_LOG"}`, "", "no id"},
			{`nonsense`, "", "not a message of the protocol"},
			{`{"id":"1","totalChunks":0,"chunk":0,"data":""}`, "", "chunk 0 of 0"},
		}
		for _, test := range tests {
			odd = nil
			say(t, raw, test.say)
			synctest.Wait()
			if got := strings.Join(odd, " "); !strings.Contains(got, test.odd) || test.odd == "" && got != "" {
				t.Errorf("%s: odd %q", test.say, got)
			}
			if test.answer == "" {
				continue
			}
			if m := hear(t, raw, true); m.Kind != "RESPONSE" || m.ID != "1" || string(m.Data) != test.answer {
				t.Errorf("%s: answered %+v", test.say, m)
			}
		}
	})
}

func TestChunks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var lines []string
		var odd []string
		d := NewDuplex[RunnerSide, HostSide](DuplexOptions{OnOdd: func(err *MessageError) { odd = append(odd, err.Error()) }})
		Handle(d, SendLog, func(m LogMessage) bool {
			lines = append(lines, m.Data)
			return true
		})
		s, raw, _ := bare(t, SocketOptions{OnMessage: d.Receive})
		d.Attach(s)
		piece := func(id string, at, total int, part string) {
			text, _ := json.Marshal(map[string]any{"id": id, "chunk": at, "totalChunks": total, "data": part})
			say(t, raw, string(text))
		}
		whole := `{"id":"1","kind":"CALL","methodName":"SEND_LOG","data":{"transactionId":"t","data":"in pieces"}}`
		piece("a", 2, 3, whole[40:])
		piece("b", 0, 2, "never complete")
		piece("a", 0, 3, whole[:20])
		piece("a", 0, 3, whole[:20]) // doubled
		piece("a", 1, 3, whole[20:40])
		piece("b", 0, 3, "and disagrees")
		for i := range 100 { // many that never end make room for each other
			piece(fmt.Sprint("c", i), 0, 2, "x")
		}
		piece("d", 0, 1, whole)
		synctest.Wait()
		if strings.Join(lines, ",") != "in pieces,in pieces" || len(odd) != 1 || len(d.chunks.parts) > maxPartial {
			t.Errorf("lines %q, odd %q, %d kept", lines, odd, len(d.chunks.parts))
		}
	})
}
