package ui

import (
	"encoding/json"
	"slices"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

func (a *App) serverCard(p *page, s *model.Server) {
	i := s.Instance
	p.blank()
	switch {
	case s.Gone():
		why := " said goodbye at "
		if s.LeftWhy != "" {
			why = " left at "
		}
		p.text(bold, i.Name()+why+s.Left.Format("15:04:05")+", after "+model.Duration(s.Left.Sub(s.Since)))
		if s.LeftWhy != "" {
			p.text(muted, s.LeftWhy)
		}
	case s.Mine:
		p.text(bold, i.Name())
		p.text(plain, "This is ioscope itself, as the bus sees it.")
	default:
		p.text(plain, hereWords(s))
	}
	p.blank()
	a.identity(p, i)
	a.offered(p, s, false, screen.T("Methods"))
	a.offered(p, s, true, screen.T("Streams"))
}

// identityKeys are the members of an identity that have a line of their own.
var identityKeys = []string{"application", "applicationName", "process", "instance", "machine", "user", "region", "environment", "windowId", "api", "login"}

func (a *App) identity(p *page, i bus.Instance) {
	fact := func(name, value string) {
		if value != "" {
			p.add(screen.L(muted, clean(name)).To(15).Fg(clean(value)))
		}
	}
	fact("application", i.Application)
	if i.ApplicationName != i.Application {
		fact("named", i.ApplicationName)
	}
	fact("user", i.User)
	fact("machine", i.Machine)
	if i.PID != 0 {
		fact("process", itoa(i.PID))
	}
	fact("instance", i.Instance)
	fact("window", i.WindowID)
	fact("environment", i.Environment)
	fact("region", i.Region)
	fact("library", i.API)
	fact("peer", string(i.PeerID))
	var all map[string]json.RawMessage
	_ = json.Unmarshal(i.Identity, &all)
	var more []string
	for k, v := range all {
		if !slices.Contains(identityKeys, k) && string(v) != "null" {
			more = append(more, k)
		}
	}
	slices.Sort(more)
	for _, k := range more[:min(len(more), 12)] {
		fact(k, string(all[k]))
	}
}

func (a *App) offered(p *page, s *model.Server, streams bool, word screen.Text) {
	var list []*model.Method
	for _, m := range a.state.Dir.Methods() {
		if m.Streaming() == streams && m.OfferedBy(s.ID) {
			list = append(list, m)
		}
	}
	if len(list) == 0 {
		return
	}
	p.heading(word)
	for _, m := range list {
		line := screen.L(plain, clean(m.Def.Name))
		if m.Drift {
			line = line.Add(warn, screen.T(" ≠"))
		}
		p.add(line.To(max(30, line.Width()+2)).Muted(clean(signatureWords(m.Def))).Fit(p.w - p.indent - 2))
	}
}

// hereWords say since when a server is here, and for which time.
func hereWords(s *model.Server) string {
	here := "Here since " + s.Since.Format("15:04:05")
	if s.Visits > 1 {
		here += ", for the " + ordinal(s.Visits) + " time"
	}
	return here
}

func ordinal(n int) string {
	switch {
	case n%10 == 1 && n%100 != 11:
		return itoa(int64(n)) + "st"
	case n%10 == 2 && n%100 != 12:
		return itoa(int64(n)) + "nd"
	case n%10 == 3 && n%100 != 13:
		return itoa(int64(n)) + "rd"
	}
	return itoa(int64(n)) + "th"
}
