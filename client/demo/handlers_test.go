package demo

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
)

// noon is the clock of the tests; its text on the bus is noonText.
var noon = time.Date(2026, 7, 4, 12, 0, 0, 0, time.UTC)

const noonText = `"#T42_DATE#1783166400000"`

func fixed() Options { return Options{Now: func() time.Time { return noon }} }

const goodClient = `{"name":"Quill & Co","segment":"retail","address":{"street":"1 Row","city":"York","country":"GB"},` +
	`"contacts":[{"kind":"email","value":"desk@quill.example"}],"creditLimit":25000.50,"active":true,` +
	`"accountIds":[9007199254740993,7]}`

func TestHandlers(t *testing.T) {
	t.Parallel()
	const northwind = `{"id":9007199254740993,"name":"Northwind Traders",` +
		`"address":{"street":"12 Harbour Street","city":"Rotterdam","country":"NL"},"creditLimit":"25000.5","active":true,"rating":4,` +
		`"contacts":[{"kind":"email","value":"desk@northwind.example"},{"kind":"phone","value":"+31 10 555 0100"}],` +
		`"accountIds":[9007199254741993,`
	const quill = `"name":"Quill & Co","segment":"retail","address":{"street":"1 Row","city":"York","country":"GB"},` +
		`"creditLimit":25000.50,"active":true,"since":` + noonText + `,` +
		`"contacts":[{"kind":"email","value":"desk@quill.example"}],"accountIds":[9007199254740993,7]}`
	// The calls are made in this order, on one bus. A want that ends in … is a beginning.
	calls := []struct{ app, method, args, want, reason string }{
		{"CalcPrecise", "Addition", `{"a":2,"b":3}`, `{"sum":5}`, ""},
		{"CalcPrecise", "Addition", `{"a":2,"b":3,"c":-10}`, `{"sum":-5}`, ""},
		{"CalcPrecise", "Addition", `{"a":2147483647,"b":2147483647}`, `{"sum":4294967294}`, ""},
		{"CalcPrecise", "Addition", `{"a":2}`, "", "b is missing"},
		{"CalcPrecise", "Division", `{"a":1,"b":3}`, `{"quotient":0.33333333333333,"remainder":1,"exact":false,"unit":"none"}`, ""},
		{"CalcPrecise", "Division", `{"a":-7,"b":2}`, `{"quotient":-3.5,"remainder":-1,"exact":true,"unit":"none"}`, ""},
		{"CalcPrecise", "Division", `{"a":0.3,"b":0.1}`, `{"quotient":3,"remainder":0,"exact":true,"unit":"none"}`, ""},
		{"CalcPrecise", "Division", `{"a":1e-30,"b":3}`, `{"quotient":0.000000000000000000000000000000333…`, ""},
		{"CalcPrecise", "Division", `{"a":1,"b":0}`, "", "division by zero: b is 0"},
		{"CalcPrecise", "Multiply", `{"a":0.1,"b":0.20}`, `{"product":0.02}`, ""},
		{"CalcPrecise", "Multiply", `{"a":12345678901234567890,"b":10}`, `{"product":123456789012345678900}`, ""},
		{"CalcPrecise", "Multiply", `{"a":"1","b":2}`, "", `a is not a double: "1"`},
		{"CalcClassic", "Addition", `{"a":2,"b":3}`, `{"sum":5}`, ""},
		{"CalcClassic", "Addition", `{"a":2147483647,"b":1}`, "", "the sum 2147483648 does not fit an int"},
		{"CalcClassic", "Addition", `{"a":2.5,"b":1}`, "", "a is not an int: 2.5"},
		{"CalcClassic", "Division", `{"a":1,"b":3}`, `{"quotient":0.3333,"exact":false,"unit":"none"}`, ""},
		{"CalcClassic", "Division", `{"a":1,"b":0}`, "", "division by zero: b is 0"},
		{"CalcClassic", "Division", `{"a":1e300,"b":1e-300}`, "", "the result is too large for a double"},
		{"CalcClassic", "Multiply", `{"a":0.00001,"b":1}`, `{"product":0}`, ""},
		{"Grumpy", "Addition", `{"a":2,"b":3}`, "", "not in the mood to divide today"},
		{"Grumpy", "Division", `{"a":1,"b":3}`, "", "not in the mood to divide today"},
		{"Grumpy", "Sulk", `{}`, "", "not in the mood to divide today"},

		{"ClientDesk", "Clients.Get", `{"id":9007199254740993}`, northwind + "…", ""},
		{"ClientDesk", "Clients.Get", `{"id":"9007199254740993"}`, northwind + "…", ""},
		{"ClientDesk", "Clients.Get", `{"id":9007199254740992}`, "", "no client 9007199254740992"},
		{"ClientDesk", "Clients.Get", `{}`, "", "id is missing"},
		{"ClientDesk", "Clients.Find", `{"query":"no such thing"}`, `{"clients":[],"total":0}`, ""},
		{"ClientDesk", "Clients.Find", `{"query":"NORTHWIND","limit":1}`, `{"clients":[` + northwind + "…", ""},
		{"ClientDesk", "Clients.Find", `{"query":"","limit":0}`, "", "limit 0 is not between 1 and 200"},
		{"ClientDesk", "Clients.Create", goodClient, `{"id":9007199254741011,` + quill, ""},
		{
			"ClientDesk", "Clients.Create", `{"name":"X","address":{"street":"1 Row","city":"York"},"contacts":[],"creditLimit":1,"active":true}`,
			"", "address.country is missing",
		},
		{"ClientDesk", "Clients.Create", strings.Replace(goodClient, `"email"`, `"fax"`, 1), "", `contacts[0].kind is neither email nor phone: "fax"`},
		{"ClientDesk", "Clients.Create", strings.Replace(goodClient, `Quill & Co`, ``, 1), "", `name is empty`},
		{
			"ClientDesk", "Clients.Create", strings.Replace(goodClient, `1 Row`, strings.Repeat("x", recordMost), 1), "",
			"a client takes at most 16384 bytes, not …",
		},
		{
			"ClientDesk", "Clients.Update", `{"id":9007199254741011,"active":false,"creditLimit":1e2}`,
			`{"id":9007199254741011,` + strings.NewReplacer("true", "false", "25000.50", "1e2").Replace(quill), "",
		},
		{"ClientDesk", "Clients.Update", `{"id":9007199254741011,"active":"no"}`, "", `active is not a bool: "no"`},
		{"ClientDesk", "Clients.Update", `{"id":1}`, "", `no client 1`},
		{"ClientDesk", "Clients.Remove", `{"id":9007199254741011}`, `{"id":9007199254741011,"removed":true}`, ""},
		{"ClientDesk", "Clients.Remove", `{"id":9007199254741011}`, "", "no client 9007199254741011"},

		{"OrderBlotter", "Orders.Place", `{"symbol":"vod","side":"buy","qty":100}`, `{"id":88001,"status":"working","placed":` + noonText + `}`, ""},
		{"OrderBlotter", "Orders.Place", `{"symbol":"BP","side":"sell","qty":5,"type":"limit","limit":4.5,"goodTill":"2026-07-05",` +
			`"allOrNone":true,"collar":[4.1,4.9],"desk":"Delta"}`, `{"id":88002,"status":"working","placed":` + noonText + `}`, ""},
		{"OrderBlotter", "Orders.Place", `{"symbol":"VOD","side":"buy","qty":-1}`, "", "qty below 1"},
		{"OrderBlotter", "Orders.Place", `{"symbol":"VOD","side":"buy","qty":1000000000}`, "", "qty above 1,000,000"},
		{"OrderBlotter", "Orders.Place", `{"symbol":"VOD","side":"hold","qty":1}`, "", `side is neither buy nor sell: "hold"`},
		{"OrderBlotter", "Orders.Place", `{"symbol":"NO","side":"buy","qty":1}`, "", `no symbol "NO"; there are AAPL, …`},
		{"OrderBlotter", "Orders.Place", `{"symbol":"VOD","side":"buy","qty":1,"type":"stop"}`, "", "limit is missing: a stop order needs it"},
		{"OrderBlotter", "Orders.Place", `{"symbol":"VOD","side":"buy","qty":1,"goodTill":"#T42_DATE#0"}`, "", "goodTill is past"},
		{
			"OrderBlotter", "Orders.Place", `{"symbol":"VOD","side":"buy","qty":1,"collar":{"low":2,"high":1}}`, "",
			"collar is upside down: low is above high",
		},
		{"OrderBlotter", "Orders.Cancel", `{"id":88001}`, `{"id":88001,"status":"cancelled"}`, ""},
		{"OrderBlotter", "Orders.Cancel", `{"id":88001}`, "", "order 88001 is cancelled already"},
		{"OrderBlotter", "Orders.Cancel", `{"id":7}`, "", "no order 7"},

		{"PriceFeed", "Prices.Get", `{"symbol":"aapl"}`, `{"symbol":"AAPL","bid":142.30,"ask":142.33,"size":100,"seq":0,"at":` + noonText + `}`, ""},
		{"PriceFeed", "Prices.Get", `{"symbol":"NO"}`, "", `no symbol "NO"; there are AAPL, …`},
		{"PriceArchive", "Prices.Get", `{"sym":"VOD"}`, `{"sym":"VOD","close":0.7312,"currency":"GBP"}`, ""},
		{"PriceArchive", "Prices.Get", `{"symbol":"VOD"}`, "", "sym is missing"},

		{"SlowReports", "Reports.List", `{}`, `{"reports":[{"kind":"daily","title":"Positions at the end of the day","pages":4},…`, ""},
		{
			"SlowReports", "Reports.Build", `{"kind":"daily","seconds":0}`,
			`{"kind":"daily","title":"Positions at the end of the day","pages":4,"built":` + noonText + `}`, "",
		},
		{"SlowReports", "Reports.Build", `{"kind":"hourly"}`, "", `no report "hourly"; there are daily, weekly and annual`},
		{"SlowReports", "Reports.Build", `{"kind":"daily","seconds":601}`, "", "seconds 601 is not between 0 and 600"},
		{"Commuter", "Commuter.Ping", `{}`, `{"pong":"pong","visit":1}`, ""},
		{"Commuter", "Commuter.Ping", `{"text":"hello"}`, `{"pong":"hello","visit":1}`, ""},

		{"Oddities", "Oddities.Undeclared", `{"any":[1,2.50]}`, `{"any":[1,2.50]}`, ""},
		{"Oddities", "Oddities.Unparsable", `{}`, `{}`, ""},
		{"Oddities", "Oddities.Scalar", `{}`, `{"_value":42}`, ""},
		{"Oddities", "Oddities.List", `{}`, `{"_value":["one",2,3.5,null,{"four":[]}]}`, ""},
		{"Oddities", "Oddities.Nothing", `{}`, `{}`, ""},
		{"Oddities", "Oddities.ManyDigits", `{}`, `{"value":1234567890123456789012345,"tiny":1e-400,…`, ""},
		{"Oddities", "Oddities.HostileError", `{}`, "", hostile},
		{"Oddities", "Oddities.NoReason", `{}`, "", "agm.errors.client_error"},
	}
	drift := map[string][]string{}
	onBed(t, fixed(), func(b *bed) {
		for _, call := range calls {
			got, err := b.ask(call.app, call.method, call.args)
			reason := ""
			if err != nil {
				reason = err.Error()
			}
			if !fits(reason, call.reason) {
				t.Errorf("%s %s %s: error %q, want %q", call.app, call.method, call.args, reason, call.reason)
			}
			if !fits(got, call.want) {
				t.Errorf("%s %s %s:\ngot  %s\nwant %s", call.app, call.method, call.args, got, call.want)
			}
			if err == nil && call.app != "Oddities" {
				key := call.app + " " + call.method
				drift[key] = append(drift[key], b.drift(call.app, call.method, json.RawMessage(got))...)
			}
		}
	})
	checkDrift(t, drift)
}

