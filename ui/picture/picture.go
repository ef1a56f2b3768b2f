// Package picture decodes the pictures that hosts send inside a data: address. They
// come from strangers: what they hold is measured before any of it is unpacked.
package picture

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // reads the first frame
	_ "image/jpeg" // a kind of picture
	_ "image/png"  // a kind of picture
	"net/url"
	"strings"

	"golang.org/x/image/draw"
	"golang.org/x/image/vp8l"
	_ "golang.org/x/image/webp" // a kind of picture

	"ioscope/model"
)

const (
	// MaxBytes is how many bytes of a picture are unpacked at most.
	MaxBytes = 16 << 20
	// MaxPixels is how many pixels a picture may have that is unpacked.
	MaxPixels = 12_000_000
	// kept is how many pixels each side of a picture has at most that is kept: more
	// than half blocks can show.
	kept = 128
)

// Read decodes the picture of a data: address. It takes a while for a large one.
func Read(address string) (p *model.Picture) {
	head, body, found := strings.Cut(strings.TrimPrefix(address, "data:"), ",")
	kind, _, _ := strings.Cut(head, ";")
	p = &model.Picture{Kind: kind}
	if kind == "" {
		p.Kind = "data"
	}
	if !found || len(body) > MaxBytes/3*4+4 {
		p.Bytes = len(body) / 4 * 3
		p.Err = errors.New("the address has no data")
		if found {
			p.Err = fmt.Errorf("more than %d MB is not unpacked", MaxBytes>>20)
		}
		return p
	}
	data, err := bytesOf(head, body)
	p.Bytes = len(data)
	if err != nil {
		p.Err = err
		return p
	}
	decode(p, data)
	return p
}

func bytesOf(head, body string) ([]byte, error) {
	if !strings.HasSuffix(head, ";base64") {
		text, err := url.PathUnescape(body)
		return []byte(text), err
	}
	body = strings.TrimRight(body, "=")
	data, err := base64.RawStdEncoding.DecodeString(body)
	if err != nil {
		return data, errors.New("its base64 is broken")
	}
	return data, nil
}

func decode(p *model.Picture, data []byte) {
	// A decoder that panics over what a stranger sent must not end the program.
	defer func() {
		if r := recover(); r != nil {
			p.Image, p.Err = nil, fmt.Errorf("broken: %v", r)
		}
	}()
	config, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if errors.Is(err, image.ErrFormat) {
		p.Err = errors.New("no picture that ioscope can read")
		return
	}
	if err != nil {
		p.Err = fmt.Errorf("broken: %w", err)
		return
	}
	p.Kind, p.Width, p.Height = kind, config.Width, config.Height
	if kind == "webp" {
		config = largest(data, config)
	}
	if config.Width <= 0 || config.Height <= 0 || config.Width > MaxPixels/config.Height {
		p.Err = fmt.Errorf("more than %d million pixels are not unpacked", MaxPixels/1_000_000)
		return
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		p.Err = fmt.Errorf("broken: %w", err)
		return
	}
	p.Image = Fit(img, kept, kept)
}

// largest looks into a webp: its first header may tell a smaller size than the
// picture inside has.
func largest(data []byte, c image.Config) image.Config {
	const head = 12 // RIFF, length, WEBP
	for at := head; at+8 <= len(data); {
		id, n := string(data[at:at+4]), int(binary.LittleEndian.Uint32(data[at+4:]))
		body := data[at+8:]
		var inner image.Config
		switch {
		case id == "VP8L":
			inner, _ = vp8l.DecodeConfig(bytes.NewReader(body))
		case id == "VP8 " && len(body) >= 10:
			inner.Width = int(binary.LittleEndian.Uint16(body[6:])) & 0x3fff
			inner.Height = int(binary.LittleEndian.Uint16(body[8:])) & 0x3fff
		}
		c.Width, c.Height = max(c.Width, inner.Width), max(c.Height, inner.Height)
		if n < 0 {
			break
		}
		at += 8 + n + n%2
	}
	return c
}

// Fit makes a picture smaller, so that it has at most w by h pixels and its shape. It
// makes none larger.
func Fit(img image.Image, w, h int) image.Image {
	have := img.Bounds()
	if have.Empty() || w < 1 || h < 1 {
		return image.NewNRGBA(image.Rectangle{})
	}
	share := min(1, float64(w)/float64(have.Dx()), float64(h)/float64(have.Dy()))
	to := image.Rect(0, 0, max(int(share*float64(have.Dx())+0.5), 1), max(int(share*float64(have.Dy())+0.5), 1))
	out := image.NewNRGBA(to)
	draw.CatmullRom.Scale(out, to, img, have, draw.Src, nil)
	return out
}
