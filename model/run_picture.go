package model

import (
	"image"
	"strings"

	"ioscope/client/interval/schema"
)

// Picture is what was found in the data: address of a picture.
type Picture struct {
	// Kind is png, jpeg, gif or webp, or what the address says where it is none.
	Kind string
	// Width and Height are what it has in pixels, Bytes what it takes.
	Width, Height, Bytes int
	// Image is the picture, made smaller where it is large; nil where it can't be drawn.
	Image image.Image
	// Err says why there is no Image.
	Err error
}

// ReadPicture decodes the picture of an address, which takes a while.
type ReadPicture struct {
	Ref, Key string
	Index    int
	URL      string
}

func (ReadPicture) effect() {}

// PictureRead tells what a picture holds.
type PictureRead struct {
	ReadPicture
	Picture *Picture
}

func (PictureRead) input() {}

// pictures asks for those of a step that came as data, and were not read.
func (r *Run) pictures(step *Step) []Effect {
	var out []Effect
	for _, f := range step.Fields {
		p, ok := f.Comp.Props.(*schema.DisplayImage)
		if !ok || f.pictureURL == p.URL {
			continue
		}
		f.Picture, f.pictureURL = nil, p.URL
		if strings.HasPrefix(p.URL, "data:") {
			out = append(out, ReadPicture{r.Ref, step.Render.InputGroupKey, f.Index, p.URL})
		}
	}
	return out
}

// pictureRead keeps a picture, unless its field shows another by now.
func (r *Run) pictureRead(in PictureRead) {
	step := r.step(in.Key)
	if step == nil || in.Index < 0 || in.Index >= len(step.Fields) {
		return
	}
	if f := step.Fields[in.Index]; f.pictureURL == in.URL {
		f.Picture = in.Picture
	}
}
