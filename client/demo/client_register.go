package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"ioscope/client"
)

// firstClient is the id of the first client: the smallest whole number that a
// double can't hold. Ids must never pass through one; where a gateway reads
// numbers as doubles, as the vendor's does, callers ask with the digits as a text.
const firstClient = 1<<53 + 1

// clientsMost is how many clients the desk keeps at most.
const clientsMost = 5000

// customer is a client of the desk, in the order in which it is shown.
type customer struct {
	ID      int64   `json:"id"`
	Name    string  `json:"name"`
	Segment string  `json:"segment,omitempty"`
	Address address `json:"address"`
	// CreditLimit keeps the digits that were given.
	CreditLimit json.RawMessage `json:"creditLimit"`
	Active      bool            `json:"active"`
	// Rating is in no signature; an old record has it still.
	Rating     int          `json:"rating,omitempty"`
	Since      *client.Date `json:"since,omitempty"`
	Contacts   []contact    `json:"contacts"`
	AccountIDs []int64      `json:"accountIds,omitempty"`
}

type address struct {
	Street   string `json:"street"`
	City     string `json:"city"`
	Country  string `json:"country"`
	Postcode string `json:"postcode,omitempty"`
}

type contact struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// register keeps clients in the order of their ids.
type register struct {
	byID map[int64]customer
	ids  []int64
	next int64
}

// companies are the clients that the desk begins with: name and domain.
var companies = []struct{ name, domain string }{
	{"Northwind Traders", "northwind"},
	{"Northgate Foods", "northgate"},
	{"Harbour & Quay", "harbourquay"},
	{"Tern Shipping", "tern"},
	{"Alder Paper", "alder"},
	{"Café Müller", "cafemuller"},
	{"Lindqvist Möbler", "lindqvist"},
	{"東京テレビ工業", "tokyotv"},
	{"Ёлка Торг", "yolka"},
	{"Brightwater Utilities", "brightwater"},
	{"Copperfield Metals", "copperfield"},
	{"Delta Dredging", "deltadredging"},
	{"Eastmoor Rail", "eastmoor"},
	{"Fennel & Thyme", "fennelthyme"},
	{"Granite Insurance", "granite"},
	{"Hollow Oak Press", "hollowoak"},
	{"Ironbridge Tools", "ironbridge"},
	{"Juniper Health", "juniper"},
}

var places = []address{
	{"12 Harbour Street", "Rotterdam", "NL", "3011 AB"},
	{"4 Long Lane", "London", "GB", "EC1A 9EJ"},
	{"88 Rue du Lac", "Genève", "CH", "1207"},
	{"7 Storgatan", "Malmö", "SE", ""},
	{"1 Liberty Plaza", "New York", "US", "10006"},
	{"3-2-1 Marunouchi", "Tokyo", "JP", "100-0005"},
}

var segments = []string{"", "retail", "wholesale", "industry"}

// newRegister fills the desk. The first client is an old record, which does not
// keep to what Clients.Find declares: its limit is a text, it has a rating, and
// nobody wrote down since when it is one.
func newRegister(rng *rand.Rand) *register {
	r := &register{byID: map[int64]customer{}, next: firstClient}
	for i, company := range companies {
		since := client.Date{Time: time.Date(2015+rng.IntN(10), time.Month(1+rng.IntN(12)), 1+rng.IntN(28), 9, 0, 0, 0, time.UTC)}
		c := customer{
			Name:        company.name,
			Segment:     segments[rng.IntN(len(segments))],
			Address:     places[rng.IntN(len(places))],
			CreditLimit: wholeAmount(500 * (10 + rng.Int64N(190))),
			Active:      rng.IntN(6) > 0,
			Since:       &since,
			Contacts: []contact{
				{"email", "desk@" + company.domain + ".example"},
				{"phone", fmt.Sprintf("+31 10 555 01%02d", i)},
			},
			AccountIDs: []int64{r.next + 1000, rng.Int64N(100_000)},
		}
		if i == 0 {
			c.Address, c.Active, c.Segment = places[0], true, ""
			c.Address.Postcode = ""
			c.CreditLimit, c.Rating, c.Since = json.RawMessage(`"25000.5"`), 4, nil
		}
		_, _ = r.add(c)
	}
	return r
}

// add gives a client the next id.
func (r *register) add(c customer) (customer, error) {
	if len(r.ids) >= clientsMost {
		return c, fmt.Errorf("the desk is full: it keeps %d clients", clientsMost)
	}
	c.ID = r.next
	r.next++
	r.ids = append(r.ids, c.ID)
	r.byID[c.ID] = c
	return c, nil
}

// put replaces a client that is there.
func (r *register) put(c customer) { r.byID[c.ID] = c }

func (r *register) remove(id int64) {
	delete(r.byID, id)
	if i, ok := slices.BinarySearch(r.ids, id); ok {
		r.ids = slices.Delete(r.ids, i, i+1)
	}
}

func (r *register) get(id int64) (customer, error) {
	c, ok := r.byID[id]
	if !ok {
		return c, errors.New("no client " + strconv.FormatInt(id, 10))
	}
	return c, nil
}

// find returns the clients whose name, city or segment has the query in it.
func (r *register) find(query string) []customer {
	query = strings.ToLower(query)
	found := []customer{}
	for _, id := range r.ids {
		c := r.byID[id]
		text := strings.ToLower(c.Name + "\n" + c.Address.City + "\n" + c.Segment)
		if strings.Contains(text, query) {
			found = append(found, c)
		}
	}
	return found
}

// pick returns one of the clients, or false when there is none.
func (r *register) pick(rng *rand.Rand) (customer, bool) {
	if len(r.ids) == 0 {
		return customer{}, false
	}
	return r.byID[r.ids[rng.IntN(len(r.ids))]], true
}

func wholeAmount(n int64) json.RawMessage {
	return strconv.AppendInt(nil, n, 10)
}
