package interval

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"ioscope/client/internal/wire"
	"ioscope/client/interval/schema"
)

// FuzzHost sends anything to a host whose action waits for an answer: it may
// refuse, and must neither panic nor hang.
func FuzzHost(f *testing.F) {
	response := func(value string) string {
		text, _ := schema.Marshal(schema.Record{{Name: "transactionId", Value: "t"}, {Name: "value", Value: value}})
		return `{"id":"7","kind":"CALL","methodName":"IO_RESPONSE","data":` + string(text) + `}`
	}
	for _, seed := range []string{
		response(`{"id":"x","transactionId":"t","kind":"RETURN","values":["a",[{"key":"0"}],"0:0",null]}`),
		response(`{"id":"x","transactionId":"t","kind":"SET_STATE","values":[null,{"offset":0,"pageSize":5,"isSelectAll":true},{"queryTerm":"a"},{"files":[]}]}`),
		response(`{"id":"x","transactionId":"t","kind":"CANCELED","values":[]}`),
		`{"id":"8","kind":"CALL","methodName":"CLOSE_TRANSACTION","data":{"transactionId":"t"}}`,
		`{"id":"8","kind":"CALL","methodName":"OPEN_PAGE","data":{}}`,
		`{"id":"2","kind":"RESPONSE","methodName":"SEND_IO_CALL","data":false}`,
		`ping`,
	} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		ours, raw := wire.Pipe()
		used := false
		h := NewHost(HostOptions{Dial: func(context.Context, string, http.Header) (Conn, error) {
			if used {
				return nil, errors.New("once is enough")
			}
			used = true
			return ours, nil
		}})
		defer h.Close()
		h.Action(Action{Slug: "ask", Run: func(ctx context.Context, tx *Transaction) (any, error) {
			return tx.IO.Group(
				tx.IO.Input.Text("Text", schema.InputText{}), SelectTable(tx.IO, "Rows", SelectTableOptions[stock]{Rows: shelf(3)}),
				Search(tx.IO, "Find", SearchOptions[stock]{Initial: shelf(1), Find: findStock, Show: labelled}), tx.IO.Input.File("File", FileOptions{}),
			).Await(ctx)
		}})
		listening := make(chan error, 1)
		go func() { listening <- h.Listen(t.Context()) }()
		say := func(text string) { _ = raw.Write(t.Context(), writeFrame("f", frameMessage, &text)) }
		// until reads frames, acknowledges them, and stops at one that holds a text.
		until := func(part string) {
			for {
				text, err := raw.Read(t.Context())
				if err != nil {
					t.Fatalf("the host hung up: %v", err)
				}
				got, err := readFrame(text)
				if err != nil {
					t.Fatalf("the host says %q: %v", text, err)
				}
				if got.Type == frameMessage {
					_ = raw.Write(t.Context(), writeFrame(got.ID, frameAck, nil))
				}
				if strings.Contains(string(text), part) {
					return
				}
			}
		}
		say(authenticated)
		until("INITIALIZE_HOST")
		say(`{"id":"1","kind":"RESPONSE","methodName":"INITIALIZE_HOST","data":{"type":"success","environment":"development","invalidSlugs":[],"organization":{"name":"n","slug":"s"},"dashboardUrl":"","warnings":[]}}`)
		if err := <-listening; err != nil {
			t.Fatal(err)
		}
		say(`{"id":"1","kind":"CALL","methodName":"START_TRANSACTION","data":{"transactionId":"t","displayResolvesImmediately":true,"actionName":"ask","action":{"slug":"ask","url":""},"environment":"e","user":{"email":"a","firstName":null,"lastName":null,"role":"admin","teams":[]},"params":{}}}`)
		until("SEND_IO_CALL")
		say(`{"id":"2","kind":"RESPONSE","methodName":"SEND_IO_CALL","data":true}`)
		say(one)
		say(two)
		say(`{"id":"last","kind":"CALL","methodName":"CLOSE_PAGE","data":{"pageKey":"nobody's"}}`)
		until(`\"id\":\"last\"`)
		_ = raw.Close(wire.CodeCut, "")
	})
}
