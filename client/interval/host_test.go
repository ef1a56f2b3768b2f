package interval

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client/internal/wire"
	"ioscope/client/interval/schema"
)

type thing struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

func things(n int) (out []thing) {
	for i := range n {
		out = append(out, thing{i, fmt.Sprintf("thing %03d", i)})
	}
	return out
}

// settled waits for what a state brings.
func (g *rig) state(ref, key string, index int, state any) *schema.Render {
	g.t.Helper()
	if err := g.runner.SetState(ref, key, index, state); err != nil {
		g.t.Fatal(err)
	}
	r, err := g.runner.Settled(g.t.Context(), ref, key)
	if err != nil {
		g.t.Fatal(err)
	}
	return r
}

func TestTables(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{})
		fetch := func(_ context.Context, q RowQuery) ([]thing, int, error) {
			if q.Query == "broken" {
				return nil, 0, errors.New("broken")
			}
			all := things(50)
			return all[q.Offset:min(len(all), q.Offset+q.PageSize)], len(all), nil
		}
		g.host(HostOptions{}, Action{Slug: "show", Run: func(ctx context.Context, tx *Transaction) (any, error) {
			if _, err := tx.IO.Group(
				Table(tx.IO, "Many", TableOptions[thing]{Rows: things(700)}),
				Table(tx.IO, "Paged", TableOptions[thing]{Fetch: fetch, PageSize: 10}),
				Grid(tx.IO, "Cards", GridOptions[thing]{Fetch: fetch, PageSize: 5, Card: func(x thing) schema.Card { return schema.Card{Label: x.Name} }}),
			).Await(ctx); err != nil {
				return nil, err
			}
			return SelectTable(tx.IO, "Choose", SelectTableOptions[thing]{
				Rows: things(5), Min: ptr(1), Columns: []TableColumn[thing]{{Label: "N", Cell: func(x thing) any { return x.Name }}},
				Selected: func(x thing) bool { return x.ID == 2 },
			}).Await(ctx)
		}}, Action{Slug: "bad", Run: func(ctx context.Context, tx *Transaction) (any, error) {
			return Table(tx.IO, "Bad", TableOptions[func()]{Rows: []func(){nil}}).Await(ctx)
		}})
		id := g.start("show")
		shown := g.asked(id, "Many")
		if shown.Waits {
			t.Error("displays wait")
		}
		key := shown.Render.InputGroupKey
		many := func(r *schema.Render) *schema.DisplayTable { return r.Components[0].Props.(*schema.DisplayTable) }
		if p := many(shown.Render); len(p.Data) != 500 || *p.TotalRecords != 700 || len(p.Columns) != 2 || p.Data[7].FilterValue != "7 thing 007" {
			t.Errorf("%d rows, %+v", len(p.Data), p.Columns)
		}
		if p := many(g.state(id, key, 0, schema.TableState{QueryTerm: "THING 69", SortColumn: "id", SortDirection: "desc", PageSize: 2})); len(p.Data) != 6 || p.Data[0].Key != "699" || *p.TotalRecords != 10 {
			t.Errorf("filtered: %d of %d, first %s", len(p.Data), *p.TotalRecords, p.Data[0].Key)
		}
		r, err := g.runner.Settled(t.Context(), id, key)
		if err != nil {
			t.Fatal(err)
		}
		if p := r.Components[1].Props.(*schema.DisplayTable); len(p.Data) != 10 || *p.TotalRecords != 50 {
			t.Errorf("the first page was not asked for: %d rows", len(p.Data))
		}
		if p := r.Components[2].Props.(*schema.DisplayGrid); len(p.Data) != 5 || p.Data[4].Data.Label != "thing 004" {
			t.Errorf("the first cards: %+v", p.Data)
		}
		g.state(id, key, 1, schema.TableState{QueryTerm: "broken", PageSize: 10}) // no change, and no harm
		if err := g.runner.SetState(id, key, 0, schema.SearchState{}); err == nil {
			t.Error("a table took a search")
		}
		choose := g.asked(id, "Choose")
		if v := schema.Initial(&choose.Render.Components[0]); !schema.Equal(v, schema.List{schema.Record{{Name: "key", Value: "2"}}}) {
			t.Errorf("selected in the beginning: %v", v)
		}
		all := g.state(id, choose.Render.InputGroupKey, 0, schema.SelectTableState{TableState: schema.TableState{PageSize: 5}, IsSelectAll: true})
		if p := all.Components[0].Props.(*schema.SelectTable); len(p.SelectedKeys) != 5 {
			t.Errorf("all: %v", p.SelectedKeys)
		}
		if err := g.runner.Respond(id, choose.Render.InputGroupKey, []any{[]schema.RowKey{{Key: "7"}}}, ""); err == nil {
			t.Error("a row that isn't there passed")
		}
		g.answer(choose, []schema.RowKey{{Key: "3"}, {Key: "1"}})
		succeeded(t, g.ended(id), []thing{{1, "thing 001"}, {3, "thing 003"}})
		if p := many(g.state(id, key, 0, schema.TableState{Offset: 695, PageSize: 20})); len(p.Data) != 5 {
			t.Errorf("after the end: %d rows", len(p.Data))
		}
		if r := g.ended(g.start("bad")); r.Failure == nil || !strings.Contains(r.Failure.Message, "can travel") {
			t.Errorf("rows that can't travel: %+v", r)
		}
	})
}

