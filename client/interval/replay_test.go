package interval

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"ioscope/client/interval/schema"
)

// The files in testdata are conversations that were recorded between the real SDK
// and a runner. The tests here play the runner's side to our host, whose actions do
// what those of the recorded host did, and compare what comes back, frame by frame.
// Ids differ from run to run and are bound to each other as they appear; times and
// what is null or undefined are left out.

func ptr[T any](v T) *T { return &v }

type handlerFunc = func(ctx context.Context, tx *Transaction) (any, error)

// asks is an action that asks one thing and returns it.
func asks[T any](make func(io *IO) *Promise[T]) handlerFunc {
	return func(ctx context.Context, tx *Transaction) (any, error) {
		return make(tx.IO).Await(ctx)
	}
}

// told is an action that returns something else than what it asked.
func told[T any](make func(io *IO) *Promise[T], tell func(T) any) handlerFunc {
	return func(ctx context.Context, tx *Transaction) (any, error) {
		v, err := make(tx.IO).Await(ctx)
		return tell(v), err
	}
}

func names(slugs ...string) (out []Action) {
	for _, s := range slugs {
		out = append(out, Action{Slug: s})
	}
	return out
}

var title = asks(func(io *IO) *Promise[string] {
	return io.Input.Text("Title", schema.InputText{HelpText: "Shown under the field", Placeholder: "Type here", DefaultValue: ptr("draft"), MinLength: 3, MaxLength: 20})
})

// conversation is what a recorded host offered and did, and where ours means to
// differ from it.
type conversation struct {
	offers  []Action
	pages   []Page
	actions map[string]handlerFunc // by full slug
	opts    HostOptions
	// at is what the program of the host does before a line of the recording.
	at map[int]func(t *testing.T, h *Host)
	// deaf are calls that the runner of the recording did not acknowledge.
	deaf []string
	// files are what can be fetched over HTTP, by path.
	files map[string]string
	// refused is how listening ends; nil when the host is accepted.
	refused error

	// not are transactions and pages in which our host means to differ.
	not []string
	// unsaid are lines that our host does not say, and surplus what it says besides
	// after a line, each with the reason.
	unsaid  map[int]string
	surplus map[int]surplus
	// worded are failures and long texts that our host tells in words of its own.
	// What else stands there, and that it is a failure, is compared.
	worded map[int]string
	// later are lines that our host says only after another.
	later map[int]int
}

// surplus are calls that the recorded host did not make.
type surplus struct {
	methods []string
	why     string
}

