package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

const (
	// buildUsual and buildMost are how many seconds a report takes.
	buildUsual, buildMost = 12, 600
	// buildsAtOnce is how many reports are built at the same time.
	buildsAtOnce = 16
)

// report is a kind of report.
type report struct {
	Kind  string `json:"kind"`
	Title string `json:"title"`
	Pages int    `json:"pages"`
}

var reports = []report{
	{"daily", "Positions at the end of the day", 4},
	{"weekly", "Turnover of the week", 18},
	{"annual", "Everything, once a year", 412},
}

// slowReports takes its time.
func slowReports(ctx context.Context, s *stage) error {
	c, err := s.connect(ctx, "SlowReports")
	if err != nil {
		return err
	}
	b := &builder{stage: s, desks: make(chan struct{}, buildsAtOnce)}
	build := bus.MethodDefinition{
		Name:        "Reports.Build",
		DisplayName: "Build Report",
		Description: "Builds a report, which takes 12 seconds, or as many as are asked for.",
		Accepts:     "string kind (daily, weekly or annual), int? seconds (how long it takes, 0 to 600)",
		Returns:     "string kind, string title, int pages, datetime built",
		ObjectTypes: []string{"Report"},
		Version:     1,
	}
	list := bus.MethodDefinition{
		Name:        "Reports.List",
		DisplayName: "List Reports",
		Description: "The kinds of reports there are.",
		Returns:     "composite: { string kind, string title, int pages }[] reports",
		ObjectTypes: []string{"Report"},
		Version:     1,
	}
	return s.register(ctx, c, offer{build, b.build}, offer{list, listReports})
}

// builder builds reports; each takes one of its desks.
type builder struct {
	stage *stage
	desks chan struct{}
}

func (b *builder) build(ctx context.Context, call client.Call) (any, error) {
	in := readArgs(call.Args)
	kind, seconds := in.text("kind"), in.integerOr("seconds", buildUsual)
	if err := in.problem(); err != nil {
		return nil, err
	}
	r, err := reportOf(kind)
	if err != nil {
		return nil, err
	}
	if seconds < 0 || seconds > buildMost {
		return nil, fmt.Errorf("seconds %d is not between 0 and %d", seconds, buildMost)
	}
	select {
	case b.desks <- struct{}{}:
		defer func() { <-b.desks }()
	default:
		return nil, fmt.Errorf("%d reports are being built; ask again later", buildsAtOnce)
	}
	if !pause(ctx, time.Duration(seconds)*time.Second) {
		return nil, ctx.Err()
	}
	return struct {
		report
		Built client.Date `json:"built"`
	}{r, b.stage.now()}, nil
}

func listReports(context.Context, client.Call) (any, error) {
	return struct {
		Reports []report `json:"reports"`
	}{reports}, nil
}

func reportOf(kind string) (report, error) {
	for _, r := range reports {
		if strings.EqualFold(r.Kind, kind) {
			return r, nil
		}
	}
	return report{}, fmt.Errorf("no report %q; there are daily, weekly and annual", clip(kind))
}
