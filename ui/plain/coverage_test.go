package plain

import (
	"slices"
	"strings"
	"testing"

	"ioscope/ui"
)

// Why an action of the screen has no command here.
const (
	ofScreen  = "a matter of the screen: panes, sizes, cursor, colours"
	ofCursor  = "it moves a cursor, and lines have none: numbers and names say what is meant"
	ofTyping  = "it edits the line or the field that is being typed; the line has enter, backspace, ctrl+w, ctrl+u and ↑"
	ofFolding = "it folds around a cursor; show and event tell so many levels of a value with depth=, and a part with .PATH"
	ofForms   = "it edits a text in place; fill asks for each value anew, and all of them stand in one line as key=value or JSON, or in an editor"
	ofRun     = "run asks line by line, with the questions of ioscope run"
)

// coverage says by which command each action of the screen is done here, or why there
// is none. What begins with a command's name is a command.
var coverage = map[string]string{
	"answer.error": "reject", "answer.rule": "always",
	"app.help": "help", "app.help-key": "help", "app.info": "about", "app.palette": "help", "app.palette-key": "help",
	"app.quit": "quit", "app.quit-now": "quit", "app.redraw": ofScreen, "app.suspend": ofTyping + "; ctrl+z stops the program",
	"bus.address": "connect", "bus.demo": "demo", "bus.down": ofCursor, "bus.up": ofCursor, "bus.log-in": "login", "bus.retry": "retry", "bus.try": "retry", "bus.switch": "buses",
	"call.repeat": "repeat", "call.save": "save", "card.do": "invoke",
	"compare.left": ofScreen, "compare.right": ofScreen, "compare.next": ofCursor, "compare.prev": ofCursor, "compare.panels": "show", "compare.same": "compare",
	"copy.menu": "copy", "data.export": "export",
	"dialog.choose": ofScreen, "dialog.close": ofScreen, "dialog.do": ofScreen, "dialog.down": ofScreen, "dialog.up": ofScreen, "dialog.quit": "quit", "dialog.suspend": ofScreen,
	"edit.external": "edit", "edit.field": "fill",
	"event.close": ofScreen, "event.next": "event", "event.prev": "event",
	"feed.ahead": "ahead", "feed.back": "back", "feed.filter": "feed", "feed.go": "at", "feed.mark": "mark", "feed.minute-ahead": "ahead", "feed.minute-back": "back",
	"feed.now": "now", "feed.pause": ofScreen + "; feed prints what there is", "feed.since": "changed", "feed.to-mark": "changed",
	"filter.clear": ofTyping, "filter.complete": ofTyping + "; tab completes", "filter.earlier": ofTyping, "filter.later": ofTyping, "filter.keep": ofTyping,
	"find.next": "find", "find.prev": "find", "find.start": "find",
	"form.add": "fill", "form.form": "fill", "form.item-down": "fill", "form.item-up": "fill", "form.json": "invoke", "form.leave-out": "fill",
	"form.next": "fill", "form.prev": "fill", "form.recall": "fill", "form.send": "fill", "form.target": "reaches", "form.toggle": "fill",
	"go.feed": "feed", "go.history": "history", "go.methods": "methods", "go.open": "open", "go.saved": "saved", "go.serve": "offers", "go.servers": "servers", "go.streams": "streams", "go.watches": "watches", "go.workspace": ofScreen,
	"history.compare": "history", "history.delete": "history", "history.open": "history", "history.repeat": "repeat", "history.sort": "history",
	"json.compact": ofForms, "json.format": ofForms, "json.next": ofForms, "json.prev": ofForms, "json.repair": ofForms + "; what is wrong is said with its place", "json.revert": ofForms + "; what is wrong is said with its place",
	"layout.reset": ofScreen,
	"lens.add":     "subscribe", "lens.close": "close", "lens.filter": "export", "lens.open": "show", "lens.pause": ofScreen + "; branches prints what there is", "lens.private": "export",
	"replay.seek": "replay", "replay.back": "replay", "replay.ahead": "replay", "replay.faster": "replay", "replay.pause": "replay", "replay.restart": "replay", "replay.slower": "replay",
	"event.follow": "resume", "stream.diff-marked": "diff", "filter.name": "filters", "filter.named": "filters",
	"list.group": "methods", "list.open-all": "methods", "list.close-all": "methods", "list.open-deep": "methods", "list.close-deep": "methods", "group.fold": "methods",
	"edit.all": "edit", "method.compare": "compare", "record.toggle": "record", "serve.change": "change",
	"list.filter": "servers", "list.forget": "forget", "list.forget-all": "forget", "list.mark": "mark", "list.reverse": "servers", "list.sort": "servers",
	"mark.go": ofCursor, "mark.set": ofCursor,
	"method.ask-all": "invoke", "method.form": "invoke", "method.widen": "methods",
	"mouse.toggle": ofScreen,
	"nav.back":     ofCursor, "nav.down": ofCursor, "nav.first": ofCursor, "nav.half-down": ofCursor, "nav.half-up": ofCursor, "nav.in": ofCursor, "nav.last": ofCursor, "nav.out": ofCursor, "nav.up": ofCursor,
	"object.use": "use", "offer.file": "offer", "offer.here": "offer", "offer.new": "offer",
	"open.close": "close", "open.close-over": "close", "open.enter": "show", "open.move-down": ofScreen, "open.move-up": ofScreen, "open.next": ofCursor, "open.pause": "hold", "open.prev": ofCursor, "open.reopen": "reopen", "open.repeat": "again", "open.unsubscribe": "unsubscribe",
	"pane.next": ofScreen, "pane.prev": ofScreen, "place.back": ofCursor, "place.forward": ofCursor, "place.last": ofCursor,
	"result.best": "best", "result.compare": "compare", "result.diff": "compare", "result.form": "again",
	"run.button": ofRun, "run.cancel": "stop", "run.close": "stop", "run.edit": ofRun, "run.file": ofRun, "run.fold": ofFolding, "run.follow": ofRun, "run.leave-out": ofRun, "run.log": ofRun,
	"run.menu": ofRun, "run.next": ofRun, "run.next-stop": ofRun, "run.next-text": ofRun, "run.open": ofRun, "run.prev": ofRun, "run.prev-stop": ofRun, "run.prev-text": ofRun, "run.recall": "run", "run.repeat": "run", "run.reveal": ofRun,
	"run.slide-down": ofRun, "run.slide-up": ofRun, "run.submit": ofRun, "run.toggle": ofRun,
	"saved.delete": "saved", "saved.env": "saved", "saved.new": "save", "saved.open": "saved", "saved.reload": "saved", "saved.run": "saved",
	"serve.accept": "accept", "serve.accept-all": "accept-all", "serve.accept-branch": "accept", "serve.answer": "answer", "serve.clear": "clear", "serve.push": "push", "serve.push-timer": "timer",
	"serve.refuse": "reject", "serve.rule": "rule", "serve.rule-down": "rule", "serve.rule-up": "rule", "serve.unregister": "unregister",
	"server.narrow": "methods", "server.toggle": "methods",
	"sheet.add": ofRun, "sheet.down": ofRun, "sheet.drop": ofRun, "sheet.next": ofRun, "sheet.prev": ofRun, "sheet.up": ofRun,
	"stream.branches": "branches", "stream.branches-card": "branches", "stream.clear": "clear", "stream.columns": "columns", "stream.diff": "diff", "stream.export-all": "export", "stream.filter": "filter",
	"stream.follow": "resume", "stream.form": "again", "stream.join": "join", "stream.jq": "jq", "stream.key": "key", "stream.number-next": "chart", "stream.number-prev": "chart", "stream.open": "event", "stream.order": "show",
	"stream.pause": "hold", "stream.range": "chart", "stream.reverse": "latest", "stream.sort": "latest", "stream.sources": "publishers", "stream.subscribe": "subscribe",
	"stream.time": "times", "stream.unsubscribe": "unsubscribe", "stream.view": "latest", "stream.wrap": ofScreen,
	"table.choose": ofRun, "table.choose-all": ofRun, "table.choose-page": ofRun, "table.filter": ofRun, "table.next-page": ofRun, "table.prev-page": ofRun, "table.reverse": ofRun, "table.row-menu": ofRun, "table.sort": ofRun,
	"text.cut-end": ofTyping, "text.cut-start": ofTyping, "text.cut-word": ofTyping, "text.end": ofTyping, "text.start": ofTyping,
	"theme.pick": ofScreen, "tour.start": "tour",
	"tree.close-all": "show", "tree.close-deep": "show", "tree.deeper": "show", "tree.fold": ofFolding, "tree.open-all": "show", "tree.open-deep": "show", "tree.shallower": "show",
	"view.ascii": ofScreen, "view.bigger": ofScreen, "view.full": ofScreen, "view.hide": ofScreen, "view.motion": ofScreen, "view.smaller": ofScreen, "view.split": ofScreen, "view.wrap": ofScreen,
	"watch.add": "watch", "watch.bell": "watches", "watch.condition": "watches", "watch.filter": "watches", "watch.new": "watch", "watch.open": "watches", "watch.pause": "watches", "watch.remove": "watches",
}

