package interval

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// A host never says that the progress of a page is over: that the page is there says
// it.
func TestProgressOfAPageEndsWithThePage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{})
		h := g.quietHost(HostOptions{})
		h.Page(Page{Slug: "report", Name: "Report", Draw: func(_ context.Context, p *PageView) (*PageLayout, error) {
			p.Loading(LoadingState{Label: "Adding up"})
			time.Sleep(time.Second)
			return &PageLayout{Title: "Report"}, nil
		}})
		if err := h.Listen(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := g.runner.OpenPage("report", nil); err != nil {
			t.Fatal(err)
		}
		await[PageDrawn](g, nil)
		time.Sleep(time.Second)
		synctest.Wait()
		var told []string
		for _, e := range g.events {
			switch e := e.(type) {
			case Loading:
				if e.State == nil {
					told = append(told, "over")
				} else {
					told = append(told, e.State.Label)
				}
			case PageDrawn:
				told = append(told, "drawn")
			}
		}
		if len(told) != 3 || told[0] != "Adding up" || told[1] != "over" || told[2] != "drawn" {
			t.Errorf("told %q", told)
		}
	})
}
