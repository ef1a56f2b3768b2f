package demo

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

// Texts that a careless screen would obey. They colour, move the cursor, set the
// window's title and the clipboard, ring, turn the order of letters around and
// hide in words; others are just wide, or of many parts.
const (
	escapes   = "\x1b[31mred\x1b[0m \x1b[2J\x1b[Hhome \x1b]0;owned\x07 \x1b]52;c;b3duZWQ=\x07 \x1bP+q544e\x1b\\"
	controls  = "bell\a back\b\b tab\t line\nfeed return\roverwritten \u0085 \u009b31mC1 \x7f"
	bidi      = "\u202egnp.exe\u202c \u2066isolate\u2069 \u200bzero\u200dwidth\ufeff\u2028line\u2029"
	wide      = "幅広い文字 한국어 👩‍👩‍👧‍👦 🇧🇬 e\u0301\u0323\u0302 ﷽ Ａ"
	longPlain = "AMethodWhoseNameIsSoLongThatNoScreenHasRoomForAllOfIt"
)

// The texts that are too much of a good thing.
var (
	hostile = strings.Join([]string{escapes, controls, bidi, wide}, " | ")
	endless = strings.Repeat(longPlain+".", 12) + "End"
)

// manyDigits has more of them than any machine word.
const manyDigits = "1234567890123456789012345"

// oddities has what an explorer must survive.
func oddities(ctx context.Context, s *stage) error {
	c, err := s.connect(ctx, "Oddities")
	if err != nil {
		return err
	}
	if err := s.register(ctx, c, odditiesOffers(s)...); err != nil {
		return err
	}
	def := bus.MethodDefinition{
		Name:        "Oddities.Noise",
		DisplayName: "Noise " + bidi,
		Description: "Events of every awkward shape, two a second.",
		Version:     1,
	}
	wake := newAttention()
	stream, err := s.stream(ctx, c, def, wake.options(nil))
	if err != nil {
		return err
	}
	n := 0
	every := func() time.Duration { return 500 * time.Millisecond }
	s.run(func(ctx context.Context) {
		whileWatched(ctx, stream, wake, every, func() {
			s.heed(stream.Push(noise[n%len(noise)]))
			n++
		})
	})
	return nil
}

// odditiesOffers lists the methods, from harmless to nasty.
func odditiesOffers(s *stage) []offer {
	huge := sync.OnceValue(func() json.RawMessage { return hugePayload(s.random("huge")) })
	give := func(v any) client.Handler {
		return func(context.Context, client.Call) (any, error) { return v, nil }
	}
	fail := func(err error) client.Handler {
		return func(context.Context, client.Call) (any, error) { return nil, err }
	}
	echo := func(_ context.Context, call client.Call) (any, error) { return call.Args, nil }
	hugeHandler := func(context.Context, client.Call) (any, error) { return huge(), nil }
	return []offer{
		{bus.MethodDefinition{Name: "Oddities.Undeclared"}, echo},
		{bus.MethodDefinition{
			Name: "Oddities.Unparsable", Description: "Its signature can't be read.",
			Accepts: "strin name", Returns: "string[ name, composite: { int a } b",
		}, echo},
		{bus.MethodDefinition{
			Name: "Oddities.Hostile", DisplayName: hostile, Description: hostile,
			Accepts: "string? text (" + strings.NewReplacer("(", "", ")", "").Replace(bidi+wide) + ")", Returns: "string text",
			ObjectTypes: []string{escapes, bidi},
		}, give(map[string]any{"text": hostile, escapes: controls, bidi: wide})},
		{bus.MethodDefinition{
			Name: "Oddities.HostileError", Description: "Fails, with a reason that does not keep still.",
		}, fail(errors.New(hostile))},
		{bus.MethodDefinition{
			Name: "Oddities.NoReason", Description: "Fails and does not say why.",
		}, fail(&bus.Error{})},
		{bus.MethodDefinition{
			Name: "Oddities.\u202eesreveR\u202c.\x1b[31mRed\x1b[0m.幅広い", Description: "Its name is the trouble.",
		}, echo},
		{bus.MethodDefinition{
			Name: "Oddities." + endless, DisplayName: endless, Description: strings.Repeat("And it goes on. ", 200),
			Accepts: "string? " + longPlain + longPlain, Returns: "string " + longPlain + longPlain,
		}, give(map[string]any{longPlain + longPlain: endless})},
		{bus.MethodDefinition{
			Name: "Oddities.Huge", Description: "Returns 2 MB of nested values.", Returns: "composite: { int id }[] branches",
		}, hugeHandler},
		{bus.MethodDefinition{
			Name: "Oddities.Deep", Description: "Returns 500 objects, one inside the other.",
		}, give(deepPayload(500))},
		{bus.MethodDefinition{
			Name: "Oddities.ManyDigits", Description: "Returns a number with 25 digits, and others that no double holds.",
			Returns: "long value",
		}, give(json.RawMessage(`{"value":` + manyDigits + `,"tiny":1e-400,"vast":-1E+999,"zeros":1.500000,"minus":-0}`))},
		{bus.MethodDefinition{
			Name: "Oddities.Scalar", Description: "Returns a bare number.", Returns: "int value",
		}, give(42)},
		{bus.MethodDefinition{
			Name: "Oddities.List", Description: "Returns a bare array.", Returns: "string[] values",
		}, give([]any{"one", 2, 3.5, nil, map[string]any{"four": []int{}}})},
		{bus.MethodDefinition{
			Name: "Oddities.Nothing", Description: "Returns nothing at all.",
		}, give(nil)},
		{bus.MethodDefinition{
			Name: "Oddities.Liar", Description: "Returns nothing of what it declares.",
			Returns: "int number, datetime when, string[] names, composite: { bool yes } inner",
		}, give(json.RawMessage(`{"number":"12","when":12,"names":{"0":"a"},"inner":[true],"number ":1,"":null}`))},
	}
}
