package client_test

import (
	"encoding/json"
	"testing"
	"time"

	"ioscope/client"
)

func TestDateOnTheWire(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text string
		want int64
		bad  bool
	}{
		{text: `"#T42_DATE#1700000000123"`, want: 1700000000123},
		{text: `"#T42_DATE#-1"`, want: -1},
		{text: `"2023-11-14T22:13:20.123Z"`, want: 1700000000123},
		{text: `"#T42_DATE#"`, bad: true},
		{text: `"#T42_DATE#12x"`, bad: true},
		{text: `17`, bad: true},
	} {
		var d client.Date
		err := json.Unmarshal([]byte(test.text), &d)
		if (err != nil) != test.bad || err == nil && d.UnixMilli() != test.want {
			t.Errorf("%s: %v, %v", test.text, d, err)
		}
	}
	raw, err := json.Marshal(struct{ At client.Date }{client.Date{Time: time.UnixMilli(5)}})
	if err != nil || string(raw) != `{"At":"#T42_DATE#5"}` {
		t.Errorf("%s, %v", raw, err)
	}
	d := client.Date{Time: time.UnixMilli(5)}
	if err := json.Unmarshal([]byte("null"), &d); err != nil || d.UnixMilli() != 5 {
		t.Errorf("null: %v, %v", d, err)
	}
}

func TestPauses(t *testing.T) {
	t.Parallel()
	o := &client.Options{RetryMin: time.Second, RetryMax: 4 * time.Second}
	const short, long = time.Millisecond, time.Minute
	for _, test := range []struct {
		name  string
		lives []time.Duration
		want  []time.Duration // the longest that each may be; the shortest is half of it
	}{
		{"never there", []time.Duration{0, 0, 0, 0}, []time.Duration{1e9, 2e9, 4e9, 4e9}},
		{"lost, then gone", []time.Duration{long, 0, 0}, []time.Duration{0, 1e9, 2e9}},
		{"lost now and then", []time.Duration{long, long, long}, []time.Duration{0, 0, 0}},
		{"dropped at once", []time.Duration{short, short, short}, []time.Duration{0, 1e9, 2e9}},
		{"good again", []time.Duration{0, 0, long, 0}, []time.Duration{1e9, 2e9, 0, 1e9}},
	} {
		for i, got := range client.Pauses(o, test.lives...) {
			if got > test.want[i] || got < test.want[i]/2 {
				t.Errorf("%s: pause %d is %s, want at most %s", test.name, i, got, test.want[i])
			}
		}
	}
}
