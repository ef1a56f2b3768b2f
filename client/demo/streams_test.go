package demo

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client/bus"
)

func TestRejectionsCarryReasons(t *testing.T) {
	t.Parallel()
	onBed(t, Options{}, func(b *bed) {
		for _, test := range []struct{ stream, args, reason string }{
			{"Orders.Blotter", `{"desk":"guest"}`, `desk "guest" may not see orders`},
			{"Orders.Blotter", `{"desk":" GUEST "}`, `desk "guest" may not see orders`},
			{"Orders.Blotter", `{}`, `desk is missing`},
			{"Orders.Blotter", `{"desk":""}`, `desk is empty`},
			{"Orders.Blotter", `{"desk":"` + strings.Repeat("x", 41) + `"}`, `desk is longer than 40 bytes`},
			{"MarketData.Prices", `{}`, `symbol is missing`},
			{"MarketData.Prices", `{"symbol":7}`, `symbol is not a string: 7`},
			{"MarketData.Prices", `{"symbol":"XX"}`, `no symbol "XX"; there are AAPL, …`},
			{"LoadTest.Ticks", `{"rate":0}`, `rate 0 is not between 1 and 50000`},
			{"LoadTest.Ticks", `{"rate":50001}`, `rate 50001 is not between 1 and 50000`},
			{"LoadTest.Ticks", `{"rate":"fast"}`, `rate is not an int: "fast"`},
		} {
			_, _, err := b.subscribe(test.stream, test.args)
			if err == nil || !fits(reasonOf(err), test.reason) {
				t.Errorf("%s %s: %v, want the reason %s", test.stream, test.args, err, test.reason)
			}
		}
	})
}

func TestFloodHasRoomForSoMuch(t *testing.T) {
	t.Parallel()
	onBed(t, Options{}, func(b *bed) {
		_, slow, err := b.subscribe("LoadTest.Ticks", `{"rate":10}`)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = b.subscribe("LoadTest.Ticks", `{"rate":50000}`)
		if want := "10 of 50000 events a second are taken; there is no room for 50000 more"; reasonOf(err) != want {
			t.Errorf("got %v, want the reason %s", err, want)
		}
		if _, same, err := b.subscribe("LoadTest.Ticks", `{"rate":10}`); err != nil {
			t.Error(err)
		} else {
			_ = same.Close()
		}
		_ = slow.Close()
		synctest.Wait()
		if _, all, err := b.subscribe("LoadTest.Ticks", `{"rate":50000}`); err != nil {
			t.Errorf("no room after the others have gone: %v", err)
		} else {
			_ = all.Close()
		}
	})
}

func TestPricesOfOneSymbol(t *testing.T) {
	t.Parallel()
	onBed(t, Options{}, func(b *bed) {
		const seconds = 60
		l := b.follow("MarketData.Prices", `{"symbol":"AAPL"}`, seconds*time.Second)
		shared, private := l.data(false), l.data(true)
		near(t, "quotes of AAPL", len(shared), 38*seconds, 5)
		for i, e := range shared {
			m := fields(t, e.Data)
			if m["sym"] != "AAPL" || whole(t, m, "seq") != int64(i+1) {
				t.Fatalf("event %d is %s", i, e.Data)
			}
		}
		if len(private) == 0 {
			t.Fatal("no welcome")
		}
		first := fields(t, private[0].Data)
		if first["snapshot"] != true || whole(t, first, "seq") != 0 || first["note"] != "welcome" {
			t.Errorf("the welcome is %s", private[0].Data)
		}
		near(t, "private notes", len(private)-1, 38*seconds/refreshEvery, 80)
		for _, e := range private[1:] {
			if want := `{"sym":"AAPL","note":"quote refreshed for you"}`; string(e.Data) != want {
				t.Errorf("a private note is %s", e.Data)
			}
		}
	})
}

// near reports a count that is further from what is wanted than so many percent.
func near(t *testing.T, what string, got, want, percent int) {
	t.Helper()
	if diff := max(got-want, want-got); 100*diff > percent*want {
		t.Errorf("%d %s, want about %d", got, what, want)
	}
}

