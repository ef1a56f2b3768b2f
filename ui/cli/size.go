package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// size is a number of bytes as a flag: 65536, 64KiB, 16MiB or 1GiB; KB and the
// like, with or without the B, mean the same.
type size int64

// units are what follows the number, the longer ones first.
var units = []struct {
	suffix string
	shift  int
}{{"k", 10}, {"m", 20}, {"g", 30}, {"", 0}}

// Set implements pflag.Value.
func (s *size) Set(text string) error {
	number := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(strings.TrimSpace(text)), "b"), "i")
	for _, u := range units {
		digits, ok := strings.CutSuffix(number, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
		if err != nil || n <= 0 || n > math.MaxInt32<<10>>u.shift {
			break
		}
		*s = size(n << u.shift)
		return nil
	}
	return fmt.Errorf("%q is no size, as 64KiB or 16MiB", text)
}

// Type implements pflag.Value.
func (s *size) Type() string { return "size" }

func (s *size) String() string {
	for shift, suffix := range map[int]string{30: "GiB", 20: "MiB", 10: "KiB"} {
		if n := int64(*s); n>>shift > 0 && n&(1<<shift-1) == 0 && (shift == 30 || n>>shift < 1024) {
			return strconv.FormatInt(n>>shift, 10) + suffix
		}
	}
	return strconv.FormatInt(int64(*s), 10)
}
