package vm

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paquebot.app/internal/richtext"
)

func TestAPictureIsKeptWithTheDraft(t *testing.T) {
	w := newWriter(t)
	var raw bytes.Buffer
	if err := png.Encode(&raw, image.NewRGBA(image.Rect(0, 0, 1280, 640))); err != nil {
		t.Fatal(err)
	}
	c := w.open(func() { w.desk.Compose(0, nil) })
	var m richtext.Image
	c.AddPicture(w.file("boat.png", raw.String()), func(got richtext.Image, img image.Image) {
		m = got
		c.SetBody([]*richtext.Para{{Text: []rune{richtext.ObjectRune}, Runs: []richtext.Run{{N: 1, Style: richtext.Style{Image: &m}}}}})
	})
	w.queue.Until(func() bool { return c.State() != "" })
	if m.Width != 640 || m.Height != 320 || !strings.HasSuffix(m.ContentID, "@example.org") || m.Alt != "boat.png" || len(c.Files()) != 0 {
		t.Errorf("%+v", m)
	}
	c.Close()
	w.queue.Until(func() bool { return w.closed })
	c = w.open(w.undo)
	if p := c.Body()[0]; len(p.Runs) != 1 || p.Runs[0].Style.Image == nil || p.Runs[0].Style.Image.ContentID != m.ContentID {
		t.Fatalf("%+v", p)
	}
	shown := ""
	c.LoadPictures(func(id string, img image.Image) { shown = id })
	w.queue.Until(func() bool { return shown == m.ContentID })
}

// TestAPictureIsPasted: by what the desktop has for it; a clipboard without one
// changes nothing.
func TestAPictureIsPasted(t *testing.T) {
	w := newWriter(t)
	var raw bytes.Buffer
	if err := png.Encode(&raw, image.NewRGBA(image.Rect(0, 0, 20, 10))); err != nil {
		t.Fatal(err)
	}
	tool := w.file("xclip", "#!/bin/sh\ncat '"+w.file("boat.png", raw.String())+"'\n")
	if err := os.Chmod(tool, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DISPLAY", ":0")
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv("PATH", filepath.Dir(tool)+string(os.PathListSeparator)+"/bin"+string(os.PathListSeparator)+"/usr/bin")
	c := w.open(func() { w.desk.Compose(0, nil) })
	var m richtext.Image
	c.PastePicture(func(got richtext.Image, _ image.Image) { m = got })
	w.queue.Until(func() bool { return m.ContentID != "" })
	if m.Width != 20 || m.Height != 10 || m.Alt != "picture.png" {
		t.Errorf("%+v", m)
	}
	t.Setenv("PATH", "")
	c.PastePicture(func(richtext.Image, image.Image) { t.Error("something was pasted") })
	w.end()
	w.env.Wait()
}

// TestWhatIsNoPictureIsAttached: whatever its name says.
func TestWhatIsNoPictureIsAttached(t *testing.T) {
	w := newWriter(t)
	c := w.open(func() { w.desk.Compose(0, nil) })
	c.AddPicture(w.file("boat.png", "no picture"), func(richtext.Image, image.Image) { t.Error("it is shown") })
	w.queue.Until(func() bool { return len(c.Files()) == 1 && c.Copying() == "" })
	c.AddPicture(w.TempDir(), func(richtext.Image, image.Image) { t.Error("it is shown") })
	w.queue.Until(func() bool { return strings.Contains(c.Note(), "is a folder") })
}

func TestIsPicture(t *testing.T) {
	for name, want := range map[string]bool{"a.png": true, "b.JPG": true, "c.jpeg": true, "d.webp": true, "e.gif": true, "f.svg": false, "g.pdf": false, "png": false, "": false} {
		if IsPicture(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}
