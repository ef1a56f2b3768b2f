package cli

import (
	"strings"
	"testing"
)

func TestKeeps(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rows, bytes string
		wantRows    int
		wantBytes   int64
		wrong       string
	}{
		{"", "", 0, 0, ""},
		{"250,000", "128MiB", 250_000, 128 << 20, ""},
		{"99", "", 0, 0, "keep-rows"},
		{"many", "", 0, 0, "keep-rows"},
		{"", "12kB", 0, 0, "1MiB is the least"},
		{"", "lots", 0, 0, "keep-bytes"},
	} {
		s := &settings{}
		s.KeepRows, s.KeepBytes = c.rows, c.bytes
		rows, size, err := s.keeps()
		if c.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%q, %q: %v", c.rows, c.bytes, err)
			}
			continue
		}
		if err != nil || rows != c.wantRows || size != c.wantBytes {
			t.Errorf("%q, %q: %d rows, %d bytes, %v", c.rows, c.bytes, rows, size, err)
		}
	}
}
