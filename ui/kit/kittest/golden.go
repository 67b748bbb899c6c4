// Package kittest renders widgets without a display and compares them with
// golden images, for tests of the packages under ui.
package kittest

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
)

// App starts a test application with an appearance; it ends with the test.
func App(t testing.TB, a theme.Appearance) fyne.App {
	t.Helper()
	app := test.NewTempApp(t)
	theme.Install(app, a)
	return app
}

// Window shows content on a ground in a window without padding.
func Window(t testing.TB, ground fyne.ThemeColorName, width, height float32, content fyne.CanvasObject) fyne.Window {
	t.Helper()
	w := test.NewTempWindow(t, kit.On(ground, 0, content))
	w.SetPadded(false)
	w.Resize(fyne.NewSize(width, height))
	return w
}

// update, when set, makes Golden write what it sees.
var update = os.Getenv("UPDATE_GOLDEN") != ""

// Golden compares an image with testdata/name.png. Anti-aliasing may differ a
// little between machines: up to one pixel in 500 may be off by more than 24
// of 255 in a channel. What was seen is left in testdata/failed.
func Golden(t testing.TB, name string, got image.Image) {
	t.Helper()
	path := filepath.Join("testdata", name+".png")
	if update {
		if err := write(path, got); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := read(path)
	if err != nil {
		t.Fatalf("no golden image: %v (UPDATE_GOLDEN=1 writes it)", err)
	}
	if err := compare(got, want); err != nil {
		failed := filepath.Join("testdata", "failed", name+".png")
		_ = write(failed, got)
		t.Errorf("%s: %v; what was seen: %s", name, err, failed)
	}
}

func compare(got, want image.Image) error {
	if got.Bounds().Size() != want.Bounds().Size() {
		return fmt.Errorf("size is %v, want %v", got.Bounds().Size(), want.Bounds().Size())
	}
	g, w := got.Bounds().Min, want.Bounds().Min
	size := got.Bounds().Size()
	off := 0
	for y := range size.Y {
		for x := range size.X {
			r1, g1, b1, _ := got.At(g.X+x, g.Y+y).RGBA()
			r2, g2, b2, _ := want.At(w.X+x, w.Y+y).RGBA()
			if far(r1, r2) || far(g1, g2) || far(b1, b2) {
				off++
			}
		}
	}
	if off > size.X*size.Y/500 {
		return fmt.Errorf("%d of %d pixels differ", off, size.X*size.Y)
	}
	return nil
}

func far(a, b uint32) bool {
	a, b = a>>8, b>>8
	return a > b+24 || b > a+24
}

func read(path string) (image.Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return png.Decode(f)
}

func write(path string, im image.Image) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := png.Encode(f, im); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
