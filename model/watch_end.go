package model

// WatchEnd is why a watch hears nothing of its stream now, in a word and in a sentence;
// both are empty where it does.
func (s *State) WatchEnd(w *Watch) (word, why string) {
	if !w.Stream() {
		return "", ""
	}
	t, _ := s.Heard(w)
	switch {
	case t == nil:
		return "gone", "no subscription"
	case t.Phase == Waiting:
		return "waits", "waits for " + t.Publisher.Name()
	case t.Phase != Ended:
		return "", ""
	case t.Err != nil:
		return "refused", "refused: " + t.Err.Error()
	case t.Closing == nil || t.Closing.Mine:
		return "ended", "unsubscribed"
	case t.Closing.Reason != "":
		return "closed", "closed: " + t.Closing.Reason
	}
	return "closed", "closed by " + t.Publisher.Name()
}
