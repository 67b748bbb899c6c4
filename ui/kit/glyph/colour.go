package glyph

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"math"

	"github.com/fyne-io/oksvg"
	"github.com/go-text/typesetting/font"
	"github.com/srwiley/rasterx"
	xdraw "golang.org/x/image/draw"
)

// maxColour bounds a drawn emoji in device pixels.
const maxColour = 2000

// bitmap scales an emoji stored as PNG (CBDT or sbix); scale is device pixels
// per font unit.
func bitmap(f *font.Face, id font.GID, d font.GlyphBitmap, scale float32) *mask {
	im, err := png.Decode(bytes.NewReader(d.Data))
	if err != nil {
		return &mask{}
	}
	e, _ := f.GlyphExtents(id)
	w := max(1, int(e.Width*scale+.5))
	h := max(1, w*im.Bounds().Dy()/max(1, im.Bounds().Dx()))
	if w > maxColour || h > maxColour {
		return &mask{}
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	xdraw.CatmullRom.Scale(dst, dst.Rect, im, im.Bounds(), draw.Src, nil)
	return &mask{colours: dst, dx: int(e.XBearing*scale + .5), dy: -int(e.YBearing*scale + .5)}
}

// vectors draws an emoji stored as SVG.
func vectors(d font.GlyphSVG, advance float32) *mask {
	im, above := SVG(d.Source, int(math.Round(float64(advance))))
	if im == nil {
		return &mask{}
	}
	return &mask{colours: im, dy: -above}
}

// SVG draws a glyph that is an SVG picture, width pixels wide, and says how far
// it reaches above the baseline: its view box begins there (OpenType 1.9, SVG
// table). It returns nil for what it cannot draw.
func SVG(source []byte, width int) (im *image.RGBA, above int) {
	icon, err := oksvg.ReadIconStream(bytes.NewReader(source))
	if err != nil || icon.ViewBox.W <= 0 || width < 1 || width > maxColour {
		return nil, 0
	}
	scale := float64(width) / icon.ViewBox.W
	top, height := icon.ViewBox.Y*scale, icon.ViewBox.H*scale
	if !(height > 0 && height <= maxColour) {
		return nil, 0
	}
	icon.ViewBox.X, icon.ViewBox.Y = 0, 0
	for i := range icon.SVGPaths {
		icon.SVGPaths[i].LineWidth *= scale
	}
	icon.SetTarget(0, 0, float64(width), height)
	im = image.NewRGBA(image.Rect(0, 0, width, int(math.Ceil(height))))
	scanner := rasterx.NewScannerGV(im.Rect.Dx(), im.Rect.Dy(), im, im.Rect)
	icon.Draw(rasterx.NewDasher(im.Rect.Dx(), im.Rect.Dy(), scanner), 1)
	return im, int(math.Round(-top))
}