func TestPricesHaveABranchPerSymbol(t *testing.T) {
	t.Parallel()
	onBed(t, Options{}, func(b *bed) {
		var tails []*tail
		for _, symbol := range []string{"VOD", "vod", "*"} {
			l, sub, err := b.subscribe("MarketData.Prices", `{"symbol":"`+symbol+`"}`)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = sub.Close() }()
			tails = append(tails, l)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		upper, lower, all := tails[0].data(false), tails[1].data(false), tails[2].data(false)
		near(t, "quotes of VOD", len(upper), 10*104, 5)
		near(t, "quotes of all", len(all), 10*277, 5)
		same := func(a, b bus.StreamData) bool { return string(a.Data) == string(b.Data) }
		if !slices.EqualFunc(upper, lower, same) {
			t.Error("VOD and vod are not one branch")
		}
		bySymbol := map[string][]bus.StreamData{}
		for _, e := range all {
			sym := fmt.Sprint(fields(t, e.Data)["sym"])
			bySymbol[sym] = append(bySymbol[sym], e)
		}
		if len(bySymbol) != len(listings) {
			t.Errorf("* has %d symbols", len(bySymbol))
		}
		if !slices.EqualFunc(upper, bySymbol["VOD"], same) {
			t.Error("* does not have the quotes of VOD")
		}
	})
}

// A quote that nobody asked for would have moved the price.
func TestNothingMovesUnwatched(t *testing.T) {
	t.Parallel()
	onBed(t, fixed(), func(b *bed) {
		ask := func() string {
			return b.mustAsk("PriceFeed", "Prices.Get", `{"symbol":"VOD"}`) + b.mustAsk("ClientDesk", "Clients.Find", `{"query":"","limit":200}`)
		}
		before := ask()
		time.Sleep(2 * time.Minute)
		if after := ask(); after != before {
			t.Error("something moved while nobody was looking")
		}
		b.follow("MarketData.Prices", `{"symbol":"VOD"}`, 2*time.Second)
		b.follow("ClientDesk.Changes", `{}`, 2*reviewEvery)
		watched := ask()
		if watched == before {
			t.Error("nothing moved while somebody was looking")
		}
		time.Sleep(2 * time.Minute)
		if after := ask(); after != watched {
			t.Error("something moved after the last had gone")
		}
	})
}

func TestNewsIsSlow(t *testing.T) {
	t.Parallel()
	onBed(t, fixed(), func(b *bed) {
		news := b.follow("MarketData.News", `{}`, 5*time.Minute).data(false)
		near(t, "items in 5 minutes", len(news), 60, 15)
		for i, e := range news {
			m := fields(t, e.Data)
			if whole(t, m, "seq") != int64(i+1) || m["at"] != strings.Trim(noonText, `"`) || strings.Contains(fmt.Sprint(m["headline"]), "#") {
				t.Fatalf("item %d is %s", i, e.Data)
			}
		}
	})
}

func TestBlotterShowsWhatIsPlaced(t *testing.T) {
	t.Parallel()
	onBed(t, fixed(), func(b *bed) {
		l, sub, err := b.subscribe("Orders.Blotter", `{"desk":"Delta"}`)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		b.mustAsk("OrderBlotter", "Orders.Place", `{"symbol":"BP","side":"buy","qty":77,"desk":"delta"}`)
		b.mustAsk("OrderBlotter", "Orders.Cancel", `{"id":88001}`)
		b.mustAsk("OrderBlotter", "Orders.Place", `{"symbol":"BP","side":"buy","qty":77,"desk":"cash"}`)
		synctest.Wait()
		events := l.data(false)
		near(t, "events in 10 s", len(events), 10*blotterPerSecond, 10)
		var placed []string
		for i, e := range events {
			m := fields(t, e.Data)
			if whole(t, m, "seq") != int64(i+1) || m["desk"] != "delta" {
				t.Fatalf("event %d is %s", i, e.Data)
			}
			if whole(t, m, "filled") > whole(t, m, "qty") {
				t.Errorf("more is filled than was ordered: %s", e.Data)
			}
			if whole(t, m, "order") >= firstOrder {
				placed = append(placed, fmt.Sprint(m["order"], " ", m["status"], " ", m["qty"]))
			}
		}
		if want := []string{"88001 new 77", "88001 cancelled 77"}; !slices.Equal(placed, want) {
			t.Errorf("placed orders show as %q, want %q", placed, want)
		}
		_ = sub.Close()
	})
}

