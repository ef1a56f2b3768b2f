package model

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"ioscope/client/bus"
)

// A key that is read anew has the rates of when its rows came: never those of when they
// were read, and none before all that counts was read.
func TestRatesAfterTheFilterChanged(t *testing.T) {
	t.Parallel()
	start := time.Unix(1_800_000_000, 0)
	tail := NewTail(TailOptions{MaxRows: 100_000})
	steps, _ := ReadPath("$.k")
	number, _ := ReadPath("$.n")
	tail.ByKey(steps, number)
	const perSecond, seconds = 5000, 16
	for i := range perSecond * seconds {
		now := start.Add(time.Duration(i) * time.Second / perSecond)
		tail.Append(bus.StreamData{At: now, Data: json.RawMessage(fmt.Sprintf(`{"k":"K%d","n":%d}`, i%10, i))})
		if i%500 == 0 {
			tail.Work()
		}
	}
	now := start.Add(seconds * time.Second)
	for tail.Work() {
	}
	if rate := tail.Latest().Entry("K3").Rate(now); rate != perSecond/10 || !tail.RatesKnown(now) {
		t.Fatalf("the rate is %v, known %v", rate, tail.RatesKnown(now))
	}
	spark := tail.Latest().Entry("K3").Spark(now)

	tail.Sieve(func(row *TailRow) bool { return true }, false)
	for rounds := 0; ; rounds++ {
		more := tail.Work()
		known := tail.RatesKnown(now)
		if e := tail.Latest().Entry("K3"); e != nil {
			if rate := e.Rate(now); rate > perSecond/10 || known && rate != perSecond/10 {
				t.Fatalf("after %d rounds the rate is %v, known %v", rounds, rate, known)
			}
			e.Spark(now) // as each frame does
		}
		if !more {
			if !known || rounds < 3 {
				t.Errorf("known %v after %d rounds", known, rounds)
			}
			break
		}
		if known && rounds < 3 {
			t.Errorf("known after %d rounds", rounds)
		}
	}
	again := tail.Latest().Entry("K3").Spark(now)
	for i := range spark {
		if spark[i] != again[i] && !(math.IsNaN(spark[i]) && math.IsNaN(again[i])) {
			t.Errorf("the sparkline was %v, and is %v", spark, again)
			break
		}
	}
	if rate := tail.Viewed().Rate(now); rate != perSecond {
		t.Errorf("%v a second pass", rate)
	}
	tail.Sieve(nil, false)
	if rate := tail.Viewed().Rate(now); rate != perSecond {
		t.Errorf("%v a second pass without a filter", rate)
	}
}
