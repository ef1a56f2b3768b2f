package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
	"ioscope/ui/screen"
)

// face is how one kind of content is drawn and worked: a page, or a thing of Open
// that is neither a call nor a subscription. It holds nothing of its own; what it
// shows is in the model.
type face interface {
	// place is the context whose keys work in it now.
	place(a *App) place
	// draw fills the workspace.
	draw(a *App, r rect) []screen.Line
}

// sheetFace is a face in which a form can have the keyboard. Its place is inForm
// or inJSON then, or one that has their keys.
type sheetFace interface {
	face
	// sheet is the form that has the keyboard, or nil.
	sheet(a *App) *model.Sheet
	// press presses one of its buttons.
	press(a *App, stop model.FieldPath) tea.Cmd
}

// textFace is a face in which a text cursor can be, outside of forms.
type textFace interface {
	face
	// text is the text that the cursor is in; false when it is in none.
	text(a *App) (typedText, bool)
}

// typedText is a text that is being typed.
type typedText struct {
	// id tells it from all others; text is what stands in it now.
	id, text string
	// lines is true when it may have several lines.
	lines bool
	// noBlank keeps the space key for what it is bound to.
	noBlank bool
	// secret keeps it from other programs, and so from the disk.
	secret bool
	set    func(string)
	// paste takes a paste of several lines or cells; nil puts it into the text.
	paste func(string)
}

// copyFace is a face from which something can be copied.
type copyFace interface {
	face
	copyable(a *App) (text, what string)
}

// filterFace is a face with a filter line of its own. A page that is one list
// needs none: its list has one.
type filterFace interface {
	face
	filter(a *App) (text string, set func(string))
}

// rowFace is the face of a row of Open.
type rowFace interface {
	face
	// row is its sign, and its live state at the right.
	row(a *App) (sign screen.Text, state screen.Line)
}

// questionFace is a face from which a call can be copied as code.
type questionFace interface {
	face
	question(a *App) (Question, bool)
}

// treeFace is a face in which a JSON tree can have the keyboard.
type treeFace interface {
	face
	tree(a *App) *model.Tree
}

// face is how the workspace's content is drawn, or nil when that is a card, a call
// or a subscription.
func (a *App) face() face { return faceOf(a.state.Content()) }

// faceOf finds the face of a content.
func faceOf(c model.Content) face {
	switch c := c.(type) {
	case *model.WatchList:
		return watchFace{c}
	case *model.Chronicle:
		return feedFace{c}
	case *model.SavedPage:
		return savedFace{c}
	case *model.HistoryPage:
		return historyFace{c}
	case *model.Lens:
		return lensFace{c}
	case model.Provider:
		return serveFace{c}
	case *model.Run:
		return runFace{c}
	default:
		return nil
	}
}
