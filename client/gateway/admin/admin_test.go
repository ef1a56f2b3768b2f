package admin

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client/gateway"
)

// told is a gateway that says what it is told to, once it may.
type told struct {
	stats gateway.Stats
	wait  chan struct{}
}

func (t *told) Stats() gateway.Stats {
	if t.wait != nil {
		<-t.wait
	}
	return t.stats
}

func get(h http.Handler, method, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
	return w
}

// TestMetrics gives every number of a gateway a value of its own and wants each
// of them in the text, under one name, with help and type before it.
func TestMetrics(t *testing.T) {
	t.Parallel()
	var g told
	fields := reflect.ValueOf(&g.stats).Elem()
	want := map[string]string{}
	for i := range fields.NumField() {
		n := 1000 + i
		if f := fields.Field(i); f.CanInt() {
			f.SetInt(int64(n))
		} else {
			f.SetUint(uint64(n))
		}
		want[fmt.Sprint(n)] = fields.Type().Field(i).Name
	}
	w := get(Handler(&g), http.MethodGet, "/metrics")
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain; version=0.0.4") {
		t.Errorf("status %d, %s", w.Code, w.Header().Get("Content-Type"))
	}
	seen := map[string]bool{}
	lines := bufio.NewScanner(bytes.NewReader(w.Body.Bytes()))
	for lines.Scan() {
		if !strings.Contains(lines.Text(), " ioscope_gateway_") {
			continue
		}
		help := strings.Fields(lines.Text())
		lines.Scan()
		kind := strings.Fields(lines.Text())
		lines.Scan()
		value := strings.Fields(lines.Text())
		if len(help) != 3 || help[0] != "#" || help[1] != "HELP" || len(kind) != 4 || kind[1] != "TYPE" || len(value) != 2 {
			t.Fatalf("no metric: %q %q %q", help, kind, value)
		}
		if help[2] != kind[2] || kind[2] != value[0] || seen[value[0]] {
			t.Errorf("names: %q %q %q", help[2], kind[2], value[0])
		}
		if (kind[3] == "counter") != strings.HasSuffix(value[0], "_total") {
			t.Errorf("%s is a %s", value[0], kind[3])
		}
		seen[value[0]] = true
		delete(want, value[1])
	}
	for _, name := range []string{"go_goroutines", "process_start_time_seconds"} {
		if !strings.Contains(w.Body.String(), "\n"+name+" ") {
			t.Errorf("no metric %s", name)
		}
	}
	if len(want) > 0 {
		t.Errorf("no metric tells %v", want)
	}
	if w := get(Handler(&g), http.MethodPost, "/metrics"); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("a post gets %d", w.Code)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &told{}
		h := Handler(g)
		if w := get(h, http.MethodGet, "/healthz"); w.Code != http.StatusOK || w.Body.String() != "ok\n" {
			t.Errorf("healthy: %d %q", w.Code, w.Body)
		}
		synctest.Wait()
		g.wait = make(chan struct{})
		before := time.Now()
		for range 3 { // none of which leaves a goroutine of its own behind
			if w := get(h, http.MethodGet, "/healthz"); w.Code != http.StatusServiceUnavailable {
				t.Errorf("hanging: %d", w.Code)
			}
		}
		if took := time.Since(before); took != 3*healthPatience {
			t.Errorf("it took %v", took)
		}
		g.wait <- struct{}{} // the one that asks
		synctest.Wait()
		close(g.wait)
		if w := get(h, http.MethodGet, "/healthz"); w.Code != http.StatusOK {
			t.Errorf("healthy again: %d", w.Code)
		}
	})
}
