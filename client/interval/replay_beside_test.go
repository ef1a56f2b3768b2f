package interval

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"ioscope/client/interval/schema"
)

// writesLog is an action that says several things.
func writesLog(_ context.Context, tx *Transaction) (any, error) {
	tx.Log("plain", 1, map[string][]int{"a": {1, 2}}, schema.Undefined{}, nil, true)
	tx.Log("first")
	tx.Log("second")
	tx.Log(strings.Repeat("x", 20_000))
	return "logged", nil
}

func notifies(n Notification) handlerFunc {
	return func(ctx context.Context, tx *Transaction) (any, error) { return 1, tx.Notify(ctx, n) }
}

func redirects(to schema.Target, replace bool, result any) handlerFunc {
	return func(ctx context.Context, tx *Transaction) (any, error) { return result, tx.Redirect(ctx, to, replace) }
}

// readFile is what the recorded actions told of a file, with the members that are
// wanted.
func readFile(ctx context.Context, f UploadedFile, want ...string) (any, error) {
	content, err := f.Read(ctx, 0)
	if err != nil {
		return nil, err
	}
	all := map[string]any{
		"name": f.Name, "type": f.Type, "size": f.Size, "ext": f.Name[strings.LastIndex(f.Name, "."):], "url": f.URL, "text": string(content),
		"lastModified": f.Modified().UTC().Format("2006-01-02T15:04:05.000Z"),
	}
	out := schema.Record{}
	for _, name := range want {
		out = append(out, schema.Member{Name: name, Value: all[name]})
	}
	return out, nil
}

func bad() map[string]handlerFunc {
	all := maps.Clone(conversations["inputs"].actions)
	maps.Copy(all, more["selects"].actions)
	maps.Copy(all, showing().actions)
	all["spreadsheet_iso"] = asks(func(io *IO) *Promise[[]schema.Record] {
		return io.Experimental.Spreadsheet("Rows", schema.InputSpreadsheet{Columns: schema.SheetColumns{{Name: "s", Type: "string"}}})
	})
	return all
}

const validator = "the SDK tells what its validator says"

// beside are the conversations that are about more than questions: logs, loading
// states, redirects, requests over HTTP, and answers that are no good.
var beside = map[string]conversation{
	"logs-loading-redirect-notify": {
		offers: names("logs", "loading", "loading_lost", "redirect_route", "redirect_url", "redirect_action", "notify", "notify_plain", "notify_ok", "loading_last"),
		not:    []string{"tx-notify_plain-9"}, // the SDK insists on a list of receivers, which may be empty
		unsaid: map[int]string{31: "what a label was called once"},
		worded: map[int]string{
			13: "what follows a line that was cut", 71: "the runner refuses", 93: "the runner's words, after ours", 99: "no answer of the protocol",
		},
		actions: map[string]handlerFunc{
			"logs": writesLog,
			"loading": func(ctx context.Context, tx *Transaction) (any, error) {
				pause := func(ms time.Duration) { time.Sleep(ms * time.Millisecond) }
				tx.Loading.Start(LoadingState{Label: "Just a label"})
				pause(150)
				tx.Loading.Update(LoadingState{Description: "more detail"})
				pause(150)
				tx.Loading.Start(LoadingState{Label: "Queue", Description: "five things", ItemsInQueue: ptr(5)})
				pause(150)
				for range 3 {
					tx.Loading.CompleteOne()
				}
				pause(120)
				for range 2 {
					tx.Loading.CompleteOne()
				}
				pause(230)
				tx.Loading.Start(LoadingState{})
				pause(300)
				_, err := tx.IO.Input.Text("After", schema.InputText{}).Await(ctx)
				return "ok", err
			},
			"loading_lost": func(ctx context.Context, tx *Transaction) (any, error) {
				tx.Loading.Start(LoadingState{Label: "never seen?"})
				_, err := tx.IO.Input.Text("Quick", schema.InputText{}).Await(ctx)
				return 1, err
			},
			"redirect_route": redirects(schema.Target{
				Route: "in_text", Params: schema.Record{{Name: "id", Value: 5}, {Name: "when", Value: time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)}},
			}, false, "after"),
			"redirect_url":    redirects(schema.Target{URL: "https://docs.example.test/x"}, true, nil),
			"redirect_action": redirects(schema.Target{Action: "in_text"}, false, nil),
			"notify": notifies(Notification{
				Title: "Refund", Message: "Refund above limit", IdempotencyKey: "refund-1",
				Delivery: []Delivery{{To: "#ops", Method: "SLACK"}, {To: "ops@example.test"}},
			}),
			"notify_ok": notifies(Notification{Message: "m"}),
		},
	},
	"queue": {offers: names("in_text"), at: map[int]func(*testing.T, *Host){
		5: func(t *testing.T, h *Host) {
			id, err := h.Enqueue(t.Context(), "in_text", "ops@example.test", queued())
			if err != nil || id != "q-1" {
				t.Errorf("enqueued as %q, %v", id, err)
			}
		},
		7: func(t *testing.T, h *Host) {
			q, err := h.Dequeue(t.Context(), "q-1")
			if err != nil || q.Assignee != "ops@example.test" || !schema.Equal(q.Params, must(schema.ValueOf(queued()))) {
				t.Errorf("dequeued %+v, %v", q, err)
			}
		},
	}},
	"upload": {
		offers: names("in_file", "in_file_presigned", "in_file_multiple"),
		files:  map[string]string{"/files/tx/report.txt": "hello file", "/files/custom/p.txt": "presigned body"},
		worded: map[int]string{41: "how Node and Go say that nobody listens"},
		actions: map[string]handlerFunc{
			"in_file": func(ctx context.Context, tx *Transaction) (any, error) {
				f, err := tx.IO.Input.File("Report", FileOptions{HelpText: "Text only", Extensions: []string{".txt", "csv"}}).Await(ctx)
				if err != nil {
					return nil, err
				}
				return readFile(ctx, f, "name", "type", "size", "ext", "lastModified", "url", "text")
			},
			"in_file_presigned": func(ctx context.Context, tx *Transaction) (any, error) {
				f, err := tx.IO.Input.File("Report", FileOptions{Places: func(_ context.Context, files []schema.FileName) ([]schema.FileURL, error) {
					return each(files, func(f schema.FileName) schema.FileURL {
						place := "http://127.0.0.1:21144/files/custom/" + f.Name
						return schema.FileURL{UploadURL: place, DownloadURL: place}
					}), nil
				}}).Await(ctx)
				if err != nil {
					return nil, err
				}
				return readFile(ctx, f, "name", "url", "text")
			},
		},
	},
	"bad-values": {
		offers:  names("in_text", "in_number", "in_url", "in_boolean", "in_date", "in_spreadsheet", "sel_single", "dis_markdown", "spreadsheet_iso"),
		actions: bad(),
		not: []string{
			"tx-sel_single-12",      // an option that never was is undefined there, and the end of the action here
			"tx-spreadsheet_iso-15", // the SDK takes the text of a cell for a date, and refuses it
		},
		worded: map[int]string{
			11: validator, 19: validator, 27: "an answer of another length", 35: validator, 43: "no address", 75: validator, 83: validator,
			91: "an answer of another length", 107: validator, 115: validator, 147: validator,
		},
	},
}

func queued() schema.Record {
	return schema.Record{{Name: "id", Value: 1}, {Name: "when", Value: time.Unix(0, 0).UTC()}}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
