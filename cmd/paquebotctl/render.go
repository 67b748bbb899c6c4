package main

import (
	"context"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"paquebot.app/internal/content"
	"paquebot.app/internal/htmlmail"
	"paquebot.app/internal/htmlmail/page"
	"paquebot.app/internal/htmlmail/paint"
	"paquebot.app/internal/htmlmail/pdf"
	"paquebot.app/internal/letter"
	"paquebot.app/internal/text/font"
	"paquebot.app/internal/text/ink"
	"paquebot.app/internal/text/shape"
	"paquebot.app/localstore"
)

// render is how a mail is drawn without a window.
type render struct {
	width      float32
	zoom       int
	dark       bool
	png, words string
	pdf        string
}

func (a *app) renderCmd() *cobra.Command {
	r := render{}
	cmd := &cobra.Command{
		Use:   "render ID|FILE.eml|FILE.html",
		Short: "Draw a message as the window would, without a window; remote pictures are never fetched",
		Args:  exactly(1, "render needs one ID or one file"),
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case r.width < 50 || r.width > htmlmail.MaxWidth:
				return usage("--width is from 50 to %d", htmlmail.MaxWidth)
			case r.zoom < 25 || r.zoom > 500:
				return usage("--zoom is from 25 to 500 per cent")
			}
			return a.render(c.Context(), args[0], r)
		},
	}
	flags := cmd.Flags()
	flags.Float32Var(&r.width, "width", 700, "of the view, in `pixels`")
	flags.IntVar(&r.zoom, "zoom", 100, "`per cent`; text is laid out anew, not stretched")
	flags.BoolVar(&r.dark, "dark", false, "in dark mode")
	flags.StringVar(&r.png, "png", "", "write a picture to `FILE`, which must not exist")
	flags.StringVar(&r.pdf, "pdf", "", "print it to `FILE`, which must not exist, on sheets of A4")
	flags.StringVar(&r.words, "words", "", "write the words and where they stand to `FILE`, as JSON")
	return cmd
}

// rendered is what is printed of a drawn message.
type rendered struct {
	Height float32  `json:"height"`
	Wide   float32  `json:"wide"` // more than the width where it does not fit
	Words  int      `json:"words"`
	Links  int      `json:"links"`
	Remote []string `json:"remote"` // pictures that were not fetched
	Forms  int      `json:"forms"`
	Cut    bool     `json:"cut"`
}

func (a *app) render(ctx context.Context, what string, r render) error {
	doc, err := a.document(ctx, what)
	if err != nil {
		return err
	}
	shaper := shape.New(font.New(true, ""))
	zoom := float32(r.zoom) / 100
	g, err := doc.Layout(ctx, shaper, htmlmail.View{Width: r.width / zoom, Height: 800 / zoom, Dark: r.dark})
	if err != nil {
		return err
	}
	words := g.Words()
	if r.words != "" {
		err := a.save(r.words, func(w io.Writer) error { return writeWords(w, g, words) })
		if err != nil {
			return err
		}
	}
	painter := &paint.Painter{Ink: ink.New()}
	if r.pdf != "" {
		if err := a.save(r.pdf, func(w io.Writer) error { return pdf.Write(ctx, w, painter, g) }); err != nil {
			return err
		}
	}
	if r.png != "" {
		height := min(g.Height, paint.MaxPixels/(r.width*zoom*1.01))
		img := painter.Band(ctx, g, page.Rect{X1: g.Width, Y1: max(height, 1)}, zoom)
		if img == nil {
			return badData("The message is too large for a picture.", ctx.Err())
		}
		if err := a.save(r.png, func(w io.Writer) error { return png.Encode(w, img) }); err != nil {
			return err
		}
	}
	report := doc.Report()
	out := rendered{Height: g.Height, Wide: g.Wide, Words: len(words), Links: len(g.Links()), Remote: report.Remote, Forms: report.Forms, Cut: report.Cut}
	if out.Remote == nil {
		out.Remote = []string{}
	}
	return a.print(out, func(w io.Writer) {
		fmt.Fprintf(w, "%d words, %d links, %.0f pixels high", out.Words, out.Links, out.Height)
		if out.Wide > g.Width+1 {
			fmt.Fprintf(w, ", %.0f pixels wide", out.Wide)
		}
		if n := len(out.Remote); n > 0 {
			fmt.Fprintf(w, ", %d remote pictures not fetched", n)
		}
		fmt.Fprintln(w)
	})
}

