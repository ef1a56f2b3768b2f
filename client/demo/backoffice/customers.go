package backoffice

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"

	"ioscope/client/interval"
	"ioscope/client/interval/schema"
)

func (s *shop) customerSearch() interval.SearchOptions[customer] {
	all := list(s, &s.customers)
	words := func(c customer) string { return c.Name + " " + c.City + " " + c.Email }
	return interval.SearchOptions[customer]{
		HelpText: "By name, town or address", Placeholder: "Alder",
		Find: func(ctx context.Context, query string) ([]customer, error) {
			return finding(all, words, query), s.pause(ctx)
		},
		Show: func(c customer) schema.SearchResult { return schema.SearchResult{Label: c.Name, Description: c.City} },
	}
}

// badge draws a picture for a customer, in colours of their own.
func badge(c customer) schema.Image {
	const side, cell = 48, 8
	picture := image.NewRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			bit := min(x, side-1-x)/cell + y/cell*3
			shade := color.RGBA{R: 235, G: 235, B: 235, A: 255}
			if c.ID>>(bit%7)&1 == 1 {
				shade = color.RGBA{R: uint8(c.ID * 37 % 200), G: uint8(c.ID * 59 % 200), B: uint8(c.ID * 83 % 200), A: 255} //nolint:gosec // below 200
			}
			picture.Set(x, y, shade)
		}
	}
	var out bytes.Buffer
	_ = png.Encode(&out, picture) // into memory, of what is well formed
	made := interval.ImageOf(out.Bytes(), "badge of "+c.Name)
	made.Size = schema.SizeThumbnail
	return made
}

// edit changes all about a customer.
func (s *shop) edit(ctx context.Context, tx *interval.Transaction) (any, error) {
	before, err := interval.Search(tx.IO, "Customer", s.customerSearch()).Await(ctx)
	if err != nil {
		return nil, err
	}
	in, after := tx.IO.Input, before
	name := in.Text("Name", schema.InputText{DefaultValue: &before.Name, MinLength: 3, MaxLength: 40})
	email := in.Email("Email", schema.InputEmail{DefaultValue: &before.Email}).Validate(func(address string) string {
		taken := slices.ContainsFunc(list(s, &s.customers), func(c customer) bool { return c.Email == address && c.ID != before.ID })
		if taken {
			return "Another customer has this address."
		}
		return ""
	})
	site := interval.Optional(in.URL("Site", schema.InputURL{DefaultValue: &before.Site, AllowedProtocols: []string{"https"}}))
	since := in.Date("Customer since", schema.InputDate{DefaultValue: &before.Since, Min: &schema.Date{Year: 2000, Month: 1, Day: 1}})
	call := in.Time("Call after", schema.InputTime{DefaultValue: &before.CallAfter, Min: &schema.Clock{Hour: 7}, Max: &schema.Clock{Hour: 20}})
	visit := interval.Optional(in.DateTime("Next visit", schema.InputDateTime{DefaultValue: before.Visit, HelpText: "In our own time zone"}))
	discount := in.Slider("Discount", schema.InputSlider{Max: 10, Step: 0.5, DefaultValue: &before.Discount, HelpText: "In percent"})
	signature := in.RichText("Signature", schema.InputRichText{DefaultValue: &before.Signature})
	marks := tx.IO.Select.Multiple("Tags", schema.SelectMultiple{Options: options(tags), DefaultValue: options(before.Tags), MaxSelections: new(3)})
	blocked := in.Boolean("Blocked?", schema.InputBoolean{DefaultValue: &before.Blocked, HelpText: "Nothing is sent then"})
	number := in.Number("Number", schema.InputNumber{DefaultValue: new(float64(before.ID)), Disabled: true})
	_, err = tx.IO.Group(
		tx.IO.Display.Heading(before.Name, schema.DisplayHeading{Level: 3, Description: before.City}), tx.IO.Display.Image("Badge", badge(before)),
		number, name, email, site, since, call, visit, discount, signature, marks, blocked,
	).Validate(func() string {
		if v := visit.Value(); v != nil && v.Clock.Compare(call.Value()) < 0 {
			return "The visit is earlier in the day than they want to be called."
		}
		return ""
	}).Await(ctx)
	if err != nil {
		return nil, err
	}
	after.Name, after.Email, after.Since, after.CallAfter, after.Visit = name.Value(), email.Value(), since.Value(), call.Value(), visit.Value()
	after.Discount, after.Signature, after.Blocked, after.Tags, after.Site = discount.Value(), signature.Value(), blocked.Value(), nil, ""
	for _, o := range marks.Value() {
		after.Tags = append(after.Tags, schema.Text(o.Value))
	}
	if site.Value() != nil {
		after.Site = *site.Value()
	}
	return s.save(ctx, tx, before, after)
}

