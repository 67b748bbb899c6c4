package kit

import (
	"bytes"
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"

	"paquebot.app/assets"
)

// IconMark is a stroke icon for use inside a renderer. The toolkit's own SVG
// drawing leaves strokes at their nominal width whatever the size; here they
// scale with the drawing, so that a 16 px icon is as light as its text.
type IconMark struct {
	name   string
	color  fyne.ThemeColorName
	raster *canvas.Raster
}

// NewIconMark gives an icon of assets by name, size logical pixels square.
func NewIconMark(name string, size float32, color fyne.ThemeColorName) *IconMark {
	m := &IconMark{name: name, color: color}
	m.raster = canvas.NewRaster(m.paint)
	m.raster.SetMinSize(fyne.NewSquareSize(size))
	m.raster.Resize(fyne.NewSquareSize(size))
	return m
}

// Object is what the renderer lists.
func (m *IconMark) Object() fyne.CanvasObject { return m.raster }

// Set changes what is shown.
func (m *IconMark) Set(name string, color fyne.ThemeColorName) {
	if m.name == name && m.color == color {
		return
	}
	m.name, m.color = name, color
	m.raster.Refresh()
}

// Place puts the upper left corner.
func (m *IconMark) Place(x, y float32) { m.raster.Move(fyne.NewPos(round(x), round(y))) }

// Show and Hide the icon.
func (m *IconMark) Show() { m.raster.Show() }

// Hide: see Show.
func (m *IconMark) Hide() { m.raster.Hide() }

func (m *IconMark) paint(w, h int) image.Image {
	n := min(w, h)
	dst := image.NewRGBA(image.Rect(0, 0, max(w, 1), max(h, 1)))
	if n <= 0 {
		return dst
	}
	cover := iconCover(m.name, n, m.raster.Size().Width)
	c := color.NRGBAModel.Convert(colour(m.color)).(color.NRGBA)
	for y := range n {
		for x := range n {
			a := uint32(cover.Pix[y*cover.Stride+x]) * uint32(c.A) / 255
			if a == 0 {
				continue
			}
			p := dst.Pix[y*dst.Stride+x*4:]
			p[0], p[1], p[2], p[3] = uint8(uint32(c.R)*a/255), uint8(uint32(c.G)*a/255), uint8(uint32(c.B)*a/255), uint8(a)
		}
	}
	return dst
}

type coverKey struct {
	name string
	px   int
}

var covers = map[coverKey]*image.Alpha{}

// iconCover rasterises an icon at px device pixels; logical is the same edge
// in logical pixels. Small icons keep a little more stroke than the drawing's
// proportion, or they look grey beside text.
func iconCover(name string, px int, logical float32) *image.Alpha {
	k := coverKey{name, px}
	if c := covers[k]; c != nil {
		return c
	}
	out := image.NewAlpha(image.Rect(0, 0, px, px))
	covers[k] = out
	icon, err := oksvg.ReadReplacingCurrentColor(bytes.NewReader(assets.Icon(name)), "#000000")
	if err != nil {
		return out // an unknown name draws nothing
	}
	scale := float64(px) / icon.ViewBox.W
	least := 1.35 * float64(px) / float64(max(logical, 1))
	for i := range icon.SVGPaths {
		w := &icon.SVGPaths[i].LineWidth
		*w = max(*w*scale, least)
	}
	icon.SetTarget(0, 0, float64(px), float64(px))
	img := image.NewRGBA(out.Rect)
	icon.Draw(rasterx.NewDasher(px, px, rasterx.NewScannerGV(px, px, img, img.Rect)), 1)
	for i := range out.Pix {
		out.Pix[i] = img.Pix[i*4+3]
	}
	return out
}
