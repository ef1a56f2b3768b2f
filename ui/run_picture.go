package ui

import (
	"fmt"
	"strings"

	"ioscope/client/interval/schema"
	"ioscope/model"
	"ioscope/ui/picture"
	"ioscope/ui/screen"
)

// readPicture decodes a picture, one at a time: each takes much room while it is
// unpacked.
func (k *Asker) readPicture(e model.ReadPicture) {
	k.reading.Lock()
	defer k.reading.Unlock()
	k.inbox.Put(model.PictureRead{ReadPicture: e, Picture: picture.Read(e.URL)})
}

// picture tells a picture: what it shows, its size and where it is. One that came with
// the message is drawn below where the terminal has the colours; nothing is fetched.
func (w *runWriter) picture(at model.RunStop, f *model.RunField, p *schema.DisplayImage) {
	words := firstOf(p.Alt, f.Comp.Label)
	line := screen.Line{}.Pad(w.in).Muted(screen.T("image  ")).Fg(clean(words))
	n := firstOf(string(p.Size), string(p.Width))
	if n != "" {
		line = line.Pad(2).Muted(clean(n))
		if px := schema.Size(n).Pixels(); px > 0 {
			line = line.Muted(clean(fmt.Sprintf(", %d px", px)))
		}
	}
	if !strings.HasPrefix(p.URL, "data:") {
		w.openable(line.Pad(2).Add(muted.ToLink(p.URL), clean(p.URL)), at)
		return
	}
	if f.Picture == nil {
		w.add(screen.Line{}.Pad(1).Plus(line.Pad(2).Add(warn, w.a.spinner()).Muted(screen.T(" is unpacked"))))
		return
	}
	w.add(screen.Line{}.Pad(1).Plus(line.Pad(2).Muted(clean(pictureWords(f.Picture)))))
	if f.Picture.Err != nil {
		w.text(warn, "! can't be drawn: "+f.Picture.Err.Error(), 0)
		return
	}
	if w.a.painter.Pictures() {
		for _, l := range w.a.pictureLines(f.Picture, w.pictureRoom(n)) {
			w.add(screen.Line{}.Pad(w.in + 1).Plus(l))
		}
		w.blank()
	}
}

// pictureWords tell what a picture is: "png, 1 x 1, 70 B".
func pictureWords(p *model.Picture) string {
	words := p.Kind
	if p.Width > 0 {
		words = fmt.Sprintf("%s, %d x %d", p.Kind, p.Width, p.Height)
	}
	return words + ", " + model.Bytes(p.Bytes)
}

// pictureRoom is how many cells wide a picture of a size may be. The pane and half
// its height bound it.
func (w *runWriter) pictureRoom(size string) int {
	columns := 48
	switch px := schema.Size(size).Pixels(); {
	case px > 256:
		columns = 64
	case px > 128:
		columns = 40
	case px > 64:
		columns = 24
	case px > 0:
		columns = 16
	}
	// Two points stand in a cell, so a square has half as many rows as columns.
	return min(columns, w.w-w.in-3, max(w.a.lay.h-6, 8))
}

// pictureSize names the lines of a picture in one size.
type pictureSize struct {
	picture *model.Picture
	columns int
}

// maxPictures is how many drawn pictures are remembered.
const maxPictures = 32

// pictureLines are remembered: a frame must not wait for what was drawn before.
func (a *App) pictureLines(p *model.Picture, columns int) []screen.Line {
	at := pictureSize{p, columns}
	lines, ok := a.pictures[at]
	if !ok {
		if a.pictures == nil || len(a.pictures) >= maxPictures {
			a.pictures = map[pictureSize][]screen.Line{}
		}
		lines = pictureLines(p, columns)
		a.pictures[at] = lines
	}
	return lines
}

// pictureLines draw a picture with two points a cell, at most as wide as that and half
// as many lines high.
func pictureLines(p *model.Picture, columns int) []screen.Line {
	img := picture.Fit(p.Image, columns, columns)
	b := img.Bounds()
	var lines []screen.Line
	for y := b.Min.Y; y < b.Max.Y; y += 2 {
		var line screen.Line
		for x := b.Min.X; x < b.Max.X; x++ {
			lower := screen.Colour(0)
			if y+1 < b.Max.Y {
				lower = screen.ColourOf(img.At(x, y+1))
			}
			line = line.Points(screen.ColourOf(img.At(x, y)), lower)
		}
		lines = append(lines, line)
	}
	return lines
}