// save asks who it is where the address changes, and shows what has changed.
func (s *shop) save(ctx context.Context, tx *interval.Transaction, before, after customer) (any, error) {
	if before.Email != after.Email {
		known, err := tx.IO.ConfirmIdentity("Letters will go elsewhere", schema.ConfirmIdentity{GracePeriodMs: 300_000}).Await(ctx)
		if err != nil {
			return nil, err
		}
		if !known {
			return nil, &schema.Failure{Kind: "Forbidden", Message: "Only who shows who they are may change an address."}
		}
	}
	change(s, &s.customers, func(c customer) bool { return c.ID == before.ID }, func(c *customer) { *c = after })
	_, err := tx.IO.Display.Object("Before and after", record("before", told(before), "after", told(after))).Await(ctx)
	return record("id", after.ID, "name", after.Name, "email", after.Email, "tags", strings.Join(after.Tags, ", ")), err
}

// told is a customer as a tree.
func told(c customer) schema.Record {
	return record("name", c.Name, "email", c.Email, "site", c.Site, "since", c.Since.String(), "tags", schema.Set(anys(c.Tags)), "discount", c.Discount)
}

func anys(texts []string) []any {
	out := make([]any, len(texts))
	for i, t := range texts {
		out[i] = t
	}
	return out
}

func options(texts []string) []schema.Option { return interval.Options(anys(texts)...) }

// write sends a letter.
func (s *shop) write(ctx context.Context, tx *interval.Transaction) (any, error) {
	search := s.customerSearch()
	search.Defaults = list(s, &s.customers)[:1]
	to := interval.SearchMultiple(tx.IO, "To", search)
	subject := tx.IO.Input.Text("Subject", schema.InputText{MaxLength: 80})
	letter := tx.IO.Input.RichText("Letter", schema.InputRichText{DefaultValue: new("<p>Dear all,</p>")})
	files := interval.Optional(interval.Multiple(tx.IO.Input.File("Enclosed", interval.FileOptions{HelpText: "Any number of files"})))
	when := interval.Optional(tx.IO.Input.DateTime("Send at", schema.InputDateTime{HelpText: "Left out: now"}))
	choice, err := tx.IO.Group(to, subject, letter, files, when).Validate(func() string {
		if len(to.Value()) == 0 {
			return "A letter to nobody."
		}
		return ""
	}).WithChoices(schema.ChoiceButton{Label: "Send", Value: "send"}, schema.ChoiceButton{Label: "Keep as a draft", Value: "draft"}).Await(ctx)
	if err != nil {
		return nil, err
	}
	size := 0
	if files.Value() != nil {
		for _, f := range *files.Value() {
			content, err := f.Read(ctx, 10<<20)
			if err != nil {
				return nil, err
			}
			size += len(content)
			tx.Log("enclosed", f.Name, fmt.Sprint(len(content), " bytes"))
		}
	}
	n := len(to.Value())
	tx.Loading.Start(interval.LoadingState{Label: "Writing", ItemsInQueue: &n})
	for range to.Value() {
		if err := s.pause(ctx); err != nil {
			return nil, err
		}
		tx.Loading.CompleteOne()
	}
	_, err = tx.IO.Display.HTML("The letter", "<h3>"+subject.Value()+"</h3>"+letter.Value()).Await(ctx)
	return record("letters", n, "enclosed", size, "sent", choice == "send"), err
}
