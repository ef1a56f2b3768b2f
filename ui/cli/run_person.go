package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/term"

	"ioscope/client/interval/answers"
	"ioscope/client/interval/schema"
)

// person answers questions on a terminal, a line each.
type person struct {
	say   io.Writer
	lines chan string // closed at the end of the input
	wants chan struct{}
	// file is the terminal; nil where lines come from elsewhere.
	file *os.File
	// hides says that what is typed next is not to be seen; nil where nobody can.
	hides func(bool)
}

// newPerson reads lines only when they are asked for. The goroutine that reads
// ends with the program, or the input.
func newPerson(terminal io.Reader, say io.Writer) *person {
	p := &person{say: say, lines: make(chan string), wants: make(chan struct{})}
	if f, ok := terminal.(*os.File); ok && term.IsTerminal(f.Fd()) {
		p.file = f
	}
	if h, ok := terminal.(interface{ Secret(on bool) }); ok {
		p.hides = h.Secret
	}
	go func() {
		defer close(p.lines)
		in := bufio.NewReader(terminal)
		for range p.wants {
			line, err := in.ReadString('\n')
			if err != nil && line == "" {
				return
			}
			p.lines <- strings.TrimRight(line, "\r\n")
		}
	}()
	return p
}

// read asks for a line. io.EOF says that there will be no more.
func (p *person) read(ctx context.Context, prompt string) (string, error) {
	_, _ = io.WriteString(p.say, prompt)
	select {
	case p.wants <- struct{}{}:
	case line, ok := <-p.lines:
		return ended(line, ok)
	case <-ctx.Done():
		return "", ctx.Err()
	}
	select {
	case line, ok := <-p.lines:
		return ended(line, ok)
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func ended(line string, ok bool) (string, error) {
	if !ok {
		return "", io.EOF
	}
	return line, nil
}

// fill asks for the answer to a gap until one is good.
func (p *person) fill(ctx context.Context, f *answers.Form, r *schema.Render, g answers.Gap, host answers.Asker) error {
	if g.Index == answers.ChoiceIndex {
		return p.choose(ctx, f, r, g)
	}
	c := &r.Components[g.Index]
	if c.Disabled() {
		return g.Why // nobody could
	}
	before := f.Values()[g.Index]
	p.explain(c, g, before)
	for {
		line, err := p.answer(ctx, c)
		if err != nil {
			return err
		}
		if line == "" && before != nil && !refusedAlone(c) {
			return nil // as it was
		}
		raw, err := typed(c, line)
		if err == nil {
			err = f.Try(ctx, r, g.Index, raw, host)
		}
		if err == nil || ctx.Err() != nil {
			return err
		}
		printLines(p.say, "  ✗ ", err.Error())
	}
}

// answer reads what a person types. Credentials are not shown where that can be had.
func (p *person) answer(ctx context.Context, c *schema.Component) (string, error) {
	if c.Method() != schema.CredentialsMethod || p.file == nil && p.hides == nil {
		return p.read(ctx, clean(c.Label)+": ")
	}
	var login schema.Login
	var err error
	if login.Token, err = p.readHidden(ctx, clean(c.Label)+", token (not shown): "); err != nil || login.Token == "" {
		return "", err
	}
	if login.Secret, err = p.readHidden(ctx, clean(c.Label)+", secret (not shown): "); err != nil {
		return "", err
	}
	line, err := json.Marshal(login)
	return string(line), err
}

// readHidden asks for a line that is not shown while it is typed.
func (p *person) readHidden(ctx context.Context, prompt string) (string, error) {
	if p.hides == nil {
		return ask(ctx, p.say, p.file, prompt)
	}
	p.hides(true)
	defer p.hides(false)
	return p.read(ctx, prompt)
}

// refusedAlone reports a component whose own answer was refused.
func refusedAlone(c *schema.Component) bool { return c.Error != "" }

// explain tells what is asked.
func (p *person) explain(c *schema.Component, g answers.Gap, before any) {
	if !errors.Is(g.Why, answers.ErrNone) && !errors.Is(g.Why, answers.ErrUsedUp) {
		printLines(p.say, "  ✗ ", c.Label+": "+g.Why.Error())
	}
	kind := kindText(c)
	if c.Method() == schema.CredentialsMethod && (p.file != nil || p.hides != nil) {
		kind = "credentials: a token, then a secret, which may be empty"
	}
	switch {
	case before != nil && !refusedAlone(c):
		kind += "; empty keeps " + answerText(c, before)
	case c.Optional:
		kind += "; empty leaves it out"
	}
	printLines(p.say, "  ", kind)
	if help := schema.Help(c.Props); help != "" {
		printLines(p.say, "  ", help)
	}
	for _, line := range choiceLines(c.Props) {
		printLines(p.say, "    ", line)
	}
}

// choose asks for a button.
func (p *person) choose(ctx context.Context, f *answers.Form, r *schema.Render, g answers.Gap) error {
	printLines(p.say, "  ✗ ", g.Why.Error())
	for i, b := range r.Buttons {
		printLines(p.say, "    ", fmt.Sprintf("%d  %s", i+1, b.Label))
	}
	for {
		line, err := p.read(ctx, "Button (empty presses the first): ")
		if err != nil {
			return err
		}
		if n, err := strconv.Atoi(line); err == nil && n >= 1 && n <= len(r.Buttons) && f.Choose(r, line) != nil {
			line = r.Buttons[n-1].Value
		}
		if err = f.Choose(r, line); err == nil {
			return nil
		}
		printLines(p.say, "  ✗ ", err.Error())
	}
}

// typed is what a document would have where a person typed a line. The error says
// what is not even that.
func typed(c *schema.Component, line string) (any, error) {
	if line == "" {
		if takesNothing(c) {
			return schema.List{}, nil
		}
		return nil, nil
	}
	switch p := c.Props.(type) {
	case *schema.InputNumber, *schema.InputSlider:
		number := strings.ReplaceAll(line, ",", "")
		if !json.Valid([]byte(number)) {
			return nil, errors.New("a number is wanted")
		}
		return json.Number(number), nil
	case *schema.InputBoolean, *schema.Confirm, *schema.ConfirmIdentity:
		switch strings.ToLower(line) {
		case "y", "yes", "true":
			return true, nil
		case "n", "no", "false":
			return false, nil
		}
		return nil, errors.New("yes or no is wanted")
	case *schema.SelectSingle:
		return numbered(p.Options, line), nil
	case *schema.SelectMultiple:
		return listed(line, func(s string) any { return numbered(p.Options, s) })
	case *schema.InputSpreadsheet, *schema.Credentials:
		return decoded(line)
	case *schema.SelectTable:
		return listed(line, asIs)
	}
	if c.Multiple {
		return listed(line, asIs)
	}
	return line, nil
}

// takesNothing reports a question that an empty list answers as well.
func takesNothing(c *schema.Component) bool {
	switch c.Method() {
	case schema.SelectMultipleMethod, schema.SelectTableMethod:
		return !c.Optional
	}
	return c.Multiple && !c.Optional
}

func asIs(s string) any { return s }

// decoded reads JSON that stands on one line.
func decoded(line string) (any, error) {
	v, err := schema.Decode([]byte(line), nil)
	if err != nil {
		return nil, fmt.Errorf("JSON is wanted: %w", err)
	}
	return v, nil
}

// listed reads several answers: a JSON list, or texts with commas between.
func listed(line string, one func(string) any) (any, error) {
	if strings.HasPrefix(strings.TrimSpace(line), "[") {
		return decoded(line)
	}
	var out schema.List
	for part := range strings.SplitSeq(line, ",") {
		out = append(out, one(strings.TrimSpace(part)))
	}
	return out, nil
}

// numbered takes the number before an option for the option, where no option is
// called so.
func numbered(options []schema.Option, line string) any {
	n, err := strconv.Atoi(line)
	if err != nil || n < 1 || n > len(options) {
		return line
	}
	for _, o := range options {
		if valueText(o.Value) == line || valueText(o.Label) == line {
			return line
		}
	}
	v, err := schema.ValueOf(options[n-1].Value)
	if err != nil {
		return line
	}
	return v
}
