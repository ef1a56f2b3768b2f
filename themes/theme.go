// Package themes holds the colours of the explorer: one data file per theme,
// and the loader that refuses a theme that can't be read.
//
// Code names roles, never colours. A theme gives each role a value; what a role
// means, and nothing else, stands at its field in [Theme]. Every theme, one of
// the user's own too, has to pass the same check of contrast.
//
// The package is pure, safe for concurrent use, and imports the standard
// library alone.
package themes

// Theme gives each role a colour, as "#rrggbb" in lower case.
type Theme struct {
	// Name is what the user calls it.
	Name string
	// About says in a few words what it is for; may be empty.
	About string
	// Short says it in one or two words, beside the ground; may be empty.
	Short string
	// Dark is true for a theme that is made for dark ground.
	Dark bool

	// BG is what the terminal's own ground is assumed to be; it is painted
	// nowhere but as the text of a marked button.
	BG string
	// Surface is the ground of the header, of fields and of dialogs.
	Surface string
	// Sel is the ground of the cursor row and of the focused field.
	Sel string

	// FG is text, Muted labels, and Faint rules; no words are drawn in Faint.
	FG, Muted, Faint string
	// Behind is all that lies behind a dialog.
	Behind string

	// Accent is the keyboard: where it is, what it can press, what is required
	// of it. A marked button is BG on Accent.
	Accent string
	// OK is alive, returned, added, following.
	OK string
	// Warn wants a person: paused, past, drift, gap, left out, slow.
	Warn string
	// Err is failed, refused, lost, of the wrong type, removed, destructive.
	Err string

	// Key, Num and Lit are parts of a payload: names; numbers and measures;
	// true, false, null and private words.
	Key, Num, Lit string

	// Series are the identities A to F: servers in one table, subscriptions,
	// branches. A letter always goes with the colour.
	Series [6]string

	// Mark on MarkGround is a search hit, what changed in the last half
	// second, and "condensed".
	Mark, MarkGround string
}

// role is one colour of a theme as its file names it.
type role struct {
	name string
	// text is true for a role that draws words on BG, Surface and Sel.
	text bool
	at   func(*Theme) *string
}

// roles lists every role once, in the order in which files and errors have them.
var roles = []role{
	{"bg", false, func(t *Theme) *string { return &t.BG }},
	{"surface", false, func(t *Theme) *string { return &t.Surface }},
	{"sel", false, func(t *Theme) *string { return &t.Sel }},
	{"fg", true, func(t *Theme) *string { return &t.FG }},
	{"muted", true, func(t *Theme) *string { return &t.Muted }},
	{"faint", false, func(t *Theme) *string { return &t.Faint }},
	{"behind", false, func(t *Theme) *string { return &t.Behind }},
	{"accent", true, func(t *Theme) *string { return &t.Accent }},
	{"ok", true, func(t *Theme) *string { return &t.OK }},
	{"warn", true, func(t *Theme) *string { return &t.Warn }},
	{"err", true, func(t *Theme) *string { return &t.Err }},
	{"key", true, func(t *Theme) *string { return &t.Key }},
	{"num", true, func(t *Theme) *string { return &t.Num }},
	{"lit", true, func(t *Theme) *string { return &t.Lit }},
	{"s1", true, func(t *Theme) *string { return &t.Series[0] }},
	{"s2", true, func(t *Theme) *string { return &t.Series[1] }},
	{"s3", true, func(t *Theme) *string { return &t.Series[2] }},
	{"s4", true, func(t *Theme) *string { return &t.Series[3] }},
	{"s5", true, func(t *Theme) *string { return &t.Series[4] }},
	{"s6", true, func(t *Theme) *string { return &t.Series[5] }},
	{"mark", false, func(t *Theme) *string { return &t.Mark }},
	{"mark-ground", false, func(t *Theme) *string { return &t.MarkGround }},
}
