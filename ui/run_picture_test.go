package ui

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"ioscope/client/interval/schema"
	"ioscope/model"
	"ioscope/ui/screen"
)

// dataPNG is the address of a picture with these points; a clear one is none.
func dataPNG(img image.Image) string {
	var b bytes.Buffer
	_ = png.Encode(&b, img) // into memory
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
}

// four is a picture of 4 by 4: rows of red, green, blue, and the last half clear.
func four() image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, 4, 4))
	for x := range 4 {
		img.Set(x, 0, color.NRGBA{0xff, 0, 0, 0xff})
		img.Set(x, 1, color.NRGBA{0, 0xff, 0, 0xff})
		img.Set(x, 2, color.NRGBA{0, 0, 0xff, 0xff})
		if x < 2 {
			img.Set(x, 3, color.NRGBA{0, 0, 0, 0xff})
		}
	}
	return img
}

// showPicture runs an action that shows a picture.
func showPicture(h *harness, url string) {
	h.main()
	h.backOffice()
	ref := h.startRun("orders/refund")
	h.render(ref, "k1", nil, component("Logo", &schema.DisplayImage{Image: schema.Image{URL: url, Alt: "our logo", Size: schema.SizeSmall}}))
	h.flush() // what was read
}

func TestPictureIsDrawn(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	showPicture(h, dataPNG(four()))
	frame := h.text()
	if !strings.Contains(frame, "our logo  small, 128 px  png, 4 x 4, ") {
		t.Errorf("the words are missing:\n%s", frame)
	}
	if !strings.Contains(frame, "▀▀▀▀") {
		t.Errorf("not drawn:\n%s", frame)
	}
	r, ok := h.app.state.Shown().Content.(*model.Run)
	if !ok {
		t.Fatal("no run is shown")
	}
	red, green, blue, black := screen.ColourOf(color.NRGBA{0xff, 0, 0, 0xff}), screen.ColourOf(color.NRGBA{0, 0xff, 0, 0xff}), screen.ColourOf(color.NRGBA{0, 0, 0xff, 0xff}), screen.ColourOf(color.Black)
	lines := h.app.pictureLines(r.Steps[0].Fields[0].Picture, 16)
	want := [][]screen.Style{
		{{Upper: red, Lower: green}, {Upper: red, Lower: green}, {Upper: red, Lower: green}, {Upper: red, Lower: green}},
		{{Upper: blue, Lower: black}, {Upper: blue, Lower: black}, {Upper: blue}, {Upper: blue}},
	}
	if len(lines) != len(want) {
		t.Fatalf("%d lines", len(lines))
	}
	for i, l := range lines {
		for j, s := range l.Spans() {
			if s.Style != want[i][j] {
				t.Errorf("line %d, cell %d: %+v, want %+v", i, j, s.Style, want[i][j])
			}
		}
	}
	painted := h.app.painter.Paint(lines)
	if !strings.HasPrefix(painted, "\x1b[38;2;255;0;0;48;2;0;255;0m▀▀▀▀\x1b[0m\n") {
		t.Errorf("painted as %q", painted)
	}
}

func TestPictureStaysWords(t *testing.T) {
	t.Parallel()
	good := dataPNG(four())
	for name, c := range map[string]struct {
		s         setting
		url, want string
	}{
		"without colours": {setting{plain: true}, good, "png, 4 x 4"},
		"in ASCII":        {setting{ascii: true}, good, "png, 4 x 4"},
		"truncated":       {setting{}, good[:70], "can't be drawn: broken"},
		"not a picture":   {setting{}, "data:image/png;base64,aGVsbG8=", "can't be drawn: no picture"},
		"not fetched":     {setting{}, "https://img.example.test/logo.png", "https://img.example.test/logo.png"},
	} {
		h := newHarness(t, c.s)
		showPicture(h, c.url)
		if frame := h.text(); !strings.Contains(frame, c.want) || strings.Contains(frame, "▀") {
			t.Errorf("%s: want %q and nothing drawn:\n%s", name, c.want, frame)
		}
	}
}

// A picture that comes after its place shows another is not taken.
func TestPictureTooLate(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	good := dataPNG(four())
	showPicture(h, good)
	h.render("t1", "k1", nil, component("Logo", &schema.DisplayImage{Image: schema.Image{URL: "https://img.example.test/2.png", Alt: "another"}}))
	h.tell(model.PictureRead{ReadPicture: model.ReadPicture{Ref: "t1", Key: "k1", URL: good}, Picture: &model.Picture{Kind: "png", Image: four(), Width: 4, Height: 4}})
	if frame := h.text(); strings.Contains(frame, "▀") {
		t.Errorf("drawn all the same:\n%s", frame)
	}
}
