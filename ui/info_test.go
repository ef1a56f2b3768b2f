package ui

import (
	"encoding/base64"
	"strings"
	"testing"
)

// TestInfo asks the program what it is, and copies it.
func TestInfo(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{plain: true})
	h.app.opts.Facts = []Fact{{"version", "1.2.3 go1.26"}, {"config", "/home/a/" + strings.Repeat("long/", 30) + "config.yaml"}}
	h.town()
	h.palette("app.info")
	h.shows("version     1.2.3 go1.26", "config.yaml", "120 x 40, no colours, Unicode", "demo bus, ws://127.0.0.1:8385/gw3", "dev, peer peer-ioscope")
	h.press("y")
	h.shows("copied what ioscope is")
	_, coded, _ := strings.Cut(h.clip.String(), "c;")
	text, err := base64.StdEncoding.DecodeString(strings.TrimRight(coded, "\x07"))
	if err != nil || !strings.Contains(string(text), "version\t1.2.3 go1.26\n") || h.app.topDialog() != nil {
		t.Errorf("copied %q, %v", text, err)
	}
	h.app.newDesk("", Joined{Bus: h.bus, Inbox: h.box})
	h.palette("app.info")
	h.shows("open        2 buses")
}

// TestPaletteOffersWhatRuns looks for a word that fits an action better that can't run
// here.
func TestPaletteOffersWhatRuns(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.palette("info")
	if _, ok := h.app.topDialog().(*infoDialog); !ok {
		t.Errorf("%T opens", h.app.topDialog())
	}
}
