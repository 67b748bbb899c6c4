package htmlmail

import (
	"bytes"
	"encoding/base64"
	"image"
	_ "image/gif" // decoders of what mail holds; animated ones stand still
	_ "image/jpeg"
	_ "image/png"
	"net/url"
	"strings"
	"sync"

	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/webp"

	"paquebot.app/internal/htmlmail/page"
)

// Limits of pictures.
const (
	MaxPixels  = 40_000_000 // of one, known before it is decoded
	maxDecoded = 160_000_000
)

// pictures answers what pictures are here, decoding each once.
type pictures struct {
	options Options

	mu     sync.Mutex
	known  map[string]*picture
	pixels int // of those that are known
}

func newPictures(o Options) *pictures { return &pictures{options: o, known: map[string]*picture{}} }

// picture is a picture of the mail.
type picture struct {
	w, h int
	data []byte

	once sync.Once
	img  image.Image
}

// Size is that of the picture in its own pixels.
func (p *picture) Size() (w, h int) { return p.w, p.h }

// Image decodes the picture, nil where it cannot be.
func (p *picture) Image() image.Image {
	p.once.Do(func() {
		defer func() {
			if recover() != nil {
				p.img = nil
			}
			p.data = nil
		}()
		img, _, err := image.Decode(bytes.NewReader(p.data))
		if err != nil || img.Bounds().Dx() != p.w || img.Bounds().Dy() != p.h {
			return
		}
		p.img = img
	})
	return p.img
}

// Picture returns the picture of an address, nil for one that is not here, is
// none or is too large.
func (p *pictures) Picture(address string) page.Source {
	p.mu.Lock()
	defer p.mu.Unlock()
	k, seen := p.known[address]
	if !seen {
		k = p.load(address)
		p.known[address] = k
	}
	if k == nil {
		return nil
	}
	return k
}

func (p *pictures) load(address string) *picture {
	data, ok := p.bytes(address)
	if !ok {
		return nil
	}
	c, ok := config(data)
	if !ok || c.Width < 1 || c.Height < 1 || c.Width > MaxPixels/c.Height || p.pixels+c.Width*c.Height > maxDecoded {
		return nil
	}
	p.pixels += c.Width * c.Height
	return &picture{w: c.Width, h: c.Height, data: data}
}

// config reads how large a picture is.
func config(data []byte) (c image.Config, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	return c, err == nil
}

// bytes returns those of a picture: from the address itself, from the mail, or
// of what is approved.
func (p *pictures) bytes(address string) ([]byte, bool) {
	scheme, rest, _ := strings.Cut(address, ":")
	r := p.options.Resources
	switch scheme {
	case "data":
		return inAddress(rest)
	case "cid":
		if r == nil {
			return nil, false
		}
		if id, err := url.PathUnescape(rest); err == nil {
			rest = id
		}
		return r.Part(rest)
	case "http", "https":
		if r != nil && p.options.Remote {
			return r.Remote(address)
		}
	}
	return nil, false
}

// inAddress returns the bytes of a data: address (RFC 2397).
func inAddress(rest string) ([]byte, bool) {
	head, body, ok := strings.Cut(rest, ",")
	if !ok {
		return nil, false
	}
	if plain, err := url.PathUnescape(body); err == nil {
		body = plain
	}
	if !strings.HasSuffix(strings.ToLower(strings.TrimSpace(head)), ";base64") {
		return []byte(body), true
	}
	body = strings.Map(func(r rune) rune {
		if r == ' ' || r == '\n' || r == '\r' || r == '\t' || r == '=' {
			return -1
		}
		return r
	}, body)
	data, err := base64.RawStdEncoding.DecodeString(body)
	return data, err == nil
}
