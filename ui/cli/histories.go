package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/natefinch/atomic"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui"
	"ioscope/ui/config"
)

// histories keeps calls in the state folder: one line of JSON a call, in a file that
// is put aside when it has grown. Several explorers may write at once; a lock
// beside the files parts them. The files are the person's alone: arguments may be secret.
type histories struct {
	folder string
	paths  config.Paths
	// most is how large a file may grow.
	most int64
}

const (
	historyFile = "history.jsonl"
	historyPast = "history.1.jsonl"
	historyMost = 8 << 20
	// lineMost is how long a line may be that is read.
	lineMost = 64 << 20
)

var _ ui.Histories = (*histories)(nil)

func newHistories(p config.Paths) *histories {
	return &histories{folder: p.State, paths: p, most: historyMost}
}

// keptHistories is where the history is kept; nil where the config forbids it.
func keptHistories(s *settings) ui.Histories {
	if !s.History {
		return nil
	}
	return newHistories(s.paths)
}

// historyLine is a call as the file has it.
type historyLine struct {
	ID       string               `json:"id"`
	At       time.Time            `json:"at"`
	Bus      string               `json:"bus,omitempty"`
	Method   string               `json:"method"`
	Accepts  string               `json:"accepts,omitempty"`
	Returns  string               `json:"returns,omitempty"`
	Target   string               `json:"target"`
	Filters  []bus.InstanceFilter `json:"filters,omitempty"`
	Args     json.RawMessage      `json:"args,omitempty"`
	ArgsSize int                  `json:"args_size,omitempty"`
	Wait     float64              `json:"wait_ms,omitempty"`
	Answer   float64              `json:"answer_ms,omitempty"`
	Replies  []replyLine          `json:"replies,omitempty"`
	OK       int                  `json:"ok"`
	Failed   int                  `json:"failed"`
	Err      string               `json:"error,omitempty"`
	Who      string               `json:"who,omitempty"`
	Took     float64              `json:"took_ms"`
	GivenUp  bool                 `json:"given_up,omitempty"`
	Marks    int                  `json:"marks,omitempty"`
}

type replyLine struct {
	Server string          `json:"server"`
	Value  json.RawMessage `json:"value,omitempty"`
	Size   int             `json:"size,omitempty"`
	Err    string          `json:"error,omitempty"`
	Silent bool            `json:"silent,omitempty"`
	Took   float64         `json:"took_ms"`
	Late   bool            `json:"late,omitempty"`
}

func lineOf(r *model.Record) historyLine {
	l := historyLine{
		ID: r.ID, At: r.At, Bus: r.Bus, Method: r.Name, Accepts: r.Accepts, Returns: r.Returns,
		Target: r.Target.Mode.String(), Filters: r.Target.Filters, Args: r.Args, ArgsSize: r.ArgsSize,
		Wait: milliseconds(r.Wait), Answer: milliseconds(r.Answer), OK: r.OK, Failed: r.Failed, Err: r.Err, Who: r.Who,
		Took: milliseconds(r.Took), GivenUp: r.GivenUp, Marks: r.Marks,
	}
	for _, p := range r.Replies {
		l.Replies = append(l.Replies, replyLine{p.Server, p.Value, p.Size, p.Err, p.Silent, milliseconds(p.Took), p.Late})
	}
	return l
}

func (l historyLine) record() *model.Record {
	r := &model.Record{
		ID: l.ID, At: l.At, Bus: l.Bus, Name: l.Method, Accepts: l.Accepts, Returns: l.Returns,
		Method: model.MethodRow(bus.MethodDefinition{Name: l.Method, Accepts: l.Accepts, Returns: l.Returns}),
		Args:   l.Args, ArgsSize: l.ArgsSize, Wait: span(l.Wait), Answer: span(l.Answer), OK: l.OK, Failed: l.Failed,
		Err: l.Err, Who: l.Who, Took: span(l.Took), GivenUp: l.GivenUp, Marks: l.Marks,
	}
	for _, mode := range []bus.TargetMode{bus.Best, bus.All, bus.SkipMine, bus.Matching} {
		if mode.String() == l.Target {
			r.Target = bus.Target{Mode: mode, Filters: l.Filters}
		}
	}
	for i, p := range l.Replies {
		r.Replies = append(r.Replies, model.Reply{Server: p.Server, Value: p.Value, Size: p.Size, Err: p.Err, Silent: p.Silent, Took: span(p.Took), Late: p.Late})
		if i == 0 && p.Err == "" {
			r.Value = p.Value
		}
	}
	return r
}

func span(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

// locked does something while nobody else touches the files.
func (h *histories) locked(do func() error) error { return h.paths.Locked("history", do) }

// Keep implements ui.Histories.
func (h *histories) Keep(r *model.Record) error {
	line, err := json.Marshal(lineOf(r))
	if err != nil {
		return err
	}
	return h.locked(func() error {
		path := filepath.Join(h.folder, historyFile)
		file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		_, err = file.Write(append(line, '\n'))
		info, statErr := file.Stat()
		if err = errors.Join(err, statErr, file.Close()); err != nil || info.Size() < h.most {
			return err
		}
		return os.Rename(path, filepath.Join(h.folder, historyPast))
	})
}

// Load implements ui.Histories. Lines that can't be read are passed over and told.
func (h *histories) Load() ([]*model.Record, error) {
	var records []*model.Record
	at := map[string]int{}
	broken := 0
	err := h.locked(func() error {
		for _, name := range []string{historyPast, historyFile} {
			err := eachLine(filepath.Join(h.folder, name), func(line []byte) {
				var l historyLine
				if json.Unmarshal(line, &l) != nil || l.ID == "" || l.Method == "" {
					broken++
					return
				}
				if i, again := at[l.ID]; again {
					records[i] = l.record()
					return
				}
				at[l.ID] = len(records)
				records = append(records, l.record())
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && broken > 0 {
		err = fmt.Errorf("%s can't be read; %s", plural(broken, "line"), filepath.Join(h.folder, historyFile))
	}
	return records, err
}

// Forget implements ui.Histories. What is deleted is gone from the files too.
func (h *histories) Forget(ids ...string) error {
	return h.locked(func() error {
		for _, name := range []string{historyPast, historyFile} {
			if err := rewritten(filepath.Join(h.folder, name), ids); err != nil {
				return err
			}
		}
		return nil
	})
}

// rewritten writes a file anew, without the lines of some calls.
func rewritten(path string, ids []string) error {
	var kept bytes.Buffer
	gone := 0
	err := eachLine(path, func(line []byte) {
		var l struct {
			ID string `json:"id"`
		}
		if json.Unmarshal(line, &l) == nil && slices.Contains(ids, l.ID) {
			gone++
			return
		}
		kept.Write(line)
		kept.WriteByte('\n')
	})
	if err != nil || gone == 0 {
		return err
	}
	if err := atomic.WriteFile(path, &kept); err != nil {
		return err
	}
	return os.Chmod(path, 0o600)
}

// eachLine reads the lines of a file; one that is not there has none.
func eachLine(path string, do func([]byte)) error {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	scan := bufio.NewScanner(file)
	scan.Buffer(make([]byte, 0, 64<<10), lineMost)
	for scan.Scan() {
		if len(bytes.TrimSpace(scan.Bytes())) > 0 {
			do(scan.Bytes())
		}
	}
	return scan.Err()
}

// sessionID tells this run from all others.
func sessionID() string { return fmt.Sprintf("%x-%x-", time.Now().UnixNano(), os.Getpid()) }
