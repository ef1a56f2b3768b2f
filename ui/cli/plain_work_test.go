package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPlainResults compares what servers answered, finds, copies, uses and exports it.
func TestPlainResults(t *testing.T) {
	twoSpeakers(t, func(desk, trader *speaker) {
		for _, p := range []*speaker{desk, trader} {
			p.say(`offer method Client.Get accepts="int id" returns="composite: {string name, int age} client"`)
		}
		desk.say(`rule Client.Get value='{"client":{"name":"Ada","age":36}}'`, `offer method Client.Save accepts="composite: {string name, int age} client" returns="bool ok"`, `rule Client.Save value='{"ok":true}'`)
		trader.say(`rule Client.Get value='{"client":{"name":"Ada","age":"old"}}'`, "invoke Client.Get id=1 target=all")
		n := trader.finds(`call (\d+): sent to 2 servers`)
		trader.say("compare "+n, "show "+n, "find "+n+" ada", "find "+n, "best Client.Get", "reaches client.get target=all", "reaches Client.Get target=Desk", "compare "+n+" before")
		trader.sees("client.age: ", "36 with Desk", "1 value differs", "1 value the same everywhere", "not as declared: client.age", "client.name: \"Ada\"", "1 value with \"ada\"", "error: find what?",
			"Client.Get: best takes ", "1, offers it: ", "3, the first to offer: ", "Client.Get to all: ", "Client.Get to Desk: Desk", "error: no call before")
		trader.say("use "+n+" Desk", "use "+n+" Desk Client.Save", "copy "+n+" command", "copy "+n+" Desk .client.name", "copy "+n+" .nothing", "again "+n+" id=2", "compare 4 before", "again "+n+" id=x")
		trader.sees("Client.Save: method, client fits", "use: ", "Desk returned ok true", "copy: copied as a command, ", "copy: copied client.name", "error: nothing at .nothing", "2 of 2 returned", "no value differs", "error: id is not an int")
		for _, want := range []string{"ioscope invoke Client.Get --args '{\"id\":1}' --target all --url ws://in.memory/gw3", `"Ada"`} {
			if !strings.Contains(strings.Join(trader.copied, "\n"), want) {
				t.Errorf("%q was not copied: %q", want, trader.copied)
			}
		}

		file := filepath.Join(trader.folder, "out.csv")
		trader.say("export "+n+" "+file, "export history "+file, "no", "export history "+file, "yes", "export feed "+file+".jsonl", "export "+n+" compared "+file+"2 csv", "export nothing")
		trader.sees("export: exported 2 rows", "B, to "+file, "export to "+file+": the file is there already. Type yes", "not done", "export: exported", "export: exported", " to "+file+"2", "error: not a number")
		head, err := os.ReadFile(file)
		if err != nil || !strings.HasPrefix(string(head), "call,time,bus,method,") {
			t.Errorf("the file has %.60q, %v", head, err)
		}
		trader.say("history compare 1 2", "history show 1", "history save 1 kept/one", "saved", "history delete 1", "history delete 99", "history show x")
		trader.sees("history: ", "Client.Get", "kept/one: saved", "kept/one: Client.Get with id 2", "history: deleted the call of ", "error: the history has no 99", "error: not a number")
		trader.say("close "+n, "reopen", "show "+n, "forget Desk", "about", "buses", "reopen", "reopen")
		trader.sees("put away", "call "+n+": Client.Get id 1", "returned", "error: nothing of that name has left", "ioscope: ", "you are here", "buses: connect ADDRESS goes to any", "brought back what was cleared, removed or deleted last", "error: nothing was put away")
	})
}

// TestPlainEvents finds, copies and exports events, and asks for a stream again.
func TestPlainEvents(t *testing.T) {
	twoSpeakers(t, func(desk, trader *speaker) {
		desk.say(`offer stream Notes accepts="string? of" returns="string note, int n"`, "accept-all Notes")
		trader.say("subscribe Notes")
		desk.say("push note=alpha n=1", "push note=beta n=2")
		trader.say("find 1 beta", "find 1 event 1 alpha", "copy 1 event 1 .note", "copy 1 arguments", "copy 1 javascript", "export 1 "+filepath.Join(trader.folder, "events"), "unsubscribe 1", "again 1 of=all")
		trader.sees("1, event 2: ", "1 event with \"beta\"", "event 1, note: \"alpha\"", "copy: copied note", "copied the arguments", "copied JavaScript", "exported 2 rows", "B, to "+trader.folder, "unsubscribed", "accepted by Desk")
		desk.sees("with of all accepted by rule 1")
		desk.say(`change Notes returns="string note, long n"`, "yes", "change Notes", "change Nope x=1", `change Notes returns="nonsense"`)
		desk.sees("change Notes: Trader loses its subscription.", "Type yes", "Notes: changed, being registered", "Notes: offered, others see it", "error: change what of it?", "error: you offer no method or stream", "error: returns: ")
		desk.say(`change Notes returns="string note, int n"`)
		desk.pass(2e9)
		trader.say("again 1")
		desk.say("push note=gamma n=3")
		trader.sees("note gamma, n 3")
		desk.say("unregister", "yes")
		trader.pass(2e9)
		trader.say("forget Notes", "streams", "unsubscribe")
		trader.sees("forget: cleared ", "streams: none")
	})
}
