package model

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"ioscope/client/bus"
)

// Duration writes a span of time with three significant figures and its unit
// after one blank: 12 ms, 6.2 s, 30.0 s, 2 min.
func Duration(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "<1 ms"
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < 2*time.Minute:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	case d < 2*time.Hour:
		return strconv.Itoa(int(d.Minutes())) + " min"
	}
	return strconv.Itoa(int(d.Hours())) + " h"
}

// Elapsed writes a running time: 00:41, 12:04, 02:11:40.
func Elapsed(d time.Duration) string {
	s := max(0, int(d.Seconds()))
	if s >= 3600 {
		return fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}

// Awaited writes the time that something has been waited for: 0.4 s, 12 s.
func Awaited(d time.Duration) string {
	if d < 9950*time.Millisecond {
		return strconv.FormatFloat(max(0, d.Seconds()), 'f', 1, 64) + " s"
	}
	return strconv.Itoa(max(10, int(d.Seconds()))) + " s"
}

// Countdown writes how long it still takes, in whole seconds: 4 s.
func Countdown(d time.Duration) string {
	return strconv.Itoa(max(1, int((d+time.Second-1)/time.Second))) + " s"
}

// Number writes a count: commas from 1,000, then 1.2 M.
func Number(n int) string {
	if n >= 1_000_000 {
		return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) + " M"
	}
	s := strconv.Itoa(n)
	if n >= 1000 {
		s = s[:len(s)-3] + "," + s[len(s)-3:]
	}
	return s
}

// PerSecond writes a rate: 38/s, 1,204/s, 50.3k/s. Below one a second it has a digit
// behind the point.
func PerSecond(r float64) string {
	switch {
	case r == 0:
		return "0/s"
	case r < 1:
		return strconv.FormatFloat(r, 'f', 1, 64) + "/s"
	case r >= 10_000:
		return strconv.FormatFloat(r/1000, 'f', 1, 64) + "k/s"
	}
	return Number(int(r+0.5)) + "/s"
}

// Bytes writes a size: 214 B, 1.2 kB, 14 MB.
func Bytes(n int) string {
	switch {
	case n < 1000:
		return strconv.Itoa(n) + " B"
	case n < 10_000:
		return strconv.FormatFloat(float64(n)/1e3, 'f', 1, 64) + " kB"
	case n < 1_000_000:
		return strconv.Itoa(n/1000) + " kB"
	case n < 10_000_000:
		return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) + " MB"
	}
	return strconv.Itoa(n/1_000_000) + " MB"
}

// Count writes a number of things: 1 server, 3 servers, no server.
func Count(n int, noun string) string {
	switch n {
	case 0:
		return "no " + noun
	case 1:
		return "1 " + noun
	}
	return Number(n) + " " + noun + "s"
}

// TargetWord names a target as the form shows it.
func TargetWord(t bus.Target) string {
	if t.Mode != bus.Matching {
		return t.Mode.String()
	}
	var names []string
	for _, f := range t.Filters {
		// A process or a peer is one server, and its name says enough.
		if f.Application != "" && (f.PID != 0 || f.PeerID != "") {
			f = bus.InstanceFilter{Application: f.Application}
		}
		if pairs := f.Pairs(); len(pairs) == 1 {
			names = append(names, pairs[0].Value)
		} else {
			names = append(names, f.String())
		}
	}
	if len(names) == 0 {
		return "nobody"
	}
	return strings.Join(names, ", ")
}

// ShortName is the last part of a dotted name, as Open shows it.
func ShortName(name string) string {
	return name[strings.LastIndexByte(name, '.')+1:]
}

// SignatureFault says why a signature can't be read, and where.
func SignatureFault(which, text string, err error) string {
	place := ""
	var syntax *bus.SyntaxError
	if errors.As(err, &syntax) {
		place = fmt.Sprintf(" at character %d", syntax.Character(text))
	}
	if runes := []rune(text); len(runes) > 60 {
		text = string(runes[:59]) + "…"
	}
	return fmt.Sprintf(`%s can't be read: "%s", %v%s`, which, text, err, place)
}