// checkDrift compares where answers left what was declared with where they are meant to.
func checkDrift(t *testing.T, got map[string][]string) {
	t.Helper()
	meant := map[string][]string{
		"CalcPrecise Addition": {"sum: 4294967294, wants int"},
		"CalcClassic Division": {"remainder: missing, wants double"},
		"ClientDesk Clients.Get": {
			"creditLimit: string, wants double", "since: missing, wants datetime", "rating: extra: not in the signature",
			"creditLimit: string, wants double", "since: missing, wants datetime", "rating: extra: not in the signature",
		},
		"ClientDesk Clients.Find": {
			"clients[0].creditLimit: string, wants double", "clients[0].since: missing, wants datetime",
			"clients[0].rating: extra: not in the signature",
		},
	}
	for key, problems := range got {
		if !slices.Equal(problems, meant[key]) {
			t.Errorf("%s drifts: %q, want %q", key, problems, meant[key])
		}
	}
}

// drift lists where a value does not keep to what the method declares to return.
func (b *bed) drift(application, name string, value json.RawMessage) []string {
	b.t.Helper()
	for _, c := range b.me.Methods(bus.MethodFilter{Name: name}) {
		if c.Server.ApplicationName != application {
			continue
		}
		sig, err := bus.ParseSignature(c.Method.Returns)
		if err != nil {
			b.t.Fatal(err)
		}
		var out []string
		for _, p := range bus.Check(sig, value) {
			out = append(out, p.Path+": "+p.Reason())
		}
		return out
	}
	b.t.Fatalf("%s does not offer %s", application, name)
	return nil
}

