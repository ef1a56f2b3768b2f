package model

// What one round of work may look at: a few milliseconds, so that a hundred
// thousand rows never stop the screen.
const (
	workRows  = 8000
	workBytes = 4 << 20
)

// reading is how far those have come who read the rows after they were kept, a
// bounded number at a time: what costs time is done there, not in Append.
type reading struct {
	// fields is the number of the row that Fields learns from next.
	fields uint64
	known  Fields
}

// again lets those who read what is shown begin anew, since that has changed.
func (r *reading) again() {}

// Work goes on with what is not finished, for a few milliseconds, and reports
// whether something is left for another time.
func (t *Tail) Work() (more bool) {
	more = t.look(workRows, workBytes)
	return t.learn(workRows, workBytes) || more
}

// learn reads what fields the payloads have.
func (t *Tail) learn(rows, size int) bool {
	r := &t.read
	for r.fields = max(r.fields, t.first); r.fields < t.next && rows > 0 && size > 0; rows-- {
		row := t.at(r.fields)
		r.fields++
		if row.GapKind == NoGap {
			size -= len(row.Data)
			r.known.Learn(row.Data)
		}
	}
	return r.fields < t.next
}

// Fields returns what is known of the fields of the payloads.
func (t *Tail) Fields() *Fields { return &t.read.known }
