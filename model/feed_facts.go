package model

import (
	"fmt"
	"strings"
	"time"
)

// Fact is one line about an entry of the feed.
type Fact struct{ Name, Words string }

// Facts say more of an entry: how long it was there, what it offered, what we had
// to do with it, whether it came back.
func (s *State) Facts(e *FeedEntry) []Fact {
	switch e.Kind {
	case FeedLost, FeedBack:
		return s.connectionFacts(e)
	case FeedSecond:
		return s.signatureFacts(e)
	case FeedAdded, FeedRemoved:
		facts := []Fact{{"names", strings.Join(e.Offers, ", ")}}
		switch m := s.bus().Method(e.Method); {
		case m == nil || len(e.Offers) != 1:
		case m.Action != nil:
			facts = append(facts, Fact{"slug", m.Action.Slug}, Fact{"offered by", offeredBy(m)})
		default:
			facts = append(facts, Fact{"signature", signatureOf(m)}, Fact{"offered by", offeredBy(m)})
		}
		return append(facts, s.visitFacts(e)...)
	case FeedHere, FeedJoined, FeedLeft:
	}
	offered := "nothing"
	if len(e.Offers) > 0 {
		offered = strings.Join(e.Offers, ", ")
	}
	facts := append(s.visitFacts(e), Fact{"offered", offered})
	if e.Host != "" {
		return append(facts, Fact{"you ran", s.ranOn(e.Name)})
	}
	return append(facts, s.dealings(e)...)
}

// visitFacts tell from when to when the server was here.
func (s *State) visitFacts(e *FeedEntry) []Fact {
	var from, to, again *FeedEntry
	for _, other := range s.feed.entries {
		if other.Server != e.Server || e.Server == "" {
			continue
		}
		came := other.Kind == FeedHere || other.Kind == FeedJoined && !other.away
		switch {
		case came && other.N <= e.N:
			from, to, again = other, nil, nil
		case other.Kind == FeedLeft && to == nil && other.N >= e.N:
			to = other
		case came && to != nil && again == nil:
			again = other
		}
	}
	words := ""
	switch {
	case from != nil && from.Kind == FeedHere:
		words = "before we came, " + from.At.Format("15:04:05")
	case from != nil:
		words = from.At.Format("15:04:05")
	case e.Kind == FeedLeft && !e.Since.IsZero():
		words = e.Since.Format("15:04:05")
	}
	start := e.Since
	if from != nil {
		start = from.At
	}
	switch {
	case to != nil:
		words += " to " + to.At.Format("15:04:05") + ", " + Long(to.At.Sub(start))
	case words != "":
		words = "since " + words + ", " + Long(s.Now.Sub(start))
	}
	if words == "" {
		return nil
	}
	facts := []Fact{{"was here", words}}
	switch {
	case e.Kind != FeedLeft:
	case again == nil:
		facts = append(facts, Fact{"came back", "not yet"})
	case again.Host != e.Host:
		facts = append(facts, Fact{"came back", again.At.Format("15:04:05") + " as another process"})
	case again.PID != e.PID:
		facts = append(facts, Fact{"came back", fmt.Sprintf("%s as another instance, pid %d then, %d now", again.At.Format("15:04:05"), e.PID, again.PID)})
	default:
		facts = append(facts, Fact{"came back", again.At.Format("15:04:05") + " as the same process"})
	}
	return facts
}

// dealings are our calls to a server, and our subscriptions.
func (s *State) dealings(e *FeedEntry) []Fact {
	answers, errs := 0, 0
	last := time.Time{}
	for _, m := range s.bus().methods {
		if st := m.Stats[e.Server]; st != nil {
			answers, errs = answers+st.Answers, errs+st.Errors
			if st.Last.After(last) {
				last = st.Last
			}
		}
	}
	called := "never"
	if answers > 0 {
		called = Count(answers, "time") + ", " + Count(errs, "error") + ", last " + last.Format("15:04:05")
	}
	var streams []string
	for _, t := range s.Things {
		if t.Stream() && t.Publisher.Name() == e.Name && t.Gen > 0 {
			streams = append(streams, t.Def.Name)
		}
	}
	subscribed := "none"
	if len(streams) > 0 {
		subscribed = strings.Join(streams, ", ")
	}
	return []Fact{{"you called", called}, {"your streams", subscribed}}
}

func (s *State) connectionFacts(e *FeedEntry) []Fact {
	if e.Kind == FeedBack {
		if e.Note == "" {
			return []Fact{{"came", "this is as far back as the feed knows the bus"}}
		}
		return []Fact{{"lost", e.Note}}
	}
	for _, other := range s.feed.entries {
		if other.Kind == FeedBack && other.N > e.N {
			return []Fact{{"why", e.Note}, {"back", other.At.Format("15:04:05") + ", " + other.Note}}
		}
	}
	return []Fact{{"why", e.Note}, {"back", "not yet"}}
}

func (s *State) signatureFacts(e *FeedEntry) []Fact {
	var facts []Fact
	m := s.bus().Method(e.Method)
	if m == nil {
		return []Fact{{"signature", e.Note}}
	}
	facts = append(facts, Fact{"this one", signatureOf(m)}, Fact{"offered by", offeredBy(m)})
	for _, other := range s.bus().Methods() {
		if other != m && strings.EqualFold(other.Def.Name, m.Def.Name) && other.Streaming() == m.Streaming() {
			facts = append(facts, Fact{"the other", signatureOf(other)}, Fact{"offered by", offeredBy(other)})
		}
	}
	return append(facts, Fact{"so", "to the bus they are two methods; a call reaches those of one signature"})
}

func signatureOf(m *Method) string {
	return orNothing(m.Def.Accepts) + " → " + orNothing(m.Def.Returns)
}

func offeredBy(m *Method) string {
	var who []string
	for _, o := range m.Offers {
		who = append(who, o.Server.Instance.Name())
	}
	if len(who) == 0 {
		return "nobody now"
	}
	return strings.Join(who, ", ")
}

// Long writes a span of time by its two largest units: 18 min 6 s.
func Long(d time.Duration) string {
	switch s := int(max(d, 0).Seconds()); {
	case s < 60:
		return Duration(d)
	case s < 3600:
		return fmt.Sprintf("%d min %d s", s/60, s%60)
	case s < 24*3600:
		return fmt.Sprintf("%d h %d min", s/3600, s/60%60)
	default:
		return fmt.Sprintf("%d d %d h", s/86400, s/3600%24)
	}
}