func TestFindNorth(t *testing.T) {
	t.Parallel()
	onBed(t, Options{}, func(b *bed) {
		found := b.mustAsk("ClientDesk", "Clients.Find", `{"query":"north"}`)
		if !strings.Contains(found, `"Northgate Foods"`) || !strings.HasSuffix(found, `],"total":2}`) {
			t.Errorf("north finds %s", found)
		}
		one := b.mustAsk("ClientDesk", "Clients.Find", `{"query":"north","limit":1}`)
		if strings.Contains(one, `"Northgate Foods"`) || !strings.HasSuffix(one, `],"total":2}`) {
			t.Errorf("north finds, with limit 1, %s", one)
		}
	})
}

// fits compares with a want that is a beginning if it ends in ….
func fits(got, want string) bool {
	if start, open := strings.CutSuffix(want, "…"); open {
		return strings.HasPrefix(got, start)
	}
	return got == want
}

func TestSlowReportTakesItsTime(t *testing.T) {
	t.Parallel()
	onBed(t, Options{}, func(b *bed) {
		for arguments, want := range map[string]time.Duration{
			`{"kind":"annual"}`:              12 * time.Second,
			`{"kind":"annual","seconds":25}`: 25 * time.Second,
		} {
			began := time.Now()
			b.mustAsk("SlowReports", "Reports.Build", arguments)
			if took := time.Since(began); took != want {
				t.Errorf("%s took %s, want %s", arguments, took, want)
			}
		}
	})
}

func TestHugeAndHostileArriveWhole(t *testing.T) {
	t.Parallel()
	onBed(t, Options{}, func(b *bed) {
		huge := b.mustAsk("Oddities", "Oddities.Huge", `{}`)
		if len(huge) < 2<<20 || !json.Valid([]byte(huge)) {
			t.Errorf("the huge payload has %d bytes", len(huge))
		}
		said := fields(t, json.RawMessage(b.mustAsk("Oddities", "Oddities.Hostile", `{}`)))
		if said["text"] != hostile || said[escapes] != controls {
			t.Errorf("the hostile text came as %q", said)
		}
		for _, c := range b.me.Methods(bus.MethodFilter{Name: "Oddities.Hostile"}) {
			if c.Method.DisplayName != hostile || c.Method.Description != hostile {
				t.Errorf("the hostile name came as %q", c.Method.DisplayName)
			}
		}
		deep := b.mustAsk("Oddities", "Oddities.Deep", `{}`)
		if strings.Count(deep, "{") != 500 {
			t.Errorf("the deep payload came as %d objects", strings.Count(deep, "{"))
		}
	})
}