func TestOptionalAndMultiple(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{})
		g.host(HostOptions{}, Action{Slug: "ask", Run: func(ctx context.Context, tx *Transaction) (any, error) {
			name := Optional(tx.IO.Input.Text("Name", schema.InputText{}).Validate(func(s string) string {
				if s == "x" {
					return "Longer."
				}
				return ""
			}))
			hits := Optional(SearchMultiple(tx.IO, "Hits", SearchOptions[string]{
				Defaults: []string{"d"}, Show: func(s string) schema.SearchResult { return schema.SearchResult{Label: s} },
				Find: func(_ context.Context, q string) ([]string, error) { return []string{q}, nil },
			}))
			choice, err := tx.IO.Group(name, hits).WithChoices(schema.ChoiceButton{Label: "Go"}, schema.ChoiceButton{Label: "Stop", Value: "s"}).Await(ctx)
			if err != nil {
				return nil, err
			}
			return []any{choice, name.Value() == nil, *hits.Value()}, nil
		}})
		id := g.start("ask")
		q := g.asked(id, "Name")
		respond := func(choice string, values ...any) {
			if err := g.runner.Respond(id, q.Render.InputGroupKey, values, choice); err != nil {
				t.Fatal(err)
			}
		}
		respond("", "x", []string{})
		q = await(g, func(e Rendered) bool { return e.Refused })
		if q.Render.Components[0].Error != "Longer." {
			t.Errorf("refused with %+v", q.Render.Components[0])
		}
		g.state(id, q.Render.InputGroupKey, 1, schema.SearchState{QueryTerm: "found"})
		respond("s", nil, []string{"default:0", "1:0"})
		succeeded(t, g.ended(id), []any{"s", true, []string{"d", "found"}})
	})
}

func TestPagesOfOurs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{})
		h := g.quietHost(HostOptions{}, Action{Slug: "create", Group: "shop", Run: greet})
		closed := make(chan struct{})
		h.Page(Page{Slug: "shop", Name: "Shop", Draw: func(ctx context.Context, p *PageView) (*PageLayout, error) {
			team, _ := p.Params.Get("team")
			context.AfterFunc(ctx, func() { close(closed) })
			if _, err := p.IO.Input.Text("No", schema.InputText{}).Await(ctx); err == nil {
				t.Error("a page asked something")
			}
			return &PageLayout{
				Title:            schema.Text(team),
				DescriptionLater: func(context.Context) (string, error) { return "", errors.New("no description") },
				Children:         []Field{Table(p.IO, "T", TableOptions[thing]{Rows: things(600)})},
			}, nil
		}})
		h.Page(Page{Slug: "broken", Name: "Broken", Draw: func(context.Context, *PageView) (*PageLayout, error) { panic("no page") }})
		h.Page(Page{Slug: "asks", Name: "Asks", Draw: func(_ context.Context, p *PageView) (*PageLayout, error) {
			return &PageLayout{Children: []Field{p.IO.Confirm("?", "")}}, nil
		}})
		h.Page(Page{Slug: "folder", Name: "Folder"})
		if err := h.Listen(t.Context()); err != nil {
			t.Fatal(err)
		}
		key, err := g.runner.OpenPage("shop", &StartOptions{Params: schema.Record{{Name: "team", Value: "north"}}})
		if err != nil {
			t.Fatal(err)
		}
		e := await(g, func(e PageDrawn) bool { return e.Page == key && len(e.Layout.Errors) == 1 })
		if e.Layout.Title.Value != "north" || e.Layout.Errors[0].LayoutKey != "description" || !e.Layout.Description.Null {
			t.Errorf("drawn %+v", e.Layout)
		}
		r := g.state(key, e.Layout.Children.InputGroupKey, 0, schema.TableState{Offset: 590, PageSize: 20})
		if p := r.Components[0].Props.(*schema.DisplayTable); len(p.Data) != 10 {
			t.Errorf("%d rows", len(p.Data))
		}
		if err := g.runner.ClosePage(key); err != nil {
			t.Error(err)
		}
		<-closed
		for _, slug := range []string{"broken", "asks"} {
			key, err := g.runner.OpenPage(slug, nil)
			if err != nil {
				t.Fatal(err)
			}
			if e := await(g, func(e PageDrawn) bool { return e.Page == key }); len(e.Layout.Errors) != 1 {
				t.Errorf("%s: %+v", slug, e.Layout)
			}
			_ = g.runner.ClosePage(key)
		}
		if _, err := g.runner.OpenPage("folder", nil); !errors.Is(err, ErrNoHost) {
			t.Errorf("a folder: %v", err)
		}
	})
}

