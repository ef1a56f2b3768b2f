package official

import (
	"bytes"
	"encoding/json"
	"strings"
	"syscall"
	"testing"
)

// TestOfficialClientsOnOurCommand runs `ioscope gateway --demo` as a person
// would, and has an official client work with the demo apps there.
func TestOfficialClientsOnOurCommand(t *testing.T) {
	t.Parallel()
	for _, library := range []string{glueCore, ioCore} {
		t.Run(library, func(t *testing.T) {
			t.Parallel()
			officialHome(t)
			served := start(t, "", "gateway", "--listen", "127.0.0.1:0", "--demo")
			address, ok := bytes.CutPrefix(bytes.TrimSpace(served.line()), []byte("listening on "))
			if !ok {
				t.Fatalf("gateway prints %q", address)
			}
			them := startApp(t, library, string(address), userOf(t), nil)
			them.next("serverMethodAdded", ofDefinition("Addition"))
			them.next("serverMethodAdded", ofDefinition("MarketData.Prices"))

			all := them.invocation(them.do("invoke", args{"method": "Addition", "args": args{"a": 2, "b": 3}, "target": args{"application": "CalcPrecise"}}))
			wantJSON(t, "sum", all.Returned, `{"sum":5}`)
			refused := them.refused("invoke", args{"method": "Addition", "args": args{"a": 2, "b": 3}, "target": args{"application": "Grumpy"}})
			if !strings.Contains(refused.Message, "mood") {
				t.Errorf("the app that always fails says %q", refused.Message)
			}

			subscription := them.subscribe("MarketData.Prices", args{"args": args{"symbol": "VOD"}})()
			var price struct{ Sym string }
			if data := them.next("data", onSubscription(subscription)).Data; json.Unmarshal(data, &price) != nil || price.Sym != "VOD" {
				t.Errorf("a price of VOD reads %s", data)
			}
			them.do("unsubscribe", args{"subscription": subscription})

			if err := served.cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			them.next("disconnected")
			served.end(0)
		})
	}
}