// save writes a file of its own.
func (a *app) save(path string, write func(io.Writer) error) error {
	w, finish, err := a.output(path)
	if err != nil {
		return err
	}
	return finish(write(w))
}

// writeWords writes words as [word, x, y, width, height, colour, size].
func writeWords(w io.Writer, g *page.Page, words []page.Word) error {
	rows := make([][7]any, len(words))
	for i, k := range words {
		rows[i] = [7]any{k.Text, k.X, k.Y, k.W, k.H, fmt.Sprintf("rgb(%d, %d, %d)", k.Colour.R, k.Colour.G, k.Colour.B), k.Size}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(map[string]any{"h": g.Height, "w": rows})
}

// document reads a file, or a message of the profile by its id.
func (a *app) document(ctx context.Context, what string) (*htmlmail.Document, error) {
	lower := strings.ToLower(what)
	switch {
	case strings.HasSuffix(lower, ".html"), strings.HasSuffix(lower, ".htm"):
		src, err := os.ReadFile(what)
		if err != nil {
			return nil, missing("%s cannot be read: %v.", what, err)
		}
		return htmlOrText(ctx, string(src), nil)
	case strings.HasSuffix(lower, ".eml"):
		raw, err := os.ReadFile(what)
		if err != nil {
			return nil, missing("%s cannot be read: %v.", what, err)
		}
		return documentOf(ctx, letter.Parse(raw))
	}
	ids, err := messageIDs([]string{what})
	if err != nil {
		return nil, err
	}
	if err := a.bring(ctx, ids[0], localstore.WishText); err != nil {
		return nil, err
	}
	m, err := content.Open(ctx, a.profile.Store, ids[0])
	if err != nil {
		return nil, err
	}
	defer m.Close()
	return documentOf(ctx, m.Letter)
}

// documentOf reads a letter: its HTML, else its text. The pictures it shows
// are read now, for the letter is closed when they are asked for.
func documentOf(ctx context.Context, l *letter.Letter) (*htmlmail.Document, error) {
	if l.ReadError != nil {
		return nil, l.ReadError
	}
	if src := l.HTML(); src != "" {
		return htmlOrText(ctx, src, picturesOf(l))
	}
	return htmlmail.Plain(l.Text()), nil
}

// htmlOrText reads HTML; what cannot be shown as such is shown as text.
func htmlOrText(ctx context.Context, src string, r htmlmail.Resources) (*htmlmail.Document, error) {
	doc, err := htmlmail.Parse(ctx, src, htmlmail.Options{Resources: r})
	if err != nil && ctx.Err() == nil {
		return htmlmail.Plain(htmlmail.Text(src)), nil
	}
	return doc, err
}

// inlinePictures are the pictures of a letter by their Content-ID.
type inlinePictures map[string][]byte

func (p inlinePictures) Part(id string) ([]byte, bool) {
	data, ok := p[id]
	return data, ok
}

func (inlinePictures) Remote(string) ([]byte, bool) { return nil, false }

// maxInline bounds the pictures of a letter that are read for drawing it.
const maxInline = 64 << 20

func picturesOf(l *letter.Letter) inlinePictures {
	out := inlinePictures{}
	left := int64(maxInline)
	for i := range l.Parts {
		p := &l.Parts[i]
		if p.ContentID == "" || p.Absent || !strings.HasPrefix(p.Type, "image/") {
			continue
		}
		data, err := io.ReadAll(io.LimitReader(l.Open(p), left))
		if err != nil {
			continue
		}
		left -= int64(len(data))
		out[p.ContentID] = data
	}
	return out
}
