package demo

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
)

// hugeBytes is the least size of the huge payload.
const hugeBytes = 2 << 20

// noise is what Oddities.Noise sends, one after the other and again.
var noise = []json.RawMessage{
	json.RawMessage(`{}`),
	json.RawMessage(`{"":"","\u0000":"\u0000"}`),
	json.RawMessage(`{"value":` + manyDigits + `}`),
	json.RawMessage(`{"same":1,"same":2,"Same":3}`),
	json.RawMessage(`{"lone":"\ud800","date":"#T42_DATE#1783123200000","notDate":"#T42_DATE#soon"}`),
	quoteAll(map[string]string{"escapes": escapes, "controls": controls}),
	quoteAll(map[string]string{"bidi": bidi, "wide": wide, bidi: "a hostile name"}),
	json.RawMessage(`{"text":"` + strings.Repeat("all work and no play ", 500) + `"}`),
	json.RawMessage(`{"list":[[[[[[]]]]],{},[{}],null,true,false,0,-0.0,1E5]}`),
	deepPayload(60),
	quoteAll(map[string]string{"long": endless, longPlain: longPlain}),
	json.RawMessage(" \t\r\n { \"spaced\" :\t[ 1 ,\n 2 ] } \n"),
}

func quoteAll(texts map[string]string) json.RawMessage {
	raw, err := json.Marshal(texts)
	if err != nil {
		panic(err) // strings always marshal
	}
	return raw
}

// deepPayload nests objects.
func deepPayload(depth int) json.RawMessage {
	return json.RawMessage(strings.Repeat(`{"in":`, depth) + `"the bottom"` + strings.Repeat("}", depth))
}

// hugePayload is a tree of branches and leaves.
func hugePayload(rng *rand.Rand) json.RawMessage {
	b := make([]byte, 0, hugeBytes+4096)
	b = append(b, `{"branches":[`...)
	for id := 0; len(b) < hugeBytes; id++ {
		if id > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, `{"id":%d,"path":{"level":%d,"below":{"name":"branch %d","leaves":[`, id, rng.IntN(9), id)
		for leaf := range 20 {
			if leaf > 0 {
				b = append(b, ',')
			}
			b = fmt.Appendf(b, `{"n":%d,"weight":%.6f,"note":"%016x"}`, leaf, rng.Float64(), rng.Uint64())
		}
		b = append(b, `]}}}`...)
	}
	return append(b, `]}`...)
}
