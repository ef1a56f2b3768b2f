package interval

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"ioscope/client/interval/schema"
)

// leaving is a program that ends its host when nothing is open any more.
func leaving(t *testing.T, h *Host) {
	if err := h.SafeClose(t.Context()); err != nil {
		t.Error(err)
	}
}

// folders are the pages of several recorded hosts.
func folders() []Page {
	return []Page{
		{Slug: "reports", Name: "Reports", Description: "All reports", Draw: drawReport},
		{Slug: "reports/deep", Name: "Deep", Unlisted: true, Everyone: true},
	}
}

// filed are the actions below those pages.
var filed = []Action{
	{Group: "reports", Slug: "create", Name: "Create report", Description: "Makes one"},
	{Group: "reports", Slug: "hello"},
	{Group: "reports/deep", Slug: "leaf"},
}

var job = Action{
	Slug: "background", Name: "Background job", Description: "Runs on", Backgroundable: true, Unlisted: true, WarnOnClose: new(bool),
	Teams: []string{"support"},
}

func quick(name string) HostOptions {
	return map[string]HostOptions{
		"ack":   {SendTimeout: 400 * time.Millisecond},
		"ping":  {PingEvery: 400 * time.Millisecond},
		"retry": {RetryEvery: 1200 * time.Millisecond},
	}[name]
}

// links are the conversations in which the connection itself matters.
var links = map[string]conversation{
	"ack-timeout": {
		offers: names("in_text"), actions: map[string]handlerFunc{"in_text": title},
		opts: quick("ack"), deaf: []string{"2", "3"},
	},
	"ping": {offers: names("in_text"), actions: map[string]handlerFunc{"in_text": title}, opts: quick("ping")},
	"reconnect-pending": {offers: names("two_steps"), actions: map[string]handlerFunc{
		"two_steps": func(ctx context.Context, tx *Transaction) (any, error) {
			a, err := tx.IO.Input.Text("One", schema.InputText{}).Await(ctx)
			if err != nil {
				return nil, err
			}
			b, err := tx.IO.Input.Text("Two", schema.InputText{}).Await(ctx)
			return map[string]string{"a": a, "b": b}, err
		},
	}},
	"reconnect-while-working": {
		offers: names("busy_after"),
		unsaid: map[int]string{18: "what was answered before is not asked again"},
		actions: map[string]handlerFunc{"busy_after": func(ctx context.Context, tx *Transaction) (any, error) {
			if _, err := tx.IO.Input.Text("First", schema.InputText{}).Await(ctx); err != nil {
				return nil, err
			}
			tx.Loading.Start(LoadingState{Label: "Working", ItemsInQueue: ptr(3)})
			tx.Loading.CompleteOne()
			time.Sleep(2500 * time.Millisecond)
			return "worked", nil
		}},
	},
	"reconnect-page": {pages: []Page{{Slug: "page_async_table", Name: "Async table page", Draw: drawTable}}},
	"lost-while-down-completion": {
		offers: names("slow"), opts: quick("retry"),
		surplus: map[int]surplus{13: {[]string{"MARK_TRANSACTION_COMPLETE"}, "the end of an action waits for the connection"}},
		actions: map[string]handlerFunc{"slow": func(_ context.Context, tx *Transaction) (any, error) {
			tx.Loading.Start(LoadingState{Label: "Slow"})
			time.Sleep(time.Second)
			return "over", nil
		}},
	},
	"lost-while-down-io": {
		offers: names("io_later"), opts: quick("retry"),
		surplus: map[int]surplus{11: {[]string{"SEND_IO_CALL"}, "a question waits for the connection"}},
		actions: map[string]handlerFunc{"io_later": func(ctx context.Context, tx *Transaction) (any, error) {
			time.Sleep(600 * time.Millisecond)
			return tx.IO.Input.Text("Later", schema.InputText{}).Await(ctx)
		}},
	},
	"safely-close": {
		offers: append(names("in_text"), filed...), pages: folders(), actions: map[string]handlerFunc{"in_text": title},
		at: map[int]func(*testing.T, *Host){9: leaving},
	},
	"safely-close-append": {
		offers: names("append_end_display"), actions: more["append"].actions,
		at: map[int]func(*testing.T, *Host){11: leaving},
	},
	"safely-close-idle": {offers: names("in_text"), at: map[int]func(*testing.T, *Host){5: leaving}},
}

// starts are the conversations about what a host says of itself, and about what
// it does not understand.
var starts = map[string]conversation{
	"startup": {
		offers: append([]Action{{Slug: "in_text"}, job}, filed...),
		pages:  append(folders(), Page{Slug: "page_async", Name: "Async page", Draw: drawLate}),
		at:     map[int]func(*testing.T, *Host){9: func(_ *testing.T, h *Host) { h.Close() }},
		unsaid: map[int]string{
			5: "that program asked for a ping, ours come by themselves: recording ping", 6: "the answer",
			7: "the WebSocket package answers pings: TestControlFramesInABurst of package wire", 8: "the answer",
		},
	},
	"startup-bad-key":    {offers: names("in_text"), refused: ErrRefused},
	"startup-init-error": {offers: names("in_text"), refused: ErrRefused},
	"startup-warnings":   {offers: names("in_text")},
	"route-change": {
		offers: []Action{{Slug: "in_text"}, job},
		at: map[int]func(*testing.T, *Host){
			5: func(_ *testing.T, h *Host) {
				h.Action(Action{Slug: "added_later"}).Action(Action{Slug: "added_later_2"})
			},
			7: func(_ *testing.T, h *Host) { h.Remove("added_later") },
		},
	},
	"rpc-errors": {
		offers: append(names("in_text", "ret_null", "logs"), filed...), pages: folders(),
		actions: map[string]handlerFunc{"in_text": title, "ret_null": gives(json.RawMessage("null")), "logs": writesLog},
		worded: map[int]string{
			27: "the SDK tells what its validator says of the runner's answer",
			36: "what follows a line that was cut",
		},
		later: map[int]int{36: 37}, // our host sends one line of a log after the other, so that they keep their order over a reconnect
	},
}
