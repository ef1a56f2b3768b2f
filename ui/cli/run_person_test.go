package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"ioscope/client/interval/schema"
)

// hidden is what is typed line by line where somebody else echoes it, and can be told
// not to.
type hidden struct {
	io.Reader
	said []bool
}

func (h *hidden) Secret(on bool) { h.said = append(h.said, on) }

// Where lines come from a console of ours, it is asked to hide the credentials.
func TestCredentialsAreHiddenByTheConsole(t *testing.T) {
	t.Parallel()
	typed := &hidden{Reader: strings.NewReader("tok-4711\nhush\nnext\n")}
	var said bytes.Buffer
	p := newPerson(typed, &said)
	line, err := p.answer(t.Context(), &schema.Component{Label: "Calendar", Props: &schema.Credentials{}})
	var login schema.Login
	if err != nil || json.Unmarshal([]byte(line), &login) != nil || login.Token != "tok-4711" || login.Secret != "hush" {
		t.Errorf("%q, %v", line, err)
	}
	if want := []bool{true, false, true, false}; !slices.Equal(typed.said, want) {
		t.Errorf("the console was told %v, want %v", typed.said, want)
	}
	if text := said.String(); text != "Calendar, token (not shown): Calendar, secret (not shown): " {
		t.Errorf("said %q", text)
	}
	if line, err = p.answer(t.Context(), &schema.Component{Label: "Name", Props: &schema.InputText{}}); err != nil || line != "next" || len(typed.said) != 4 {
		t.Errorf("%q, %v: only credentials are hidden, %v", line, err, typed.said)
	}
}
