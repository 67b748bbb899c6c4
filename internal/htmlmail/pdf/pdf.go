// Package pdf prints a page: on sheets of A4, as pictures, with no line of
// text cut in two where that can be. Links lead where they led. It needs the
// memory of one sheet at a time.
package pdf

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"image"
	"io"
	"sort"
	"strings"

	"paquebot.app/internal/htmlmail/page"
	"paquebot.app/internal/htmlmail/paint"
)

// Measures of a sheet, in points (ISO 216, A4).
const (
	sheetWidth  = 595.28
	sheetHeight = 841.89
	margin      = 36
	// scale is how many pixels of the picture a pixel of the page has.
	scale = 2
)

// Write prints a page, which must be laid out to its end. The error is that
// of the writer or the context.
func Write(ctx context.Context, w io.Writer, p *paint.Painter, g *page.Page) error {
	f := file{w: w}
	width := max(g.Width, g.Wide)
	factor := float32(sheetWidth-2*margin) / width // points a pixel
	cuts := sheets(g, (sheetHeight-2*margin)/factor)
	f.text("%%PDF-1.4\n%%\xe2\xe3\xcf\xd3\n")
	const catalog, pages = 1, 2
	next := 3
	var kids []string
	for i := 0; i+1 < len(cuts); i++ {
		r := page.Rect{X1: width, Y0: cuts[i], Y1: cuts[i+1]}
		img := p.Band(ctx, g, r, scale)
		if img == nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return fmt.Errorf("a sheet of %.0f by %.0f pixels cannot be painted", width, r.Y1-r.Y0)
		}
		sheet, content, picture := next, next+1, next+2
		next += 3
		kids = append(kids, fmt.Sprintf("%d 0 R", sheet))
		high := (r.Y1 - r.Y0) * factor
		f.object(sheet, "<</Type/Page/Parent %d 0 R/MediaBox[0 0 %.2f %.2f]/Contents %d 0 R/Resources<</XObject<</I %d 0 R>>>>/Annots[%s]>>",
			pages, sheetWidth, sheetHeight, content, picture, links(g, r, factor))
		draws := fmt.Sprintf("q %.3f 0 0 %.3f %d %.3f cm /I Do Q", width*factor, high, margin, sheetHeight-margin-high)
		f.object(content, "<</Length %d>>stream\n%s\nendstream", len(draws), draws)
		data := packed(img)
		f.object(picture, "<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode/Length %d>>stream\n%s\nendstream",
			img.Rect.Dx(), img.Rect.Dy(), len(data), data)
	}
	f.object(pages, "<</Type/Pages/Count %d/Kids[%s]>>", len(kids), strings.Join(kids, " "))
	f.object(catalog, "<</Type/Catalog/Pages %d 0 R>>", pages)
	f.end(next, catalog)
	return f.err
}

// sheets are the heights at which a page is cut: between lines, or where it
// must be.
func sheets(g *page.Page, height float32) []float32 {
	type stretch struct{ from, to float32 }
	var whole []stretch
	for i := range g.Lines {
		l := &g.Lines[i]
		whole = append(whole, stretch{l.Y, l.Y + l.Line.Height})
	}
	sort.Slice(whole, func(i, j int) bool { return whole[i].from < whole[j].from })
	cuts := []float32{0}
	for at := float32(0); at+height < g.Height; {
		cut := at + height
		for again := true; again; {
			again = false
			for _, s := range whole {
				if s.from < cut && cut < s.to && s.from > at+height/2 && s.to-s.from < height/4 {
					cut, again = s.from, true
				}
			}
		}
		cuts = append(cuts, cut)
		at = cut
	}
	return append(cuts, max(g.Height, cuts[len(cuts)-1]+1))
}

// links are the links on a sheet as annotations.
func links(g *page.Page, r page.Rect, factor float32) string {
	var b strings.Builder
	for i := range g.Lines {
		l := &g.Lines[i]
		if l.Y < r.Y0 || l.Y >= r.Y1 {
			continue
		}
		for k := range l.Line.Spans {
			s := &l.Line.Spans[k]
			link := l.Runs.List[s.Style.Tag].Link
			if link == nil {
				continue
			}
			top := float32(sheetHeight-margin) - (l.Y-r.Y0)*factor
			fmt.Fprintf(&b, "<</Type/Annot/Subtype/Link/Border[0 0 0]/Rect[%.2f %.2f %.2f %.2f]/A<</S/URI/URI %s>>>>",
				margin+(l.X+s.X0)*factor, top-l.Line.Height*factor, margin+(l.X+s.X1)*factor, top, quoted(link.Href))
		}
	}
	return b.String()
}

// quoted is a string as a file has it; addresses are ASCII.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('(')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '(' || c == ')' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < 0x20 || c >= 0x7f:
			fmt.Fprintf(&b, "%%%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte(')')
	return b.String()
}

// packed are the colours of a picture, compressed.
func packed(img *image.RGBA) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	row := make([]byte, 0, 3*img.Rect.Dx())
	for y := range img.Rect.Dy() {
		row = row[:0]
		pix := img.Pix[y*img.Stride:]
		for x := range img.Rect.Dx() {
			row = append(row, pix[4*x], pix[4*x+1], pix[4*x+2])
		}
		_, _ = z.Write(row) // into memory
	}
	_ = z.Close()
	return b.Bytes()
}

// file writes the objects of a file and remembers where they are.
type file struct {
	w     io.Writer
	at    int
	begin map[int]int
	err   error
}

func (f *file) text(format string, args ...any) {
	if f.err != nil {
		return
	}
	n, err := fmt.Fprintf(f.w, format, args...)
	f.at += n
	f.err = err
}

func (f *file) object(n int, format string, args ...any) {
	if f.begin == nil {
		f.begin = map[int]int{}
	}
	f.begin[n] = f.at
	f.text("%d 0 obj", n)
	f.text(format, args...)
	f.text("\nendobj\n")
}

// end writes the table of n-1 objects.
func (f *file) end(n, catalog int) {
	table := f.at
	f.text("xref\n0 %d\n0000000000 65535 f \n", n)
	for i := 1; i < n; i++ {
		f.text("%010d 00000 n \n", f.begin[i])
	}
	f.text("trailer<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", n, catalog, table)
}
