package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestPlainWatches watches a field of a stream and what a method returns, changes the
// watches, and hears them ring.
func TestPlainWatches(t *testing.T) {
	twoSpeakers(t, func(desk, trader *speaker) {
		desk.say(`offer stream Rates accepts="string sym" returns="double bid"`, "accept-all Rates", `offer method Load returns="int load"`, `rule Load jq="{load: ($n + 1)}"`)
		trader.say("watch Rates path=bid sym=EUR condition='> 5'", "watch Load load every=2s", "watches", "open")
		trader.sees("watch 1: bid of Rates EUR, no value yet, rings on > 5", "watch 2: load of Load, no value yet, called every 2.0 s", "watch 2: load of Load, 1, changed ", "open: nothing")
		desk.say("push Rates bid=4.5", "push Rates bid=6.25", "push Rates bid=6.5", "push Rates bid=1", "push Rates bid=7")
		trader.sees("watch 1: rings, bid of Rates EUR is 6.25, > 5", "watch 1: rings, bid of Rates EUR is 7")
		trader.say("watches rates", "watches 1", "watches 1 condition=changes", "watches 1 silent 3 s", "watches 1 > > 5", "watches 1 path=a..b", "watches 7")
		trader.sees("watch 1: bid of Rates EUR, 7, from 1 to 7, changed ", "which holds, rang 2 times", "path: .bid", "values: 5, no event without this field", "course of the last 20 s: ",
			"rings on changes", "rings on silent 3 s", "watch 1: rings, bid of Rates EUR, silent 3 s", "error: condition is not a number: > 5", "hint: nothing is watched", "error: path is not a path: $.a..b", "error: no watch 7")
		trader.say("watches 1 bell", "watches 2 pause", "watches")
		trader.sees("watch 1: no bell", "watch 2: paused", "without a bell", ", paused")
		trader.pass(10 * time.Second)
		trader.say("watches 2 resume", "watches 1 remove", "watches 2 remove", "watches", "watch Nothing x", "watch Load path=load every=soon")
		trader.sees("watch 2: goes on", "watch 1: removed", "watches: nothing is watched", "error: watch: the bus has no stream or method of this name", "error: every is not a duration")
		desk.sees("Rates: Trader, subscriber 1, is gone")

		// A subscription that is watched goes on when it is put away.
		trader.say("subscribe Rates sym=USD")
		n := trader.finds(`subscription (\d+): accepted`)
		desk.say("push Rates bid=3")
		trader.say("watch "+n+" condition='.>2'", "close "+n)
		trader.sees("watch 3: bid of Rates USD, 3", "rings, bid of Rates USD is 3, .>2", "put away; it goes on unseen, because it is watched; watches lists them")
		desk.say("push Rates bid=1", "push Rates bid=9")
		trader.sees("watch 3: rings, bid of Rates USD is 9")
	})
}

// TestPlainSaved saves a call, runs it with an environment, and deletes it; the calls
// of the run before are in the history.
func TestPlainSaved(t *testing.T) {
	twoSpeakers(t, func(desk, trader *speaker) {
		desk.say(`offer method Sum accepts="int a, int b" returns="int sum"`, `rule Sum jq="{sum: (.a + .b)}"`)
		trader.say("save", "invoke Sum a=1 b=2", "save sums/small", "saved", "saved show sums/small")
		trader.sees("error: nothing was called yet", "Desk returned sum 3", "sums/small: saved", "sums/small: Sum with a 1, b 2", "saved calls: 1, in "+trader.folder, "a: 1")
		trader.say("invoke Sum a=5 b=5", "save sums/small", "no", "save 1 sums/small", "yes", "save env/x")
		trader.sees("save sums/small: sums/small is there already and is replaced. Type yes", "not done", "Type yes", "sums/small: saved", "error: env/ is for environments")
		put(t, trader.folder, "env/test.json", `{"n": 40}`)
		put(t, trader.folder, "by.yaml", "method: Sum\nargs: {a: \"{{n}}\", b: 2}\n")
		put(t, trader.folder, "both.yaml", "calls: [by, sums/small]\n")
		trader.say("saved reread", "saved env test", "saved run by", "saved env", "saved run by env=none", "saved env prod", "saved show by env=test", "saved run both")
		trader.sees("both: a list of 2 calls, by, sums/small", "environment test", "returned sum 42", "environments: test; environment test counts", "error: no value for {{n}}; saved env NAME chooses an environment",
			"error: no environment \"prod\"", "by: Sum with a \"{{n}}\"", "a: 40", "returned sum 42", "returned sum 3", "both: 2 calls returned")
		trader.say("saved delete by", "yes", "saved run by", "history sum 42")
		trader.sees("delete by: its file is removed from the folder. Type yes", "by: deleted", "error: no saved call \"by\"", "Sum a 40, b 2, to best: returned sum 42")
		if _, err := os.Stat(filepath.Join(trader.folder, "by.yaml")); err == nil {
			t.Error("the file is still there")
		}
		kept, err := os.ReadFile(filepath.Join(trader.folder, historyFile))
		if err != nil || strings.Count(string(kept), `"method":"Sum"`) < 5 {
			t.Errorf("the history was not kept: %s %v", kept, err)
		}
	})
}

func put(t *testing.T, folder, name, text string) {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
