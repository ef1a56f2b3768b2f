package cli

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"ioscope/ui/config"
)

// leastRows and leastBytes are the least that may be kept of a stream.
const leastRows, leastBytes = 100, 1 << 20

// keeps are the bounds of what is kept of each stream; 0 for the usual ones.
func (s *settings) keeps() (rows int, bytes int64, err error) {
	wrong := func(name string, err error) error {
		return &config.Error{Line: s.Line(name), Text: name + ": " + err.Error()}
	}
	if text := strings.NewReplacer(",", "", "_", "").Replace(s.KeepRows); text != "" {
		if rows, err = strconv.Atoi(text); err != nil || rows < leastRows || rows > math.MaxInt32 {
			return 0, 0, wrong("keep-rows", errors.New("a number of rows from 100 on is wanted, not "+s.KeepRows))
		}
	}
	if s.KeepBytes != "" {
		var n size
		if err := n.Set(s.KeepBytes); err != nil {
			return 0, 0, wrong("keep-bytes", err)
		}
		if bytes = int64(n); bytes < leastBytes {
			return 0, 0, wrong("keep-bytes", errors.New("1MiB is the least"))
		}
	}
	return rows, bytes, nil
}