// conversations are by the file with the recording; see also more.
var conversations = map[string]conversation{
	"group-validation": {offers: names("group_validate", "validate_single"), actions: map[string]handlerFunc{
		"group_validate": func(ctx context.Context, tx *Transaction) (any, error) {
			low := tx.IO.Input.Number("Low", schema.InputNumber{}).Validate(func(n float64) string {
				if n < 0 {
					return "Must not be negative"
				}
				return ""
			})
			high := tx.IO.Input.Number("High", schema.InputNumber{})
			_, err := tx.IO.Group(low, high).Validate(func() string {
				if low.Value() > high.Value() {
					return "Low must be at most High"
				}
				return ""
			}).Await(ctx)
			return map[string]float64{"a": low.Value(), "b": high.Value()}, err
		},
		"validate_single": asks(func(io *IO) *Promise[string] {
			return io.Input.Text("Code", schema.InputText{}).Validate(func(s string) string {
				if !strings.HasPrefix(s, "A") {
					return "Must start with A"
				}
				return ""
			})
		}),
	}},
	"confirm": {offers: names("in_text", "confirm", "confirm_identity", "credentials"), actions: map[string]handlerFunc{
		"in_text": title,
		"confirm": asks(func(io *IO) *Promise[bool] { return io.Confirm("Delete it?", "This **cannot** be undone.") }),
		"confirm_identity": asks(func(io *IO) *Promise[bool] {
			return io.ConfirmIdentity("Sensitive", schema.ConfirmIdentity{GracePeriodMs: 60000})
		}),
		"credentials": asks(func(io *IO) *Promise[schema.Login] {
			return io.Experimental.Credentials("calendar", schema.Credentials{})
		}),
	}},
	"inputs": {offers: names("in_text", "in_text_multiline", "in_email", "in_number", "in_currency", "in_slider", "in_url", "in_boolean",
		"in_boolean_default", "in_rich_text", "in_date", "in_time", "in_datetime", "in_file", "in_file_presigned", "in_file_multiple",
		"in_spreadsheet", "in_disabled"), actions: map[string]handlerFunc{
		"in_text": title,
		"in_text_multiline": asks(func(io *IO) *Promise[string] {
			return io.Input.Text("Notes", schema.InputText{Multiline: true, Lines: 4})
		}),
		"in_email": asks(func(io *IO) *Promise[string] {
			return io.Input.Email("Email", schema.InputEmail{Placeholder: "you@example.test"})
		}),
		"in_number": asks(func(io *IO) *Promise[float64] {
			return io.Input.Number("Quantity", schema.InputNumber{Min: ptr(1.0), Max: ptr(10.0), DefaultValue: ptr(2.0)})
		}),
		"in_currency": asks(func(io *IO) *Promise[float64] {
			return io.Input.Number("Amount", schema.InputNumber{Min: ptr(1.0), Prepend: "€", Decimals: 2, Currency: "EUR"})
		}),
		"in_slider": asks(func(io *IO) *Promise[float64] {
			return io.Input.Slider("Volume", schema.InputSlider{Max: 11, Step: 0.5, DefaultValue: ptr(3.0)})
		}),
		"in_url": told(func(io *IO) *Promise[string] {
			return io.Input.URL("Callback", schema.InputURL{AllowedProtocols: []string{"https"}})
		}, func(s string) any { return map[string]string{"type": "URL", "href": s} }),
		"in_boolean": asks(func(io *IO) *Promise[bool] {
			return io.Input.Boolean("Send receipt?", schema.InputBoolean{HelpText: "By email"})
		}),
		"in_boolean_default": asks(func(io *IO) *Promise[bool] {
			return io.Input.Boolean("On by default", schema.InputBoolean{DefaultValue: ptr(true)})
		}),
		"in_rich_text": asks(func(io *IO) *Promise[string] {
			return io.Input.RichText("Body", schema.InputRichText{DefaultValue: ptr("<p>Hello</p>")})
		}),
		"in_date": told(func(io *IO) *Promise[schema.Date] {
			return io.Input.Date("Start", schema.InputDate{
				DefaultValue: &schema.Date{Year: 2024, Month: 6, Day: 15}, Min: &schema.Date{Year: 2024, Month: 1, Day: 1}, Max: &schema.Date{Year: 2024, Month: 12, Day: 31},
			})
		}, func(d schema.Date) any {
			return map[string]any{"year": d.Year, "month": d.Month, "day": d.Day, "jsDate": time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Format("2006-01-02T15:04:05.000Z")}
		}),
		"in_time": asks(func(io *IO) *Promise[schema.Clock] {
			return io.Input.Time("At", schema.InputTime{
				DefaultValue: &schema.Clock{Hour: 9, Minute: 15}, Min: &schema.Clock{Hour: 8}, Max: &schema.Clock{Hour: 18, Minute: 30},
			})
		}),
		"in_datetime": told(func(io *IO) *Promise[schema.DateTime] {
			return io.Input.DateTime("When", schema.InputDateTime{DefaultValue: &schema.DateTime{
				Date: schema.Date{Year: 2024, Month: 6, Day: 15}, Clock: schema.Clock{Hour: 13, Minute: 45},
			}})
		}, func(d schema.DateTime) any {
			return map[string]any{
				"year": d.Year, "month": d.Month, "day": d.Day, "hour": d.Hour, "minute": d.Minute, "jsDate": d.String() + ":00.000Z",
			}
		}),
		"in_disabled": func(ctx context.Context, tx *Transaction) (any, error) {
			locked := tx.IO.Input.Text("Locked", schema.InputText{DefaultValue: ptr("fixed"), Disabled: true})
			free := tx.IO.Input.Number("Free", schema.InputNumber{})
			_, err := tx.IO.Group(locked, free).Await(ctx)
			return []any{locked.Value(), free.Value()}, err
		},
		"in_spreadsheet": asks(func(io *IO) *Promise[[]schema.Record] {
			return io.Experimental.Spreadsheet("Rows", schema.InputSpreadsheet{
				HelpText:     "Paste here",
				Columns:      schema.SheetColumns{{Name: "name", Type: "string"}, {Name: "qty", Type: "number"}, {Name: "note", Type: "string?"}, {Name: "ok", Type: "boolean"}},
				DefaultValue: []schema.Record{{{Name: "name", Value: "bolt"}, {Name: "qty", Value: 3}, {Name: "note", Value: nil}, {Name: "ok", Value: true}}},
			})
		}),
	}},
}

// recorded are all conversations that our host has, by file.
func recorded() map[string]conversation {
	all := maps.Clone(conversations)
	maps.Copy(all, more)
	maps.Copy(all, rest)
	maps.Copy(all, links)
	maps.Copy(all, starts)
	maps.Copy(all, beside)
	maps.Copy(all, drawn)
	all["displays"] = showing()
	return all
}
