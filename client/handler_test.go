package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

func TestHandlersOfAllKinds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		server, caller := h.join(t, "Server", client.Options{}), h.join(t, "Caller", client.Options{})
		var kept []*client.Answer
		type pair struct{ A, B int }
		for name, handler := range map[string]client.Handler{
			"Silent": client.Silent(func(_ context.Context, call client.Call) error {
				if string(call.Args) != "{}" {
					return errors.New("too much")
				}
				return nil
			}),
			"Typed": client.Typed(func(_ context.Context, p pair) (int, error) { return p.A + p.B, nil }),
			"Later": client.Async(func(_ context.Context, call client.Call, a *client.Answer) {
				var wait struct{ Seconds int }
				if err := call.Decode(&wait); err != nil {
					a.Fail(err)
					return
				}
				time.AfterFunc(time.Duration(wait.Seconds)*time.Second, func() {
					a.Return(wait)
					a.Fail(errors.New("too late"))
				})
			}),
			"Never": client.Async(func(_ context.Context, _ client.Call, a *client.Answer) { kept = append(kept, a) }),
		} {
			if _, err := server.Register(t.Context(), bus.Named(name), handler); err != nil {
				t.Fatal(err)
			}
		}
		for _, test := range []struct{ method, args, value, message string }{
			{"Silent", `{}`, `{}`, ""},
			{"Silent", `{"x":1}`, "", "too much"},
			{"Typed", `{"a":3,"b":4}`, `{"_value":7}`, ""},
			{"Typed", `{"a":"x"}`, "", "arguments: json: cannot unmarshal"},
			{"Later", `{"seconds":20}`, `{"Seconds":20}`, ""},
			{"Later", `{"seconds":"x"}`, "", "arguments: json: cannot unmarshal"},
			{"Never", `{}`, "", "no answer from Server within 30s"},
		} {
			r := (<-invoke(caller, t, test.method, json.RawMessage(test.args), nil)).must(t).First()
			if string(r.Value) != test.value || !strings.HasPrefix(r.Message(), test.message) || (test.message == "") != (r.Err == nil) {
				t.Errorf("%s %s: %s, %q, want %s, %q", test.method, test.args, r.Value, r.Message(), test.value, test.message)
			}
		}
		_ = server.Close()
		if len(kept) != 1 {
			t.Fatalf("%d calls of Never", len(kept))
		}
		kept[0].Return("nobody waits")
	})
}
