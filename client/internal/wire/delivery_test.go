package wire

import (
	"bytes"
	"strings"
	"testing"
)

// checkDelivery holds PeekEvent against Peek: what the one takes for an event
// the other does too, with the same parts.
func checkDelivery(t *testing.T, msg []byte) bool {
	t.Helper()
	var d Delivery
	ok := PeekEvent(msg, &d)
	f, err := Peek(msg)
	if !ok {
		return false
	}
	if err != nil || f.Domain != AGM || f.Type != Event {
		t.Fatalf("%q is an event, but peek says %s %s, %v", msg, f.Domain, f.Type, err)
	}
	for i, pair := range [][2]Raw{
		{d.SubscriptionID, f.SubscriptionID},
		{d.OOB, f.OOB},
		{d.Sequence, f.Sequence},
		{d.Snapshot, f.Snapshot},
		{d.Data, f.Data},
	} {
		if !bytes.Equal(pair[0], pair[1]) || (pair[0] == nil) != (pair[1] == nil) {
			t.Fatalf("%q: part %d is %s, peek says %s", msg, i, pair[0], pair[1])
		}
	}
	return true
}

func TestPeekEvent(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", maxDepth-1) + strings.Repeat("]", maxDepth-1)
	for msg, want := range map[string]bool{
		`{"domain":"agm","type":"event","subscription_id":"s","oob":false,"sequence":7,"snapshot":null,"data":{"a":[1, 2]}}`: true,
		` { "data" : {} , "type" : "event" , "domain" : "agm" } `:                                                            true,
		`{"domain":"agm","type":"event"}`:                                               true,
		`{"domain":"agm","type":"event","data":1,"data":"\u00e9 é","other":{"data":2}}`: true,
		`{"domain":"agm","type":"event","data":` + deep + `}`:                           true,
		`{"domain":"agm","type":"event","data":[` + deep + `]}`:                         false,
		`{"domain":"agm","type":"result"}`:                                              false,
		`{"domain":"bus","type":"event"}`:                                               false,
		`{"type":"event"}`:                                                              false,
		`{"domain":"agm"}`:                                                              false,
		`{"domain":"agm","type":"\u0065vent"}`:                                          false,
		`{"domain":"agm","type":"event","d\u0061ta":1}`:                                 false,
		`{"domain":"agm","type":"event","type":"call"}`:                                 false,
		`{"domain":"agm","type":"event","data":}`:                                       false,
		`{"domain":"agm","type":"event",}`:                                              false,
		`{"domain":"agm","type":"event"}}`:                                              false,
		`{"domain":"agm","type":"event"`:                                                false,
		"{\"domain\":\"agm\",\"type\":\"event\",\"data\":\"\xff\"}":                     false,
		`{}`: false, `[]`: false, ``: false, `"event"`: false,
	} {
		if got := checkDelivery(t, []byte(msg)); got != want {
			t.Errorf("%.80q: %v, want %v", msg, got, want)
		}
	}
}

func TestPeekEventAllocatesNothing(t *testing.T) {
	msg := []byte(`{"domain":"agm","type":"event","peer_id":"p","subscription_id":"s","oob":false,"sequence":null,"snapshot":null,"data":{"a":"é"}}`)
	var d Delivery
	if n := testing.AllocsPerRun(100, func() { PeekEvent(msg, &d) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzPeekEvent(f *testing.F) {
	for _, seed := range []string{
		`{"domain":"agm","type":"event","peer_id":"p","subscription_id":"s","oob":true,"sequence":1e3,"snapshot":false,"data":{"a":{}}}`,
		`{"type":"event","domain":"agm","data":null,"data":[{}]}`, `{"domain":"agm","type":"event","d\u0061ta":1}`, `{"a":1}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, msg []byte) { checkDelivery(t, msg) })
}