func TestEventsKeepToWhatIsDeclared(t *testing.T) {
	t.Parallel()
	onBed(t, Options{}, func(b *bed) {
		for _, test := range []struct{ app, stream, args string }{
			{"PriceFeed", "MarketData.Prices", `{"symbol":"*"}`},
			{"PriceFeed", "MarketData.News", `{}`},
			{"OrderBlotter", "Orders.Blotter", `{"desk":"cash"}`},
			{"ClientDesk", "ClientDesk.Changes", `{}`},
			{"Flood", "LoadTest.Ticks", `{"rate":20}`},
		} {
			l, sub, err := b.subscribe(test.stream, test.args)
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(8 * time.Second)
			synctest.Wait()
			events := l.data(false)
			if len(events) == 0 {
				t.Errorf("%s is silent", test.stream)
			}
			for _, e := range events[:min(len(events), 50)] {
				if problems := b.drift(test.app, test.stream, e.Data); len(problems) > 0 {
					t.Errorf("%s: %s: %q", test.stream, e.Data, problems)
				}
			}
			_ = sub.Close()
		}
	})
}

func TestNightDeskCloses(t *testing.T) {
	t.Parallel()
	onBed(t, Options{}, func(b *bed) {
		for range 2 { // the next shift begins anew
			l := b.follow("Orders.Blotter", `{"desk":"night"}`, 10*time.Second)
			closed, ok := l.closing()
			if !ok || closed.Reason != "the night desk has gone home" || closed.Mine {
				t.Fatalf("the night desk closed with %+v", closed)
			}
			if n := len(l.data(false)); n != nightShift {
				t.Errorf("a shift has %d events, want %d", n, nightShift)
			}
		}
	})
}

func TestChangesTellOfEveryChange(t *testing.T) {
	t.Parallel()
	onBed(t, fixed(), func(b *bed) {
		l, sub, err := b.subscribe("ClientDesk.Changes", `{}`)
		if err != nil {
			t.Fatal(err)
		}
		b.mustAsk("ClientDesk", "Clients.Create", goodClient)
		b.mustAsk("ClientDesk", "Clients.Update", `{"id":9007199254741011,"name":"Quill"}`)
		b.mustAsk("ClientDesk", "Clients.Remove", `{"id":9007199254741011}`)
		time.Sleep(reviewEvery)
		synctest.Wait()
		var got []string
		for _, e := range l.data(false) {
			m := fields(t, e.Data)
			got = append(got, fmt.Sprint(m["seq"], " ", m["change"], " ", m["name"], " by ", m["by"]))
		}
		want := []string{"1 created Quill & Co by Visitor", "2 updated Quill by Visitor", "3 removed Quill by Visitor"}
		if len(got) != 4 || !slices.Equal(got[:3], want) || !strings.HasSuffix(got[3], "by credit review") {
			t.Errorf("changes are %q", got)
		}
		_ = sub.Close()
	})
}

func TestNoiseIsHeardInFull(t *testing.T) {
	t.Parallel()
	onBed(t, Options{}, func(b *bed) {
		events := b.follow("Oddities.Noise", `{}`, 7*time.Second).data(false)
		if len(events) < len(noise) {
			t.Fatalf("%d events in 7 s", len(events))
		}
		for i, want := range noise {
			if got := string(events[i].Data); got != strings.TrimSpace(string(want)) {
				t.Errorf("noise %d came as %.100q", i, got)
			}
		}
	})
}

func TestFloodReachesItsRate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args string
		rate int
		d    time.Duration
	}{
		{`{}`, 5000, time.Second},
		{`{"rate":3}`, 3, time.Minute},
		{`{"rate":50000}`, 50_000, 200 * time.Millisecond},
	} {
		t.Run(test.args, func(t *testing.T) {
			t.Parallel()
			onBed(t, Options{}, func(b *bed) {
				events := b.follow("LoadTest.Ticks", test.args, test.d).data(false)
				near(t, "ticks", len(events), int(test.d.Seconds()*float64(test.rate)), 6)
				count := map[string]int{}
				for i, e := range events {
					var tick struct {
						Pair string      `json:"pair"`
						Bid  json.Number `json:"bid"`
						N    int64       `json:"n"`
					}
					if err := json.Unmarshal(e.Data, &tick); err != nil || tick.N != int64(i+1) {
						t.Fatalf("tick %d is %s", i, e.Data)
					}
					count[tick.Pair]++
				}
				if test.rate > 1000 {
					near(t, "ticks of EURUSD", count["EURUSD"], len(events)*18/100, 12)
				}
			})
		})
	}
}
