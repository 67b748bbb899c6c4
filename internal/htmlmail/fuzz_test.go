package htmlmail_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"paquebot.app/internal/htmlmail"
	"paquebot.app/internal/htmlmail/page"
	"paquebot.app/internal/htmlmail/paint"
	"paquebot.app/internal/htmlmail/tree"
	"paquebot.app/internal/text/ink"
)

// use does with a document what a window does. A panic that Layout caught
// comes back as its error.
func use(t *testing.T, doc *htmlmail.Document, width float32, dark bool) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	g, err := doc.Layout(ctx, embedded(), htmlmail.View{Width: width, Height: 300, Dark: dark})
	if err != nil {
		t.Fatal(err)
	}
	p := paint.Painter{Ink: ink.New()}
	p.Band(ctx, g, page.Rect{X1: width, Y1: 300}, 1)
	p.Band(ctx, g, page.Rect{X0: 10, Y0: max(0, g.Height-50), X1: 110, Y1: g.Height + 50}, 1.5)
	end := g.End()
	g.Copy(page.Pos{}, end)
	g.Rects(page.Pos{}, end)
	g.Words()
	g.Links()
	g.Find("a")
	at := g.Hit(width/2, 100)
	g.Word(at)
	g.Paragraph(at)
	if g.Height > 200_000 || g.Height < 0 || g.Height != g.Height {
		t.Fatalf("%g high", g.Height)
	}
}

// FuzzHTML: no HTML makes parsing, layout or painting panic, or take longer
// than a mail may.
func FuzzHTML(f *testing.F) {
	for _, src := range bypasses {
		f.Add(src, uint16(600), false)
	}
	files, _ := filepath.Glob("testdata/mail/*.html")
	for _, file := range files {
		if src, err := os.ReadFile(file); err == nil {
			f.Add(string(src), uint16(400), true)
		}
	}
	for _, src := range odd {
		f.Add(src, uint16(300), true)
	}
	f.Fuzz(func(t *testing.T, src string, width uint16, dark bool) {
		if len(src) > 64<<10 {
			return
		}
		doc, err := htmlmail.Parse(context.Background(), src, htmlmail.Options{})
		if err != nil {
			htmlmail.Text(src)
			return
		}
		use(t, doc, float32(width%2000)+50, dark)
	})
}

// FuzzPlain: the same for text without markup.
func FuzzPlain(f *testing.F) {
	f.Add("> > quoted\n> once\nsee https://example.com/a_(b).\n\n\t x")
	f.Add("\u202eabc\u2067אבג\u0000\xff\r\n>>>>>>>>>>>>>>>>>>>>>>>>x")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 64<<10 {
			return
		}
		use(t, htmlmail.Plain(text), 500, false)
	})
}

// FuzzLink: no address makes a link that is not safe to open.
func FuzzLink(f *testing.F) {
	for _, s := range []string{"https://example.com", "javascript:1", "//a", "mailto:x", "https://a@b:c/d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		g := layoutOf(t, `<a href="`+address+`">x</a>`, 200)
		for _, l := range g.Links() {
			switch scheme := before(l.Href); scheme {
			case "http", "https", "ftp", "mailto", "tel":
			default:
				t.Fatalf("%q leads to %q", address, l.Href)
			}
		}
		tree.Picture(address)
	})
}

func before(s string) string {
	for i := range len(s) {
		if s[i] == ':' {
			return s[:i]
		}
	}
	return ""
}

// odd are documents that have broken layouts, or might.
var odd = []string{
	`<table><td colspan=9999 rowspan=9999><table style="table-layout:fixed;width:0"><td style="width:1e9px">x`,
	`<div style="float:left;width:100%"><div style="float:right;width:101%;clear:both">x</div></div>y`,
	`<p style="margin:-1e9px;padding:1e9px;border:1e9px solid;border-radius:1e9px;font-size:1e9px;line-height:1e9">x`,
	`<p style="font-size:0;line-height:0;letter-spacing:-1e9px;word-spacing:-99px;text-indent:-9e9px">x y z`,
	`<table style="border-collapse:collapse"><tr><td rowspan=0 colspan=-1 style="border:9px hidden">x<td style="border:3px double red">y<tr><td style="border:2px dotted">`,
	`<div style="display:flex"><div style="flex:1e9 1e9 1e9px"></div>text<img style="width:50%"><table><td>x</table></div>`,
	`<div style="display:inline-block;width:calc(1px / 0)">x<div style="width:calc((100% - (10px * 2)) / 3)">y`,
	`<img width=100000 height=100000 src="data:image/png;base64,iVBORw0KGgo="><img style="width:1e30px">`,
	`<div style="background:linear-gradient(45deg,red 50%,blue 10%,green);height:20px"></div><div style="background:repeating-linear-gradient(red,red)">x`,
	`<ol start=99999999999 type=i><li value=-5>x<li>y</ol><ul style="list-style-type:lower-greek"><li>z`,
	`<span style="padding:0 9px;border:1px solid">` + "\u202e\u2066\u05d0\ufffc\u200d" + `<br>` + `</span><span style="white-space:pre">  ` + "\t\n" + `x</span>`,
	`<b><i><u><p><a><table><b><i><u><p><a><table><b><i><u><p><a><table>x`,
	`<div style="display:table-cell">a</div><div style="display:table-row"><div style="display:table-cell">b</div></div><tr><td>c`,
	`<style>a b c d e f g h>i~j+k:nth-child(-2n+3):not(.x,#y)[z^="q" i]{color:red}@media (min-width:1px) and (prefers-color-scheme:dark){p{color:#fff}}`,
}
