package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"math/big"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// ErrRequired is the error of Check for a missing answer.
var ErrRequired = errors.New("an answer is required")

// maxRows is how many records the dashboard takes from a spreadsheet.
const maxRows = 1000

// Check reports what is wrong with an answer to a component, nil for nothing. It
// is the only guard of limits, formats and selections, since hosts check types
// alone. The value is what [ValueOf] takes: a Date for a date, an Option for a
// select, []RowKey for a table; nil or Undefined for what is left out. For a
// Multiple component it is a list. The error is in words for the person.
//
// What only the course of a conversation tells, such as which hits a search has
// had, is for the caller to check.
func Check(c *Component, value any) error {
	_, err := Normal(c, value)
	return err
}

// Normal is Check that also gives the value in the form that travels: an option
// in full, a missing answer as Undefined, null for a display, the default of
// what is disabled.
func Normal(c *Component, value any) (any, error) {
	v, err := ValueOf(value)
	if err != nil {
		return nil, err
	}
	switch {
	case c.Method().Display():
		if !Missing(v) {
			return nil, errors.New("a display takes no answer")
		}
		return nil, nil
	case !c.Method().Known():
		return nil, fmt.Errorf("the component %s is not known here", c.Method())
	case c.Disabled():
		return disabled(c, v)
	case Missing(v):
		if !c.Optional {
			return nil, ErrRequired
		}
		return Undefined{}, nil
	case c.Multiple:
		return several(c, v)
	}
	return single(c, v)
}

// disabled keeps the default, which has to be sent all the same.
func disabled(c *Component, v any) (any, error) {
	initial := Initial(c)
	switch {
	case Missing(initial) && !c.Optional:
		return nil, errors.New("disabled, required and without a value: nothing can be answered")
	case !Missing(v) && !Equal(v, initial):
		return nil, errors.New("disabled: the value can't be changed")
	}
	return initial, nil
}

func several(c *Component, v any) (any, error) {
	list, ok := v.(List)
	if !ok {
		return nil, &ShapeError{"", "list", shapeOf(v)}
	}
	out := make(List, len(list))
	for i, item := range list {
		checked, err := single(c, item)
		if err != nil {
			return nil, fmt.Errorf("number %d: %w", i+1, err)
		}
		out[i] = checked
	}
	return out, nil
}

func single(c *Component, v any) (any, error) {
	switch p := c.Props.(type) {
	case *InputText:
		return v, checkText(p, v, c.Optional)
	case *InputEmail:
		return v, checkEmail(v, c.Optional)
	case *InputNumber:
		return v, checkNumber(v, p.Min, p.Max, p.Places())
	case *InputSlider:
		return v, checkNumber(v, &p.Min, &p.Max, stepPlaces(p.Step))
	case *InputURL:
		return v, checkURL(p, v, c.Optional)
	case *InputBoolean, *Confirm, *ConfirmIdentity:
		_, ok := v.(bool)
		return v, want(ok, "yes or no", v)
	case *InputRichText:
		return v, checkRichText(v, c.Optional)
	case *InputDate:
		return checkMoment(v, p.Min, p.Max)
	case *InputTime:
		return checkMoment(v, p.Min, p.Max)
	case *InputDateTime:
		return checkMoment(v, p.Min, p.Max)
	case *InputSpreadsheet:
		return checkSheet(p, v)
	case *UploadFile:
		return v, checkFile(p, v)
	case *Search:
		hit, ok := v.(string)
		return v, want(ok && hit != "", "a result of the search", v)
	case *SelectSingle:
		return checkOption(p.Options, v)
	case *SelectMultiple:
		return checkOptions(p, v)
	case *SelectTable:
		return checkRows(p, v)
	case *Credentials:
		var login Login
		return v, Into(v, &login)
	}
	return nil, fmt.Errorf("the component %s takes no answer", c.Method())
}

func want(ok bool, what string, got any) error {
	if ok {
		return nil
	}
	return &ShapeError{"", what, shapeOf(got)}
}

func checkText(p *InputText, v any, optional bool) error {
	s, ok := v.(string)
	if !ok {
		return want(false, "text", v)
	}
	length := len(utf16.Encode([]rune(s)))
	switch {
	case s == "" && optional:
		return nil
	case s == "":
		return ErrRequired
	case length < p.MinLength:
		return fmt.Errorf("at least %s, this has %d", count(p.MinLength, "character"), length)
	case p.MaxLength > 0 && length > p.MaxLength:
		return fmt.Errorf("at most %s, this has %d", count(p.MaxLength, "character"), length)
	}
	return nil
}

