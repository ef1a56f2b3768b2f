package schema

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Theme colours a button.
type Theme string

// The themes. A button without one is primary where it is the first, else
// secondary.
const (
	ThemePrimary   Theme = "primary"
	ThemeSecondary Theme = "secondary"
	ThemeDanger    Theme = "danger"
	ThemeDefault   Theme = "default"
)

// Size is how large a picture is meant to be.
type Size string

// The sizes.
const (
	SizeThumbnail Size = "thumbnail"
	SizeSmall     Size = "small"
	SizeMedium    Size = "medium"
	SizeLarge     Size = "large"
)

// Pixels is the width that the dashboard gives to a size, 0 for none.
func (s Size) Pixels() int {
	return map[Size]int{SizeThumbnail: 64, SizeSmall: 128, SizeMedium: 256, SizeLarge: 512}[s]
}

// Target is where a link, a menu item, a cell or a redirect leads. URL wins
// over Route, Route over Action.
type Target struct {
	URL string `json:"url,omitempty"`
	// Href is what URL was called once.
	Href string `json:"href,omitempty"`
	// Route is the slug of an action or of a page.
	Route string `json:"route,omitempty"`
	// Action is what Route was called once.
	Action string `json:"action,omitempty"`
	// Params go to the action or page of Route; a flat record.
	Params Record `json:"params,omitempty"`
}

// Address is where the target leads outside, empty when it leads to a route.
func (t Target) Address() string { return cmp.Or(t.URL, t.Href) }

// Slug is the action or page that the target leads to, empty when it leads
// outside or nowhere.
func (t Target) Slug() string {
	if t.Address() != "" {
		return ""
	}
	return cmp.Or(t.Route, t.Action)
}

// Image is a picture in a cell, an option or a card.
type Image struct {
	// URL may be a data URL.
	URL    string `json:"url,omitempty"`
	Alt    string `json:"alt,omitempty"`
	Size   Size   `json:"size,omitempty"`
	Width  Size   `json:"width,omitempty"`
	Height Size   `json:"height,omitempty"`
	// Fit (cover or contain) and AspectRatio stand in the cards of a grid.
	Fit         string  `json:"fit,omitempty"`
	AspectRatio float64 `json:"aspectRatio,omitempty"`
}

// MenuItem is an entry of the menu of a heading, a page, a row or a card.
type MenuItem struct {
	Label    string `json:"label"`
	Theme    Theme  `json:"theme,omitempty"`
	Disabled bool   `json:"disabled,omitempty"`
	Target
}

// ChoiceButton submits a form; Value says which one it was.
type ChoiceButton struct {
	Label string `json:"label"`
	Value string `json:"value"`
	Theme Theme  `json:"theme,omitempty"`
}

// Highlight is the colour behind a cell.
type Highlight string

// The colours.
const (
	Red    Highlight = "red"
	Orange Highlight = "orange"
	Yellow Highlight = "yellow"
	Green  Highlight = "green"
	Blue   Highlight = "blue"
	Purple Highlight = "purple"
	Pink   Highlight = "pink"
	Gray   Highlight = "gray"
)

// Date is a day. Months count from 1.
type Date struct {
	Year  int `json:"year"`
	Month int `json:"month"`
	Day   int `json:"day"`
}

// String writes the day as ISO does.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// Valid reports whether the calendar has the day.
func (d Date) Valid() bool {
	t := time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC)
	return d.Year >= 0 && t.Year() == d.Year && int(t.Month()) == d.Month && t.Day() == d.Day
}

// Compare orders days.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// In is the midnight that the day begins with at a place.
func (d Date) In(place *time.Location) time.Time {
	return time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, place)
}

// Clock is a time of day.
type Clock struct {
	Hour   int `json:"hour"`
	Minute int `json:"minute"`
}

// String writes the time as ISO does.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c.Hour, c.Minute) }

// Valid reports whether a day has the time.
func (c Clock) Valid() bool { return c.Hour >= 0 && c.Hour < 24 && c.Minute >= 0 && c.Minute < 60 }

// Compare orders times.
func (c Clock) Compare(e Clock) int {
	return cmp.Or(cmp.Compare(c.Hour, e.Hour), cmp.Compare(c.Minute, e.Minute))
}

// DateTime is a minute of a day. No time zone travels: it is the host's.
type DateTime struct {
	Date
	Clock
}

// String writes it as ISO does, without a zone.
func (d DateTime) String() string { return d.Date.String() + "T" + d.Clock.String() }

// Valid reports whether there is such a minute.
func (d DateTime) Valid() bool { return d.Date.Valid() && d.Clock.Valid() }

// Compare orders minutes.
func (d DateTime) Compare(e DateTime) int {
	return cmp.Or(d.Date.Compare(e.Date), d.Clock.Compare(e.Clock))
}

// In is that minute at a place.
func (d DateTime) In(place *time.Location) time.Time {
	return time.Date(d.Year, time.Month(d.Month), d.Day, d.Hour, d.Minute, 0, 0, place)
}

// File is the answer to an upload: what the file is, and where the host gets it.
type File struct {
	Name string `json:"name"`
	// Type is the MIME type; may be empty.
	Type string `json:"type"`
	// LastModified is in ms since 1970, Size in bytes.
	LastModified int64  `json:"lastModified"`
	Size         int64  `json:"size"`
	URL          string `json:"url"`
}

// Option is a choice of a select. The answer is the whole option.
type Option struct {
	// Label and Value are text, number, boolean or date.
	Label       any    `json:"label"`
	Value       any    `json:"value"`
	Description string `json:"description,omitempty"`
	Image       *Image `json:"image,omitempty"`
	ImageURL    string `json:"imageUrl,omitempty"`
}

// same compares what counts of two options.
func (o Option) same(p Option) bool { return equalGo(o.Value, p.Value) && equalGo(o.Label, p.Label) }

// Chosen finds the option with the value of an answer.
func Chosen(options []Option, answer Option) (Option, bool) {
	at := slices.IndexFunc(options, func(o Option) bool { return equalGo(o.Value, answer.Value) })
	if at < 0 {
		return Option{}, false
	}
	return options[at], true
}

// equalGo is Equal for what may still be ordinary Go values.
func equalGo(a, b any) bool {
	x, errX := ValueOf(a)
	y, errY := ValueOf(b)
	return errX == nil && errY == nil && Equal(x, y)
}

// RowKey is the answer for one row of a select table.
type RowKey struct {
	Key string `json:"key"`
}

// Login is the answer to Credentials.
type Login struct {
	Token  string `json:"token"`
	Secret string `json:"secret,omitempty"`
}
