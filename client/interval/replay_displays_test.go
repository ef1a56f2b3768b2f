package interval

import (
	"context"
	"encoding/json"
	"math"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ioscope/client/interval/schema"
)

func promised(p *Promise[Shown]) handlerFunc {
	return func(ctx context.Context, tx *Transaction) (any, error) {
		own := *p
		own.io = tx.IO
		_, err := own.Await(ctx)
		return nil, err
	}
}

func route(params schema.Record) schema.Target {
	return schema.Target{Route: "in_text", Params: params}
}

func address(url string) schema.Target { return schema.Target{URL: url} }

func fact(label string, value any, to schema.Target) Fact {
	return Fact{MetaItem: schema.MetaItem{Label: label, Value: schema.Some(value), Target: to}}
}

// showing is the conversation about what is only shown.
func showing() conversation {
	var d Displays
	when := time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)
	pixel := "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
	return conversation{
		offers: names("dis_code", "dis_heading", "dis_markdown", "dis_html", "dis_image", "dis_image_url", "dis_video", "dis_link_url", "dis_link_route",
			"dis_object", "dis_metadata", "dis_metadata_async", "dis_grid", "dis_grid_async", "dis_table", "dis_table_vertical", "dis_table_remote",
			"dis_table_async", "legacy_progress", "dis_then_io"),
		not: []string{
			"tx-dis_object-10", // holds what only JavaScript has
		},
		actions: map[string]handlerFunc{
			"dis_code": promised(d.Code("Snippet", schema.DisplayCode{Code: "fmt.Println(\"hi\")\n", Language: "go"})),
			"dis_heading": promised(d.Heading("Section", schema.DisplayHeading{Level: 3, Description: "Sub text", MenuItems: []schema.MenuItem{
				{Label: "Edit", Theme: schema.ThemeSecondary, Target: route(schema.Record{{Name: "id", Value: 7}})},
				{Label: "Docs", Target: address("https://docs.example.test")},
				{Label: "Off", Disabled: true},
			}})),
			"dis_markdown":  promised(d.Markdown("# Title\n\n- **bold**\n- `code`\n")),
			"dis_html":      promised(d.HTML("Preview", "<p>Hello <b>there</b></p>")),
			"dis_image":     promised(d.Image("Pixel", schema.Image{URL: pixel, Alt: "one pixel", Size: schema.SizeSmall})),
			"dis_image_url": promised(d.Image("Remote", schema.Image{URL: "https://img.example.test/a.gif", Size: schema.SizeLarge})),
			"dis_video": promised(d.Video("Clip", schema.DisplayVideo{
				URL: "https://img.example.test/a.mp4", Width: schema.SizeMedium, Height: schema.SizeMedium, Loop: true, Muted: true,
			})),
			"dis_link_url": promised(d.Link("Open docs", schema.DisplayLink{Theme: schema.ThemePrimary, Target: address("https://docs.example.test")})),
			"dis_link_route": promised(d.Link("Run again", schema.DisplayLink{
				Theme: schema.ThemeDanger, Target: route(schema.Record{{Name: "id", Value: 3}, {Name: "when", Value: when}}),
			})),
			"dis_metadata": promised(d.Metadata("Facts", schema.LayoutCard,
				fact("Name", "Widget", schema.Target{}), fact("Count", 3, schema.Target{}), fact("Seen", when, schema.Target{}),
				fact("Link", "site", address("https://a.example.test")), fact("Run", "go", route(schema.Record{{Name: "a", Value: 1}})),
				Fact{MetaItem: schema.MetaItem{Label: "Pic", Image: &schema.Image{URL: "https://img.example.test/x.png", Size: schema.SizeThumbnail}}},
				fact("None", nil, schema.Target{}), fact("Flag", true, schema.Target{}),
			)),
			"dis_metadata_async": promised(d.Metadata(
				"Later", "", fact("Now", "ready", schema.Target{}),
				Fact{MetaItem: schema.MetaItem{Label: "Later"}, Later: after[any](120, "done", nil)}, fact("Fn", 5, schema.Target{}),
			)),
			"legacy_progress": func(ctx context.Context, tx *Transaction) (any, error) {
				_, err := tx.IO.Progress.Steps("Import", schema.DisplayProgressSteps{Steps: schema.Steps{Completed: 1, Total: 4}, CurrentStep: "Reading", SubTitle: "file 1"}).Await(ctx)
				if err == nil {
					_, err = tx.IO.Progress.Indeterminate("Working").Await(ctx)
				}
				if err == nil {
					_, err = tx.IO.Progress.ThroughList("Jobs",
						schema.ListItem{Label: "a", IsComplete: true, ResultDescription: ptr("ok")}, schema.ListItem{Label: "b"}).Await(ctx)
				}
				return "end", err
			},
		},
	}
}

// TestValuesOfDisplays: what JavaScript has and JSON lacks is shown with the notes
// that the recorded host gave.
func TestValuesOfDisplays(t *testing.T) {
	t.Parallel()
	text, meta, err := schema.Encode(schema.Record{
		{Name: "when", Value: time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)},
		{Name: "big", Value: big.NewInt(12)},
		{Name: "map", Value: schema.Map{{Key: "a", Value: json.Number("1")}}},
		{Name: "set", Value: schema.Set{"p", "q"}},
		{Name: "undef", Value: schema.Undefined{}},
		{Name: "nan", Value: json.Number("NaN")},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"when":"2024-03-01T12:00:00.000Z","big":"12","map":[["a",1]],"set":["p","q"],"undef":null,"nan":"NaN"}`
	notes := `{"values":{"when":["Date"],"big":["bigint"],"map":["map"],"set":["set"],"undef":["undefined"],"nan":["number"]}}`
	if string(text) != want || string(meta) != notes {
		t.Errorf("%s %s", text, meta)
	}
	if v, err := schema.ValueOf(math.NaN()); err != nil || v != json.Number("NaN") {
		t.Errorf("%v, %v", v, err)
	}
}

// TestEveryRecording: no recording lies about that nobody plays.
func TestEveryRecording(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.jsonl")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d recordings, %v", len(files), err)
	}
	all := recorded()
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".jsonl")
		if _, played := all[name]; !played {
			t.Errorf("nobody plays %s", name)
		}
	}
}
