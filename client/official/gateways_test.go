package official

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"ioscope/client/gateway"
)

// gatewayKind is a gateway that every test here is run against.
type gatewayKind struct {
	name string
	// url starts the gateway on its first use; all tests share it. Each test logs
	// in as a user of its own, and peers of different users never meet.
	url func(testing.TB) string
}

var gateways = []gatewayKind{
	{"our gateway", ourGateway},
	{"official gateway", officialGateway},
}

// onEachGateway runs a test on both gateways with each client library.
func onEachGateway(t *testing.T, test func(t *testing.T, url, library string)) {
	t.Helper()
	for _, kind := range gateways {
		for _, library := range []string{glueCore, ioCore} {
			t.Run(kind.name+"/"+library, func(t *testing.T) {
				t.Parallel()
				officialHome(t)
				test(t, kind.url(t), library)
			})
		}
	}
}

// userOf is the user that a test and its applications log in as.
func userOf(t testing.TB) string { return strings.ReplaceAll(t.Name(), "/", " ") }

var shared struct {
	mu   sync.Mutex
	stop []func() error
}

// atEnd has stop called when all tests are done.
func atEnd(stop func() error) {
	shared.mu.Lock()
	defer shared.mu.Unlock()
	shared.stop = append(shared.stop, stop)
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, stop := range shared.stop {
		if err := stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

func ourGateway(t testing.TB) string {
	t.Helper()
	url, err := startOurGateway()
	if err != nil {
		t.Fatal(err)
	}
	return url
}

var startOurGateway = sync.OnceValues(func() (string, error) {
	g := gateway.New(nil)
	atEnd(g.Close)
	server, err := g.Listen(context.Background(), "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return server.URL() + "/gw3", nil
})

func officialGateway(t testing.TB) string {
	t.Helper()
	officialHome(t)
	url, err := startOfficialGateway()
	if err != nil {
		t.Fatal(err)
	}
	return url
}

var startOfficialGateway = sync.OnceValues(func() (string, error) {
	home, err := install()
	if err != nil {
		return "", err
	}
	ready := make(chan []byte, 1)
	p, err := startProcess(home, func(line []byte) {
		select {
		case ready <- line:
		default:
		}
	}, "gateway.cjs")
	if err != nil {
		return "", err
	}
	atEnd(p.stop)
	var address struct{ URL string }
	select {
	case line := <-ready:
		err = json.Unmarshal(line, &address)
	case <-p.done:
		err = errors.Join(errors.New("it ended"), p.err)
	case <-time.After(patience):
		err = fmt.Errorf("not ready within %v", patience)
	}
	if err != nil {
		return "", fmt.Errorf("start the official gateway: %w: %s", err, p.stderr)
	}
	return address.URL, nil
})
