package model

// WatchEnd is why a watch hears nothing of its stream now; empty where it does.
func (s *State) WatchEnd(w *Watch) string {
	if !w.Stream() {
		return ""
	}
	t, _ := s.Heard(w)
	switch {
	case t == nil:
		return "no subscription"
	case t.Phase == Waiting:
		return t.Publisher.Name() + " left; waits for it"
	case t.Phase != Ended:
		return ""
	case t.Err != nil:
		return "refused: " + t.Err.Error()
	case t.Closing == nil || t.Closing.Mine:
		return "unsubscribed"
	case t.Closing.Reason != "":
		return "closed: " + t.Closing.Reason
	}
	return "closed by " + t.Publisher.Name()
}
