package cli

import (
	"bytes"
	"strings"
	"testing"

	"ioscope/client/interval"
	"ioscope/client/interval/schema"
)

// Credentials stay out of lines that end up in logs; the answers beside them don't.
func TestCredentialsStayOutOfEventLines(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	render := &schema.Render{Components: []schema.Component{
		{Label: "Calendar", Props: &schema.Credentials{}}, {Label: "Name", Props: &schema.InputText{}},
	}}
	(&eventLines{out: &out}).answer(render, interval.Answered{Key: "k", Values: []any{schema.Login{Token: "tok-4711", Secret: "s3cret"}, "Ann"}})
	text := out.String()
	if strings.Contains(text, "4711") || strings.Contains(text, "s3cret") {
		t.Errorf("the credentials stand in %s", text)
	}
	if !strings.Contains(text, `{"label":"Calendar","value":"(not shown)"},{"label":"Name","value":"Ann"}`) {
		t.Errorf("the answers are %s", text)
	}
}
