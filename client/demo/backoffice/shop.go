package backoffice

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"ioscope/client/interval"
	"ioscope/client/interval/schema"
)

// shop is all that the actions work on.
type shop struct {
	opts Options

	mu        sync.Mutex
	customers []customer
	orders    []order
	products  []product
}

// customer is somebody whom the shop sells to.
type customer struct {
	ID        int
	Name      string
	Email     string
	City      string
	Site      string
	Tags      []string
	Discount  float64
	Since     schema.Date
	CallAfter schema.Clock
	Visit     *schema.DateTime
	Signature string
	Blocked   bool
}

// order is what a customer bought.
type order struct {
	Number   string    `json:"number"`
	Customer string    `json:"customer"`
	Placed   time.Time `json:"placed"`
	Total    float64   `json:"total"`
	Refunded float64   `json:"refunded"`
	Status   string    `json:"status"`
	Lines    []line    `json:"-"`
}

// open is what can be paid back.
func (o order) open() float64 { return cents(o.Total - o.Refunded) }

// line is a position of an order.
type line struct {
	SKU   string  `json:"sku"`
	Name  string  `json:"name"`
	Qty   int     `json:"qty"`
	Price float64 `json:"price"`
}

// product is something on the shelf.
type product struct {
	SKU   string  `json:"sku"`
	Name  string  `json:"name"`
	Stock int     `json:"stock"`
	Price float64 `json:"price"`
}

var (
	statuses = []string{"new", "packed", "sent", "returned"}
	tags     = []string{"wholesale", "export", "late payer", "newsletter"}
	woods    = []string{"Alder", "Birch", "Cedar", "Elm", "Hazel", "Juniper", "Larch", "Maple", "Rowan", "Willow"}
	trades   = []string{"Bakery", "Boatyard", "Cycles", "Fittings", "Joinery", "Looms", "Press", "Stationers"}
	towns    = []string{"Bergen", "Gdansk", "Lisbon", "Porto", "Riga", "Turku", "Utrecht"}
	things   = []string{"bolt", "bracket", "clamp", "hinge", "hook", "nut", "pulley", "rivet", "screw", "washer"}
	sizes    = []string{"small", "medium", "large", "long"}
)

// cents rounds to what can be paid.
func cents(f float64) float64 { return float64(int64(f*100+0.5)) / 100 }

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// newShop makes the data of a seed.
func newShop(opts Options) *shop {
	s := &shop{opts: opts}
	r := rand.New(rand.NewPCG(uint64(opts.Seed), 0x0ff1ce)) //nolint:gosec // the same shop each time is what is wanted
	day := opts.Now().UTC().Truncate(24 * time.Hour)
	for _, size := range sizes {
		for _, thing := range things {
			s.products = append(s.products, product{
				SKU: fmt.Sprintf("SKU-%03d", len(s.products)+1), Name: size + " " + thing, Stock: r.IntN(400), Price: cents(0.2 + 20*r.Float64()),
			})
		}
	}
	for i := range 80 {
		name := woods[i%len(woods)] + " " + trades[i/len(woods)]
		slug := strings.ReplaceAll(strings.ToLower(name), " ", "-")
		since := day.AddDate(0, 0, -r.IntN(2000))
		s.customers = append(s.customers, customer{
			ID: 100 + i, Name: name, Email: "office@" + slug + ".example", City: pick(r, towns), Site: "https://" + slug + ".example/",
			Tags: []string{pick(r, tags)}, Discount: float64(r.IntN(21)) / 2, CallAfter: schema.Clock{Hour: 8 + r.IntN(8), Minute: 15 * r.IntN(4)},
			Since: schema.Date{Year: since.Year(), Month: int(since.Month()), Day: since.Day()}, Signature: "<p>With thanks, <strong>" + name + "</strong></p>",
		})
	}
	for i := range 640 {
		o := order{
			Number: fmt.Sprintf("#%d", 1001+i), Customer: pick(r, s.customers).Name, Status: pick(r, statuses),
			Placed: day.Add(-time.Duration(640-i) * 5 * time.Hour),
		}
		for range 1 + r.IntN(5) {
			p := pick(r, s.products)
			l := line{p.SKU, p.Name, 1 + r.IntN(20), p.Price}
			o.Lines = append(o.Lines, l)
			o.Total = cents(o.Total + float64(l.Qty)*l.Price)
		}
		s.orders = append(s.orders, o)
	}
	return s
}

// list copies what is there now.
func list[T any](s *shop, all *[]T) []T {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(*all)
}

// change edits the one that fits; false when there is none.
func change[T any](s *shop, all *[]T, fits func(T) bool, edit func(*T)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(*all, fits)
	if i >= 0 {
		edit(&(*all)[i])
	}
	return i >= 0
}

// finding searches texts of things, at most ten hits.
func finding[T any](all []T, words func(T) string, query string) []T {
	var out []T
	for _, item := range all {
		if len(out) < 10 && strings.Contains(strings.ToLower(words(item)), strings.ToLower(query)) {
			out = append(out, item)
		}
	}
	return out
}

// euros shows money.
func euros(f float64) string { return fmt.Sprintf("€%.2f", f) }

// money is a cell that sorts as a number.
func money(f float64) schema.TableCell { return schema.TableCell{Label: euros(f), Value: f} }

var statusColours = map[string]schema.Highlight{"new": schema.Blue, "packed": schema.Yellow, "sent": schema.Green, "returned": schema.Red}

// orderColumns are those of every table of orders.
func orderColumns() []interval.TableColumn[order] {
	return []interval.TableColumn[order]{
		{Label: "Order", Key: "number"},
		{Label: "Customer", Key: "customer"},
		{Label: "Placed", Key: "placed"},
		{Label: "Total", Key: "total", Cell: func(o order) any { return money(o.Total) }},
		{Label: "Status", Key: "status", Cell: func(o order) any {
			return schema.TableCell{Label: o.Status, HighlightColor: statusColours[o.Status]}
		}},
	}
}

// record makes a record of alternating names and values.
func record(pairs ...any) schema.Record {
	var out schema.Record
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, schema.Member{Name: fmt.Sprint(pairs[i]), Value: pairs[i+1]})
	}
	return out
}