// address is what most people take for the form of an email address.
var address = regexp.MustCompile(`^[^\s@<>()\[\],;:"\\]+@[^\s@.<>()\[\],;:"\\]+(\.[^\s@.<>()\[\],;:"\\]+)+$`)

func checkEmail(v any, optional bool) error {
	s, ok := v.(string)
	switch {
	case !ok:
		return want(false, "text", v)
	case s == "" && optional:
		return nil
	case s == "":
		return ErrRequired
	case !address.MatchString(s) || strings.Contains(s, ".."):
		return errors.New("not an email address")
	}
	return nil
}

func checkNumber(v any, lowest, highest *float64, places int) error {
	n, ok := v.(json.Number)
	if !ok {
		return want(false, "a number", v)
	}
	r, ok := rational(n)
	if !ok {
		return errors.New("not a finite number")
	}
	switch {
	case !atMostPlaces(r, places) && places == 0:
		return errors.New("a whole number, without decimals")
	case lowest != nil && below(r, *lowest):
		return fmt.Errorf("at least %s", number(*lowest))
	case highest != nil && below(new(big.Rat).Neg(r), -*highest):
		return fmt.Errorf("at most %s", number(*highest))
	case !atMostPlaces(r, places):
		return fmt.Errorf("at most %s", count(places, "decimal"))
	}
	return nil
}

// below compares with a limit as people read it, not with its nearest float.
func below(r *big.Rat, limit float64) bool {
	l, ok := rational(number(limit))
	return ok && r.Cmp(l) < 0
}

func atMostPlaces(r *big.Rat, places int) bool {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(0, min(places, 400)))), nil)
	return new(big.Rat).Mul(r, new(big.Rat).SetInt(scale)).IsInt()
}

// stepPlaces is how many decimals the values of a slider may have.
func stepPlaces(step float64) int {
	if step == 0 {
		return 0
	}
	r, ok := rational(number(step))
	places := 0
	for ok && places < 20 && !atMostPlaces(r, places) {
		places++
	}
	return places
}

func checkURL(p *InputURL, v any, optional bool) error {
	s, ok := v.(string)
	switch {
	case !ok:
		return want(false, "text", v)
	case s == "" && optional:
		return errors.New("leave an empty address out")
	case s == "":
		return ErrRequired
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" || u.Host == "" && u.Opaque == "" {
		return errors.New("not a complete address, such as https://example.org")
	}
	if !slices.ContainsFunc(p.Protocols(), func(allowed string) bool {
		return strings.EqualFold(strings.TrimSuffix(allowed, ":"), u.Scheme)
	}) {
		return fmt.Errorf("must begin with %s", strings.Join(p.Protocols(), ": or ")+":")
	}
	if web := u.Scheme == "http" || u.Scheme == "https"; web && u.Hostname() == "" {
		return errors.New("not a complete address: no host")
	}
	return nil
}

var tag = regexp.MustCompile(`(?s)<!--.*?-->|<[^>]*>`)

func checkRichText(v any, optional bool) error {
	s, ok := v.(string)
	if !ok {
		return want(false, "text", v)
	}
	visible := strings.TrimSpace(html.UnescapeString(tag.ReplaceAllString(s, "")))
	if visible == "" && !optional && !strings.Contains(strings.ToLower(s), "<img") {
		return ErrRequired
	}
	return nil
}

// moment is a Date, a Clock or a DateTime.
type moment[T any] interface {
	Valid() bool
	Compare(T) int
	String() string
}

func checkMoment[T moment[T]](v any, lowest, highest *T) (any, error) {
	var t T
	if err := Into(v, &t); err != nil {
		return nil, err
	}
	switch {
	case !t.Valid():
		return nil, fmt.Errorf("there is no %s", t)
	case lowest != nil && t.Compare(*lowest) < 0:
		return nil, fmt.Errorf("not before %s", *lowest)
	case highest != nil && t.Compare(*highest) > 0:
		return nil, fmt.Errorf("not after %s", *highest)
	}
	return ValueOf(t)
}

