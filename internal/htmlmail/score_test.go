package htmlmail_test

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"paquebot.app/internal/htmlmail"
	"paquebot.app/internal/htmlmail/page"
	"paquebot.app/internal/htmlmail/paint"
	"paquebot.app/internal/htmlmail/score"
	"paquebot.app/internal/letter"
	"paquebot.app/internal/text/font"
	"paquebot.app/internal/text/ink"
	"paquebot.app/internal/text/shape"
)

// shown lays out and paints a prepared mail as the references are.
func shown(t *testing.T, s *shape.Shaper, src string) (score.Page, *image.Gray) {
	t.Helper()
	doc, err := htmlmail.Parse(context.Background(), src, htmlmail.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g, err := doc.Layout(context.Background(), s, htmlmail.View{Width: score.Width, Height: 657})
	if err != nil {
		t.Fatal(err)
	}
	out := score.Page{Height: float64(g.Height)}
	for _, w := range g.Words() {
		out.Words = append(out.Words, score.Word{Text: w.Text, X: float64(w.X), Y: float64(w.Y), W: float64(w.W), H: float64(w.H),
			Colour: fmt.Sprintf("rgb(%d, %d, %d)", w.Colour.R, w.Colour.G, w.Colour.B), Size: float64(w.Size)})
	}
	p := paint.Painter{Ink: ink.New()}
	img := p.Band(context.Background(), g, page.Rect{X1: score.Width, Y1: min(max(g.Height, 1), 3000)}, 1)
	if to := os.Getenv("PAQUEBOT_HTML_OUT"); to != "" {
		f, err := os.Create(filepath.Join(to, filepath.Base(t.Name())+".png"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := png.Encode(f, img); err != nil {
			t.Fatal(err)
		}
	}
	return out, score.Grey(img)
}

// pinnedFonts are where the packages lie that the references are made with:
// fonts-liberation, fonts-noto-core, fonts-noto-cjk, fonts-noto-color-emoji.
var pinnedFonts = []string{"/usr/share/fonts/truetype/liberation", "/usr/share/fonts/truetype/noto", "/usr/share/fonts/opentype/noto"}

// pinFonts lets Chromium see no other fonts of this system for the time of a
// test: what is installed besides would make another page.
func pinFonts(t *testing.T) {
	t.Helper()
	var conf strings.Builder
	conf.WriteString("<?xml version=\"1.0\"?>\n<!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">\n<fontconfig>\n")
	for _, dir := range pinnedFonts {
		fmt.Fprintf(&conf, "<dir>%s</dir>\n", dir)
	}
	dir := t.TempDir()
	fmt.Fprintf(&conf, "<include ignore_missing=\"yes\">/etc/fonts/conf.d</include>\n<cachedir>%s</cachedir>\n</fontconfig>\n", filepath.Join(dir, "cache"))
	file := filepath.Join(dir, "fonts.conf")
	if err := os.WriteFile(file, []byte(conf.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FONTCONFIG_FILE", file)
}

// pinned tells whether the fonts are here that the references were made with.
func pinned(b *font.Book) bool {
	want := map[string]rune{"Liberation Sans": 'a', "Liberation Serif": 'a', "Liberation Mono": 'a', "Noto Sans CJK JP": '漢', "Noto Naskh Arabic": 'ع'}
	other := b.Face(font.Style{Family: b.Family("no such family")})
	for name, r := range want {
		if f := b.Face(font.Style{Family: b.Family(name)}); f == other && name != "Liberation Serif" || !f.Has(r) {
			return false
		}
	}
	return true
}

// TestMailLooksAsInABrowser compares the mails of testdata with what Chromium
// made of them. Where the fonts are others, only the reading order is held.
func TestMailLooksAsInABrowser(t *testing.T) {
	files, err := filepath.Glob("testdata/mail/*.html")
	if err != nil || len(files) == 0 {
		t.Fatal("no mails", err)
	}
	pinFonts(t)
	book := font.New(true, t.TempDir())
	s := shape.New(book)
	same := pinned(book)
	sum, table := 0.0, []string{}
	was, now := accepted(t), map[string]float64{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".html")
		t.Run(name, func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			prepared := score.Prepare(string(src), nil)
			ref, look := golden(t, file, prepared)
			our, ourLook := shown(t, s, prepared)
			r := score.Compare(ref, our, look, ourLook)
			sum += r.Total()
			now[name] = math.Round(r.Total()*10) / 10
			if before, ok := was[name]; same && ok && r.Total() < before-2 {
				t.Errorf("the score was %.1f: %v", before, r)
			}
			table = append(table, fmt.Sprintf("%-28s %v", name, r))
			if r.Order < 0.97 {
				t.Errorf("reading order %.3f: %v", r.Order, r)
			}
			if same && r.Total() < 92 {
				t.Errorf("the score is below 92: %v", r)
			}
		})
	}
	sort.Strings(table)
	mean := sum / float64(len(files))
	t.Logf("%-28s %s\n%s\nmean %.2f", "", score.Head, strings.Join(table, "\n"), mean)
	if os.Getenv("PAQUEBOT_HTML_GOLDEN") != "" && len(now) == len(files) {
		data, _ := json.MarshalIndent(now, "", "\t")
		if err := os.WriteFile("testdata/scores.json", append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if same && mean < 98 {
		t.Errorf("the mean is %.2f, below 98", mean)
	}
}

// accepted are the scores when the references were made: none may fall by
// more than 2.
func accepted(t *testing.T) map[string]float64 {
	t.Helper()
	out := map[string]float64{}
	data, err := os.ReadFile("testdata/scores.json")
	if err != nil {
		if os.Getenv("PAQUEBOT_HTML_GOLDEN") != "" {
			return out
		}
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// golden reads the reference of a mail; with PAQUEBOT_HTML_GOLDEN set it is
// made anew.
func golden(t *testing.T, file, prepared string) (score.Page, *image.Gray) {
	t.Helper()
	base := strings.TrimSuffix(file, ".html")
	if os.Getenv("PAQUEBOT_HTML_GOLDEN") != "" {
		ref, look, err := score.Chromium(context.Background(), prepared)
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(ref)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(base+".json", append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(base + ".png")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(f, look); err != nil {
			t.Fatal(err)
		}
		return ref, look
	}
	var ref score.Page
	data, err := os.ReadFile(base + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &ref); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(base + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	grey, ok := img.(*image.Gray)
	if !ok {
		t.Fatalf("%s.png is not grey", base)
	}
	return ref, grey
}

// TestScoreOfOthersMail scores the mails of the folder that
// PAQUEBOT_HTML_SCORE names against Chromium, live.
func TestScoreOfOthersMail(t *testing.T) {
	dir := os.Getenv("PAQUEBOT_HTML_SCORE")
	if dir == "" {
		return // make html-score
	}
	var files []string
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if strings.HasSuffix(path, ".html") || strings.HasSuffix(path, ".eml") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	pinFonts(t)
	s := shape.New(font.New(true, t.TempDir()))
	sum, scored := 0.0, 0
	keep := os.Getenv("PAQUEBOT_HTML_REF") // references are kept here for another run
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".html"), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			src := string(raw)
			picture := func(id string) []byte {
				data, _ := os.ReadFile(filepath.Join(dir, "cid-"+strings.Split(id, "@")[0]+".png"))
				return data
			}
			if strings.HasSuffix(file, ".eml") {
				if src = letter.Parse(raw).HTML(); src == "" {
					return
				}
				picture = nil
			}
			scored++
			prepared := score.Prepare(src, picture)
			if strings.Contains(prepared, "alert(") {
				t.Log("runs a script in Chromium")
				return
			}
			ref, look := reference(t, keep, prepared)
			our, ourLook := shown(t, s, prepared)
			r := score.Compare(ref, our, look, ourLook)
			sum += r.Total()
			t.Log(r)
		})
	}
	t.Logf("%d mails, mean %.2f (%s)", scored, sum/float64(max(1, scored)), score.Head)
}

// reference asks Chromium, or takes what it answered before.
func reference(t *testing.T, keep, prepared string) (score.Page, *image.Gray) {
	t.Helper()
	if keep == "" {
		ref, look, err := score.Chromium(context.Background(), prepared)
		if err != nil {
			t.Fatal(err)
		}
		return ref, look
	}
	base := filepath.Join(keep, filepath.Base(t.Name()))
	if _, err := os.Stat(base + ".json"); err != nil {
		t.Setenv("PAQUEBOT_HTML_GOLDEN", "1")
	}
	return golden(t, base+".html", prepared)
}
