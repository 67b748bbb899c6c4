package htmlmail_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/htmlmail"
	"paquebot.app/internal/htmlmail/page"
)

func parse(t *testing.T, src string) (*htmlmail.Document, error) {
	t.Helper()
	return htmlmail.Parse(context.Background(), src, htmlmail.Options{})
}

func TestHTMLAboveFiveMegabytesIsRefusedWithASentence(t *testing.T) {
	src := "<p>" + strings.Repeat("words ", 5<<20/6+1)
	_, err := parse(t, src)
	var f *fault.Error
	if !errors.As(err, &f) || f.Remedy != fault.Never || f.Text == "" {
		t.Fatalf("%v", err)
	}
	if text := htmlmail.Text(src); !strings.HasPrefix(text, "words words") {
		t.Errorf("the text is %.20q", text)
	}
}

func TestNestingWithoutEndIsShownAsText(t *testing.T) {
	src := strings.Repeat("<div>", 600) + "deep"
	_, err := parse(t, src)
	if err == nil {
		t.Fatal("600 elements deep: no error")
	}
	if text := htmlmail.Text(src); text != "deep" {
		t.Errorf("the text is %q", text)
	}
	g := layoutOf(t, strings.Repeat("<div>", 480)+"deep", 300)
	if got := g.Text(); got != "deep" {
		t.Errorf("480 elements deep: %q", got)
	}
}

func TestNodesAreBounded(t *testing.T) {
	doc, err := parse(t, strings.Repeat("<br>", 300_000))
	if err != nil {
		t.Fatal(err)
	}
	if !doc.Report().Cut {
		t.Error("300,000 elements were not cut")
	}
}

func TestRulesAndColumnsAreBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString("<style>")
	for i := range 30_000 {
		fmt.Fprintf(&b, ".c%d a>b{color:red}", i)
	}
	b.WriteString("</style><table>")
	for range 20 {
		b.WriteString("<tr>")
		for range 30 {
			b.WriteString("<td colspan=900>x</td>")
		}
	}
	g := layoutOf(t, b.String(), 500)
	if n := len(g.Words()); n > 20*30 || n < 20 {
		t.Errorf("%d words", n)
	}
}

func TestSelectorsThatTryEverythingEnd(t *testing.T) {
	sel := "div"
	for range 25 {
		sel += " div"
	}
	src := "<style>" + strings.Repeat(sel+" .never div,"+sel+" b{color:red}", 50) + "</style>" + strings.Repeat("<div>", 100)
	src += strings.Repeat("<b>x</b>", 500)
	g := layoutOf(t, src, 500)
	if len(g.Words()) == 0 {
		t.Error("nothing is shown")
	}
}

func TestHeightIsBounded(t *testing.T) {
	for _, src := range []string{strings.Repeat("<p style='height:5000px'>x</p>", 100), "<p style='height:9e9px'>x", "<p style='margin-top:9e9px'>x",
		"<table><tr><td height=9999999>x</table>", strings.Repeat("<p>line</p>", 20_000)} {
		if g := layoutOf(t, src, 500); g.Height > 200_000 {
			t.Errorf("%.30s: %g high", src, g.Height)
		}
	}
}

// huge is a PNG that says it is w by h and holds nothing.
func huge(w, h uint32) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		_ = binary.Write(&b, binary.BigEndian, uint32(len(data)))
		body := append([]byte(kind), data...)
		b.Write(body)
		_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(body))
	}
	head := make([]byte, 13)
	binary.BigEndian.PutUint32(head, w)
	binary.BigEndian.PutUint32(head[4:], h)
	head[8], head[9] = 8, 6
	chunk("IHDR", head)
	return b.Bytes()
}

func TestHugePicturesAreNotDecoded(t *testing.T) {
	for _, size := range [][2]uint32{{65000, 65000}, {7000, 7000}, {1 << 31, 2}} {
		src := `<img width="10" height="10" src="data:image/png;base64,` + base64.StdEncoding.EncodeToString(huge(size[0], size[1])) + `">`
		g := layoutOf(t, src, 300)
		for _, it := range g.Items {
			if it.Kind == page.Picture {
				t.Errorf("a picture of %v is shown", size)
			}
		}
	}
}

func TestAnEndedContextEndsTheLayout(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	doc, err := htmlmail.Parse(ctx, strings.Repeat("<p>some words</p>", 3000), htmlmail.Options{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := doc.Layout(ctx, embedded(), htmlmail.View{Width: 500}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err := htmlmail.Parse(ctx, strings.Repeat("<p>x", 5000), htmlmail.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestOnlyTheFirstPartOfALongMailIsLaidOut(t *testing.T) {
	for name, src := range map[string]string{
		"paragraphs": strings.Repeat("<div><p>some words of a paragraph</p></div>", 4000),
		"a table":    "<table>" + strings.Repeat("<tr><td>some<td>words</tr>", 4000) + "</table>",
		"lines":      "<pre>" + strings.Repeat("some words\n", 8000) + "</pre>",
		"in a cell":  "<table width=600 align=center><tr><td>" + strings.Repeat("<p>some words</p>", 4000) + "</table>",
	} {
		doc, err := parse(t, src)
		if err != nil {
			t.Fatal(err)
		}
		whole, err := doc.Layout(context.Background(), embedded(), htmlmail.View{Width: 500})
		if err != nil {
			t.Fatal(err)
		}
		first, err := doc.Layout(context.Background(), embedded(), htmlmail.View{Width: 500, Until: 900})
		if err != nil {
			t.Fatal(err)
		}
		if !first.Partial || whole.Partial {
			t.Errorf("%s: partial %v and %v", name, first.Partial, whole.Partial)
		}
		if n := len(first.Lines); n < 20 || n > 200 {
			t.Errorf("%s: %d lines for 900 pixels", name, n)
		}
		for i := range first.Lines {
			a, b := &first.Lines[i], &whole.Lines[i]
			if a.Y < 880 && (a.X != b.X || a.Y != b.Y || string(a.Text) != string(b.Text)) {
				t.Fatalf("%s: line %d stands at %g, %g; in the whole mail at %g, %g", name, i, a.X, a.Y, b.X, b.Y)
			}
		}
	}
}

// What grows with the square of a mail's length would be seen here: each of
// these took minutes when it did.
func TestLongMailsOfOneKindEnd(t *testing.T) {
	for name, src := range map[string]string{
		"spans with edges": strings.Repeat("<span style='padding:1px;background:red'>a</span>", 30_000),
		"floats in text":   strings.Repeat("word <span style=float:left>f</span> ", 5000),
		"floats":           strings.Repeat("<div style='float:left;width:9px;height:9px'></div>", 20_000),
		"items":            "<ol>" + strings.Repeat("<li>a", 30_000),
		"spanning rows":    "<table>" + strings.Repeat("<tr><td rowspan=900>a<td>b", 3000),
		"shared borders":   "<table style=border-collapse:collapse><tr>" + strings.Repeat("<td style='border:1px solid'>a", 900) + strings.Repeat("<tr><td>b", 4000),
		"nested":           strings.Repeat("<b style=background:red>a", 190) + strings.Repeat("words ", 20_000),
	} {
		g := layoutOf(t, src, 700)
		if name != "floats" && len(g.Words()) == 0 {
			t.Errorf("%s: nothing is shown", name)
		}
	}
}
