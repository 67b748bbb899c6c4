package vm

import (
	"context"
	"image"
	_ "image/gif" // the formats that letters hold
	_ "image/jpeg"
	_ "image/png"
	"io"
	"strings"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"

	"paquebot.app/internal/content"
	"paquebot.app/internal/letter"
)

// Bounds of the pictures that a letter shows in its text.
const (
	mostPictures    = 60
	mostPicture     = 20 << 20   // bytes of one
	mostPixels      = 40_000_000 // of one, before it is made smaller
	mostPixelsShown = 60_000_000 // of a letter's pictures together, likewise
	pictureWide     = 1440       // twice the reader's column
	pictureHigh     = 4000
)

// picturesOf decodes the pictures of a mail that its text shows, by Content-ID.
// What is not here, damaged or too big is left out: its alt text is shown.
// missing tells that some are still on the server.
func picturesOf(ctx context.Context, m *content.Mail, d *letter.Document) (shown map[string]image.Image, missing bool) {
	shown = map[string]image.Image{}
	pixels := 0
	for _, r := range pictureRuns(d) {
		open := func() io.Reader { return strings.NewReader(r.Data) }
		if r.Data == "" {
			p := pictureOf(m.Letter, r.ContentID)
			if p == nil || !m.Here(p) {
				missing = missing || m.Blob == 0
				continue
			}
			if p.Size > mostPicture {
				continue
			}
			open = func() io.Reader { return io.LimitReader(m.Letter.Open(p), mostPicture) }
		}
		if ctx.Err() != nil || len(shown) == mostPictures {
			continue
		}
		config, _, err := image.DecodeConfig(open())
		if err != nil || config.Width <= 0 || config.Height <= 0 || config.Width > mostPixels/config.Height || pixels+config.Width*config.Height > mostPixelsShown {
			continue
		}
		pixels += config.Width * config.Height
		if img := decode(open()); img != nil {
			shown[r.ContentID] = img
		}
	}
	return shown, missing
}

// pictureRuns returns the pictures that a document shows, each once.
func pictureRuns(d *letter.Document) (runs []letter.Run) {
	seen := map[string]bool{"": true}
	for i := range d.Blocks {
		for _, r := range d.Blocks[i].Runs {
			if r.Image && !seen[r.ContentID] {
				seen[r.ContentID] = true
				runs = append(runs, r)
			}
		}
	}
	return runs
}

func pictureOf(l *letter.Letter, id string) *letter.Part {
	for i := range l.Parts {
		if p := &l.Parts[i]; p.ContentID == id && strings.HasPrefix(p.Type, "image/") {
			return p
		}
	}
	return nil
}

// decode decodes a picture, no bigger than the window shows it. Whatever a
// decoder does with a strange one, the letter is shown.
func decode(r io.Reader) (img image.Image) {
	defer func() {
		if recover() != nil {
			img = nil
		}
	}()
	img, _, err := image.Decode(r)
	if err != nil {
		return nil
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if w > pictureWide {
		w, h = pictureWide, max(1, h*pictureWide/w)
	}
	if h > pictureHigh {
		w, h = max(1, w*pictureHigh/h), pictureHigh
	}
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), img, b, draw.Src, nil)
	return small
}
