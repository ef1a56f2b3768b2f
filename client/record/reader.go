package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"
)

// maxLine is the longest line that is read: more than the longest message of a bus
// and what stands around it.
const maxLine = 64 << 20

// LineError is what is wrong in a line. Reading goes on behind it.
type LineError struct {
	Line int
	Err  error
}

// Error implements error.
func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap gives what is wrong.
func (e *LineError) Unwrap() error { return e.Err }

// ErrCut says that the last line has no end: whoever wrote it was interrupted.
var ErrCut = errors.New("cut off")

// Reader reads a recording line by line, and keeps no more than one of them.
type Reader struct {
	in     *bufio.Reader
	header Header
	line   int
	offset int64
	buf    []byte
}

// NewReader reads the first line. The error is ErrEmpty, ErrForeign, a
// *VersionError, or that of the file.
func NewReader(in io.Reader) (*Reader, error) {
	const room = 256 << 10
	r := &Reader{in: bufio.NewReaderSize(in, room)}
	// What is no recording may be anything, and endless.
	const enough = 64 << 10
	first, err := r.in.Peek(1)
	if len(first) == 0 {
		if err == nil || errors.Is(err, io.EOF) {
			err = ErrEmpty
		}
		return nil, err
	}
	begin, _ := r.in.Peek(enough)
	if at := bytes.IndexByte(begin, '\n'); at >= 0 {
		begin = begin[:at]
	} else if len(begin) == enough {
		return nil, ErrForeign
	}
	if json.Unmarshal(begin, &r.header) != nil || r.header.Ioscope != magic {
		return nil, ErrForeign
	}
	if r.header.Version != Version {
		return nil, &VersionError{r.header.Version}
	}
	if _, err := r.text(); err != nil && !errors.Is(err, ErrCut) {
		return nil, err
	}
	return r, nil
}

// SkipTo goes on reading at an entry that another reader of the same recording
// gave; in must stand at its offset.
func SkipTo(in io.Reader, e Entry) *Reader {
	const room = 256 << 10
	return &Reader{in: bufio.NewReaderSize(in, room), line: e.Line - 1, offset: e.Offset}
}

// Header is the first line.
func (r *Reader) Header() Header { return r.header }

// Entry is a line that was looked at, and is decoded only if it is asked to be.
type Entry struct {
	// Line is its number, from 1; Offset where it begins in the file.
	Line   int
	Offset int64
	At     time.Time
	What   What
	ID     int
	text   []byte
}

// Len is how many bytes the line has.
func (e *Entry) Len() int { return len(e.text) }

// Bare is the entry without its text, for SkipTo: it counts as long as it is kept.
func (e *Entry) Bare() Entry {
	return Entry{Line: e.Line, Offset: e.Offset, At: e.At, What: e.What, ID: e.ID}
}

// Decode reads the whole of it.
func (e *Entry) Decode() (*Line, error) {
	var l Line
	if err := json.Unmarshal(e.text, &l); err != nil {
		return nil, &LineError{e.Line, err}
	}
	return &l, nil
}

// Next gives the next line, which counts until the call after it. The error is a
// *LineError for one that is broken, after which the next one can be read, and
// io.EOF at the end.
func (r *Reader) Next() (Entry, error) {
	for {
		at := r.offset
		text, err := r.text()
		switch {
		case errors.Is(err, ErrCut):
			if e, peeked := peek(text); peeked == nil {
				e.Line, e.Offset = r.line, at
				return e, nil // only its newline is missing
			}
			return Entry{}, &LineError{r.line, err}
		case errors.Is(err, errLong):
			return Entry{}, &LineError{r.line, err}
		case err != nil:
			return Entry{}, err
		case len(bytes.TrimSpace(text)) == 0:
			continue
		}
		e, err := peek(text)
		if err != nil {
			return Entry{}, &LineError{r.line, err}
		}
		e.Line, e.Offset = r.line, at
		return e, nil
	}
}

var errLong = fmt.Errorf("longer than %d MiB", maxLine>>20)

// text brings the next line, without its end. The error is ErrCut where it has none.
func (r *Reader) text() ([]byte, error) {
	r.buf = r.buf[:0]
	long := false
	for {
		part, err := r.in.ReadSlice('\n')
		r.offset += int64(len(part))
		if long = long || len(r.buf)+len(part) > maxLine; !long {
			r.buf = append(r.buf, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && (len(r.buf) > 0 || long):
			r.line++
			return r.buf, ErrCut
		case err != nil:
			return nil, err
		}
		r.line++
		if long {
			return nil, errLong
		}
		return bytes.TrimRight(r.buf, "\r\n"), nil
	}
}

// peek finds time, kind and number of a line, fast where it is as we write it.
func peek(text []byte) (Entry, error) {
	e := Entry{text: text}
	if e.fast() {
		if json.Valid(text) {
			return e, nil
		}
	}
	var l struct {
		At   time.Time `json:"at"`
		What What      `json:"what"`
		ID   int       `json:"id"`
	}
	if err := json.Unmarshal(text, &l); err != nil {
		return e, err
	}
	if l.What == "" || l.At.IsZero() {
		return e, errors.New(`"at" and "what" are missing`)
	}
	e.At, e.What, e.ID = l.At, l.What, l.ID
	return e, nil
}

func (e *Entry) fast() bool {
	rest, ok := bytes.CutPrefix(e.text, []byte(`{"at":"`))
	if !ok {
		return false
	}
	at, rest, ok := bytes.Cut(rest, []byte(`","what":"`))
	if !ok || e.At.UnmarshalText(at) != nil {
		return false
	}
	what, rest, ok := bytes.Cut(rest, []byte(`"`))
	if !ok {
		return false
	}
	e.What = What(what)
	if number, found := bytes.CutPrefix(rest, []byte(`,"id":`)); found {
		end := bytes.IndexAny(number, ",}")
		if end < 0 {
			return false
		}
		var err error
		if e.ID, err = strconv.Atoi(string(number[:end])); err != nil {
			return false
		}
	} else if hasID(e.What) {
		return false // it may stand elsewhere
	}
	return true
}

// hasID reports whether lines of this kind have a number.
func hasID(w What) bool {
	switch w {
	case Called, Asked, Answered, Failed, Subscribed, Accepted, Rejected, Event, Parted, Lost, Closed:
		return true
	}
	return false
}
