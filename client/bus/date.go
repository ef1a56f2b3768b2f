package bus

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// datePrefix is what official clients write before the milliseconds of a Date.
const datePrefix = "#T42_DATE#"

// DateText is how official clients write a date anywhere in a message: the
// prefix "#T42_DATE#" and the milliseconds since 1970. Finer parts of a second
// are cut off.
func DateText(t time.Time) string {
	return datePrefix + strconv.FormatInt(t.UnixMilli(), 10)
}

// ParseDateText reads what DateText writes; the time is in UTC.
func ParseDateText(s string) (time.Time, bool) {
	ms, ok := strings.CutPrefix(s, datePrefix)
	if !ok {
		return time.Time{}, false
	}
	n, err := strconv.ParseInt(ms, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	return time.UnixMilli(n).UTC(), true
}

// isoLayouts are the forms of a date with a day of its own. Without an offset
// they mean the zone of now.
var isoLayouts = []string{
	time.RFC3339Nano,
	"2006-01-02T15:04Z07:00",
	"2006-01-02T15:04:05",
	"2006-01-02T15:04",
	"2006-01-02 15:04:05Z07:00",
	"2006-01-02 15:04Z07:00",
	"2006-01-02 15:04:05",
	"2006-01-02 15:04",
	"2006-01-02",
	"2 Jan 2006 15:04:05",
	"2 Jan 2006 15:04",
	"2 Jan 2006",
}

// parseISO reads a date with a day of its own.
func parseISO(s string, zone *time.Location) (time.Time, bool) {
	for _, layout := range isoLayouts {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// ParseTime reads a date as people write it: ISO with or without time and
// offset, "now", "today", "tomorrow" or "yesterday" with or without a time of day,
// "09:00" for today, "21 Nov 09:00" for this year, "in 2 h", "20 min ago". What
// has no offset is meant in the zone of now.
func ParseTime(text string, now time.Time) (time.Time, error) {
	s := strings.Join(strings.Fields(text), " ")
	if t, ok := ParseDateText(s); ok {
		return t, nil
	}
	if t, ok := parseISO(s, now.Location()); ok {
		return t, nil
	}
	lower := strings.ToLower(s)
	for _, read := range []func(string, time.Time) (time.Time, bool){dayAndClock, fromNow, thisYear} {
		if t, ok := read(lower, now); ok {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("not a date: %s; today, tomorrow, in 2 h and ISO work", quoted(text))
}

// dayAndClock reads "now", "today", "tomorrow 09:00", "09:00".
func dayAndClock(s string, now time.Time) (time.Time, bool) {
	if s == "now" {
		return now, true
	}
	word, clock, _ := strings.Cut(s, " ")
	day, ok := map[string]int{"today": 0, "tomorrow": 1, "yesterday": -1}[word]
	if !ok {
		clock = s
	}
	var at time.Time
	if clock != "" || !ok {
		if at, ok = parseClock(clock); !ok {
			return time.Time{}, false
		}
	}
	return time.Date(now.Year(), now.Month(), now.Day()+day, at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), now.Location()), true
}

func parseClock(s string) (time.Time, bool) {
	for _, layout := range []string{"15:04", "15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// fromNow reads "in 2 h" and "2 h ago".
func fromNow(s string, now time.Time) (time.Time, bool) {
	sign := 1
	amount, ok := strings.CutPrefix(s, "in ")
	if !ok {
		if amount, ok = strings.CutSuffix(s, " ago"); !ok {
			return time.Time{}, false
		}
		sign = -1
	}
	amount = strings.ReplaceAll(amount, " ", "")
	n := digits(amount)
	count, err := strconv.Atoi(amount[:n])
	if err == nil && count <= 1_000_000 {
		switch unit := amount[n:]; strings.TrimSuffix(unit, "s") {
		case "d", "day":
			return now.AddDate(0, 0, sign*count), true
		case "w", "week":
			return now.AddDate(0, 0, sign*count*7), true
		case "month":
			return now.AddDate(0, sign*count, 0), true
		case "y", "year":
			return now.AddDate(sign*min(count, 9999), 0, 0), true
		case "sec", "second":
			amount = amount[:n] + "s"
		case "min", "minute":
			amount = amount[:n] + "m"
		case "hour":
			amount = amount[:n] + "h"
		}
	}
	d, err := time.ParseDuration(amount)
	if err != nil || d < 0 {
		return time.Time{}, false
	}
	return now.Add(time.Duration(sign) * d), true
}

// thisYear reads "21 nov" and "21 nov 09:00".
func thisYear(s string, now time.Time) (time.Time, bool) {
	words := strings.Split(s, " ")
	if len(words) != 2 && len(words) != 3 {
		return time.Time{}, false
	}
	full := append([]string{words[0], words[1], fmt.Sprintf("%04d", now.Year())}, words[2:]...)
	return parseISO(strings.Join(full, " "), now.Location())
}
