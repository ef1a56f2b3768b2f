package picture

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

func square(n int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, n, n))
	for i := range n * n {
		img.Set(i%n, i/n, color.NRGBA{uint8(i), 7, 9, 255})
	}
	return img
}

func address(kind string, data []byte) string {
	return "data:image/" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)
}

func pngOf(t testing.TB, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, square(n)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// huge is a picture that says to have as many pixels as that.
func huge(t testing.TB, w, h uint32) []byte {
	t.Helper()
	data := pngOf(t, 4)
	binary.BigEndian.PutUint32(data[16:], w)
	binary.BigEndian.PutUint32(data[20:], h)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

// onePixelWebP is the smallest picture of its kind.
const onePixelWebP = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="

func TestRead(t *testing.T) {
	t.Parallel()
	var j, g bytes.Buffer
	if err := jpeg.Encode(&j, square(300), nil); err != nil {
		t.Fatal(err)
	}
	if err := gif.Encode(&g, square(5), nil); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		url, kind  string
		size, kept int
	}{
		{address("png", pngOf(t, 4)), "png", 4, 4},
		{address("unknown", j.Bytes()), "jpeg", 300, 128},
		{address("gif", g.Bytes()), "gif", 5, 5},
		{"data:image/webp;base64," + onePixelWebP, "webp", 1, 1},
		{strings.TrimRight(address("png", pngOf(t, 6)), "="), "png", 6, 6},
	} {
		p := Read(c.url)
		if p.Err != nil || p.Kind != c.kind || p.Width != c.size || p.Height != c.size || p.Bytes == 0 {
			t.Errorf("%.30s: %+v", c.url, p)
			continue
		}
		if b := p.Image.Bounds(); b.Dx() != c.kept || b.Dy() != c.kept {
			t.Errorf("%.30s: %v is kept, want %d", c.url, b, c.kept)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	large := []byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00VP8L\x05\x00\x00\x00\x2f\xff\xff\xff\x0f\x00")
	binary.LittleEndian.PutUint32(large[4:], uint32(len(large)-8))
	for name, c := range map[string]struct{ url, want string }{
		"many pixels":       {address("png", huge(t, 60_000, 60_000)), "million pixels"},
		"one long line":     {address("png", huge(t, 12_000_001, 1)), "million pixels"},
		"webp in disguise":  {address("webp", large), "million pixels"},
		"truncated":         {address("png", pngOf(t, 40)[:60]), "broken"},
		"truncated head":    {address("png", pngOf(t, 4)[:20]), "broken"},
		"no picture":        {"data:text/plain,hello", "no picture"},
		"an HTML page":      {"data:text/html;base64,PGh0bWw+", "no picture"},
		"broken base64":     {"data:image/png;base64,!!!", "base64"},
		"nothing":           {"data:", "no data"},
		"too many bytes":    {"data:image/png;base64," + strings.Repeat("A", MaxBytes/3*4+8), "more than 16 MB"},
		"broken percentage": {"data:image/png,%zz", "invalid"},
	} {
		p := Read(c.url)
		if p.Image != nil || p.Err == nil || !strings.Contains(p.Err.Error(), c.want) {
			t.Errorf("%s: %+v, want %q", name, p, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(pngOf(f, 4))
	webp, err := base64.StdEncoding.DecodeString(onePixelWebP)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(webp)
	f.Add([]byte("GIF89a"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p := Read(address("png", data))
		if (p.Image == nil) == (p.Err == nil) {
			t.Fatalf("neither picture nor reason: %+v", p)
		}
		if p.Image != nil && max(p.Image.Bounds().Dx(), p.Image.Bounds().Dy()) > kept {
			t.Fatalf("%v is kept", p.Image.Bounds())
		}
	})
}
