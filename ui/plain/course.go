package plain

import "slices"

// courseWords tell how numbers went, from first to last: rises, falls, goes up and
// down. It is empty where there is nothing to tell.
func courseWords(values []float64) string {
	if len(values) < 2 {
		return ""
	}
	low, high := slices.Min(values), slices.Max(values)
	if low == high {
		return "the same all the time"
	}
	first, last := values[0], values[len(values)-1]
	span := high - low
	turns, up := 0, 0
	from := first
	for _, v := range values[1:] {
		switch {
		case v-from > span/4 && up <= 0:
			turns, up, from = turns+1, 1, v
		case from-v > span/4 && up >= 0:
			turns, up, from = turns+1, -1, v
		case up > 0:
			from = max(from, v)
		case up < 0:
			from = min(from, v)
		}
	}
	way := "ends where it began"
	switch {
	case last-first > span/5:
		way = "rises"
	case first-last > span/5:
		way = "falls"
	}
	switch {
	case turns > 2 && way == "ends where it began":
		return "goes up and down, and ends where it began"
	case turns > 2:
		return way + ", with ups and downs"
	case turns == 2 && way == "ends where it began":
		if slices.Index(values, high) < slices.Index(values, low) {
			return "rises, then falls back"
		}
		return "falls, then rises back"
	}
	return way
}