func TestRoutesChange(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{})
		h := g.host(HostOptions{}, Action{Slug: "one", Run: greet})
		h.Action(Action{Slug: "two", Run: greet})
		h.Page(Page{Slug: "p", Name: "P"})
		h.Remove("one")
		e := await[HostChanged](g, nil)
		if len(e.Host.Actions) != 1 || e.Host.Actions[0].Slug != "two" || len(e.Host.Pages) != 1 {
			t.Errorf("got %+v", e.Host)
		}
	})
}

func TestSafeCloseDrains(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{})
		h := g.host(HostOptions{}, Action{Slug: "greet", Run: greet})
		id := g.start("greet")
		q := g.asked(id, "Name")
		closed := make(chan error, 1)
		go func() { closed <- h.SafeClose(context.Background()) }()
		await[HostClosing](g, nil)
		if _, err := g.runner.Start("greet", nil); !errors.Is(err, ErrNoHost) {
			t.Errorf("a host that goes took another: %v", err)
		}
		g.answer(q, "World")
		succeeded(t, g.ended(id), map[string]any{"hello": "World"})
		time.Sleep(time.Hour) // the runner has not left the transaction
		if len(closed) > 0 {
			t.Errorf("closed before: %v", <-closed)
		}
		begin := time.Now()
		if err := g.runner.Leave(id); err != nil {
			t.Fatal(err)
		}
		if err := <-closed; err != nil || time.Since(begin) != 3*time.Second {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
		<-h.Done()
		idle := g.host(HostOptions{})
		begin = time.Now()
		if err := idle.SafeClose(t.Context()); err != nil || time.Since(begin) != 0 {
			t.Errorf("an idle one after %v: %v", time.Since(begin), err)
		}
	})
}

func TestNobodyAccepts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		mine, silent := wire.Pipe()
		defer silent.Close(wire.CodeCut, "")
		h := NewHost(HostOptions{Dial: func(context.Context, string, http.Header) (Conn, error) { return mine, nil }})
		defer h.Close()
		begin := time.Now()
		if err := h.Listen(t.Context()); err == nil || !strings.Contains(err.Error(), "in time") || time.Since(begin) != 15*time.Second {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
	})
}

// TestLeaveWhileAway leaves a transaction whose host is not there to hear it.
func TestLeaveWhileAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{})
		h := g.host(HostOptions{}, Action{Slug: "quick", Run: func(context.Context, *Transaction) (any, error) { return 1, nil }})
		id := g.start("quick")
		succeeded(t, g.ended(id), 1)
		synctest.Wait()
		var back atomic.Bool
		g.mu.Lock()
		g.down = func() time.Time {
			if back.Load() {
				return time.Time{}
			}
			return time.Now().Add(time.Hour)
		}
		g.mu.Unlock()
		g.cutAll()
		await[HostLeft](g, nil)
		if err := g.runner.Leave(id); err != nil {
			t.Fatal(err)
		}
		back.Store(true)
		await(g, func(e HostJoined) bool { return e.Again })
		synctest.Wait()
		if err := h.SafeClose(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestImageOf(t *testing.T) {
	t.Parallel()
	if got := ImageOf([]byte("GIF89a"), "a dot"); got.URL != "data:image/gif;base64,R0lGODlh" || got.Alt != "a dot" {
		t.Errorf("got %+v", got)
	}
}