// TestEveryAction: what the drawn screen can do is done by a command here, or is named
// as a matter of the screen, with its reason.
func TestEveryAction(t *testing.T) {
	t.Parallel()
	names := commandNames()
	reasons := []string{ofScreen, ofCursor, ofTyping, ofFolding, ofForms, ofRun}
	actions := ui.Actions()
	for _, id := range actions {
		by, known := coverage[id]
		isReason := slices.ContainsFunc(reasons, func(r string) bool { return strings.HasPrefix(by, r) })
		switch {
		case !known:
			t.Errorf("%s: no command does it, and no reason says why it is a matter of the screen", id)
		case !isReason && !slices.Contains(names, by):
			t.Errorf("%s: no command %q", id, by)
		}
	}
}

// TestCommands: a name means one command, each has a topic and words, and what is
// completed belongs to a command.
func TestCommands(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range commands() {
		for _, name := range append([]string{c.name}, c.other...) {
			if seen[name] {
				t.Errorf("%s means two commands", name)
			}
			seen[name] = true
		}
		if c.does == "" || c.run == nil {
			t.Errorf("%s says or does nothing", c.name)
		}
	}
	for _, topic := range topics {
		if seen[topic.name] {
			t.Errorf("the topic %s is a command, too: help could not tell", topic.name)
		}
	}
	for name := range completions {
		if !slices.Contains(commandNames(), name) {
			t.Errorf("completes %s, which is no command", name)
		}
	}
}
