package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// point is the last number of a second.
type point struct {
	second int64
	value  float64
}

const (
	watchSeconds = 64
	// watchValue is how much of a value is kept.
	watchValue = 4 << 10
	// bellEvery is how often the bell may ring at most.
	bellEvery = time.Second
)

// Silent is how long no value has come.
func (w *Watch) Silent(now time.Time) time.Duration {
	if w.Seen.IsZero() {
		return now.Sub(w.born)
	}
	return now.Sub(w.Seen)
}

// Spark is the value at the end of each of the last n seconds, scaled from 1 to
// 7; 0 before there was one. What is no number has none.
func (w *Watch) Spark(now time.Time, n int) []int {
	out := make([]int, n)
	low, high := 0.0, 0.0
	var list []float64
	known := make([]bool, n)
	values := make([]float64, n)
	last, ok := 0.0, false
	for i := -watchSeconds + n + 1; i < n; i++ {
		second := now.Unix() - int64(n-1-i)
		if p := w.points[uint64(second)%watchSeconds]; p.second == second && second > 0 {
			last, ok = p.value, true
		}
		if i >= 0 && ok {
			values[i], known[i] = last, true
			list = append(list, last)
		}
	}
	if len(list) == 0 {
		return out
	}
	low, high = slices.Min(list), slices.Max(list)
	for i, v := range values {
		switch {
		case !known[i]:
		case high == low:
			out[i] = 4
		default:
			out[i] = 1 + int(6*(v-low)/(high-low))
		}
	}
	return out
}

// Bound writes Min or Max with no more digits than it needs.
func Bound(n float64) string {
	text := strconv.FormatFloat(n, 'f', -1, 64)
	if len(text) > 14 {
		text = strconv.FormatFloat(n, 'g', 6, 64)
	}
	return text
}

// pathOf completes what a person types as a path: bid, .bid and $.bid are one.
func pathOf(text string) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "" || text == "." || text == "$":
		return "$", nil
	case text[0] == '$':
	case text[0] == '.' || text[0] == '[':
		text = "$" + text
	default:
		text = "$." + text
	}
	if _, ok := ReadPath(text); !ok {
		return "", fmt.Errorf("not a path: %s; bid, venue.code and list[0] work", text)
	}
	return text, nil
}