func checkSheet(p *InputSpreadsheet, v any) (any, error) {
	list, ok := v.(List)
	switch {
	case !ok:
		return nil, want(false, "a list of records", v)
	case len(list) == 0:
		return nil, errors.New("at least one row")
	case len(list) > maxRows:
		return nil, fmt.Errorf("at most %d rows, there are %d", maxRows, len(list))
	}
	out := make(List, len(list))
	for i, item := range list {
		row, err := p.Columns.Check(item)
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", i+1, err)
		}
		out[i] = row
	}
	return out, nil
}

// Check says what is wrong with a row, and gives it in the order of the columns.
func (columns SheetColumns) Check(item any) (any, error) {
	row, ok := item.(Record)
	if !ok {
		return nil, want(false, "a record", item)
	}
	for _, m := range row {
		if !slices.ContainsFunc(columns, func(c SheetColumn) bool { return c.Name == m.Name }) {
			return nil, fmt.Errorf("no column is called %q", m.Name)
		}
	}
	out := make(Record, 0, len(columns))
	for _, c := range columns {
		v, _ := row.Get(c.Name)
		if err := checkSheetCell(c.Type, v); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		if Missing(v) {
			v = nil
		}
		out = append(out, Member{c.Name, v})
	}
	return out, nil
}

func checkSheetCell(kind string, v any) error {
	kind, optional := strings.CutSuffix(kind, "?")
	if Missing(v) {
		if optional {
			return nil
		}
		return ErrRequired
	}
	ok := false
	switch kind {
	case "string":
		_, ok = v.(string)
	case "boolean":
		_, ok = v.(bool)
	case "number":
		n, is := v.(json.Number)
		ok = is && !specialNumber(string(n))
	default:
		return fmt.Errorf("the type %q of the column is not known", kind)
	}
	return want(ok, kind, v)
}

func checkFile(p *UploadFile, v any) error {
	var f File
	if err := Into(v, &f); err != nil {
		return err
	}
	if f.Name == "" || f.URL == "" {
		return errors.New("the file has no name or no address")
	}
	return CheckFileName(p, f.Name)
}

// CheckFileName reports a file that the component doesn't take, before it is
// read and stored.
func CheckFileName(p *UploadFile, name string) error {
	for _, e := range p.AllowedExtensions {
		if strings.HasSuffix(strings.ToLower(name), "."+strings.ToLower(strings.TrimPrefix(e, "."))) {
			return nil
		}
	}
	if len(p.AllowedExtensions) == 0 {
		return nil
	}
	return fmt.Errorf("must end with %s", strings.Join(p.AllowedExtensions, " or "))
}

// checkOption finds the option that was meant and gives it in full.
func checkOption(options []Option, v any) (any, error) {
	var chosen Option
	if err := Into(v, &chosen); err != nil {
		return nil, err
	}
	for _, o := range options {
		if o.same(chosen) {
			return ValueOf(o)
		}
	}
	return nil, fmt.Errorf("%q is not among the options", clip(Text(chosen.Label)))
}

func checkOptions(p *SelectMultiple, v any) (any, error) {
	list, ok := v.(List)
	if !ok {
		return nil, want(false, "a list of options", v)
	}
	out := List{}
	for _, item := range list {
		option, err := checkOption(p.Options, item)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(out, func(other any) bool { return Equal(other, option) }) {
			return nil, fmt.Errorf("%q is chosen twice", labelOf(option))
		}
		out = append(out, option)
	}
	return out, checkCount(len(out), p.MinSelections, p.MaxSelections)
}

func labelOf(option any) string {
	label, _ := option.(Record).Get("label")
	return clip(Text(label))
}

func checkCount(n int, lowest, highest *int) error {
	switch {
	case lowest != nil && n < *lowest:
		return fmt.Errorf("choose at least %d%s", *lowest, howMany(n))
	case highest != nil && n > *highest:
		return fmt.Errorf("choose at most %d%s", *highest, howMany(n))
	}
	return nil
}

// howMany says how many are chosen, where any is.
func howMany(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return ", 1 is chosen"
	}
	return fmt.Sprintf(", %d are chosen", n)
}

// count writes a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func checkRows(p *SelectTable, v any) (any, error) {
	var rows []RowKey
	if err := Into(v, &rows); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, row := range rows {
		if seen[row.Key] {
			return nil, fmt.Errorf("the row %q is chosen twice", row.Key)
		}
		seen[row.Key] = true
	}
	if err := checkCount(len(rows), p.MinSelections, p.MaxSelections); err != nil {
		return nil, err
	}
	if rows == nil {
		rows = []RowKey{}
	}
	return ValueOf(rows)
}
