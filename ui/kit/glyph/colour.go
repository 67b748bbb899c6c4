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

// vectors draws an emoji stored as SVG, whose view box begins above the
// baseline by its y (OpenType 1.9, SVG table).
func vectors(d font.GlyphSVG, advance float32) *mask {
	icon, err := oksvg.ReadIconStream(bytes.NewReader(d.Source))
	px := int(math.Round(float64(advance)))
	if err != nil || icon.ViewBox.W <= 0 || px < 1 || px > maxColour {
		return &mask{}
	}
	scale := float64(px) / icon.ViewBox.W
	above := icon.ViewBox.Y * scale
	icon.ViewBox.X, icon.ViewBox.Y = 0, 0
	for i := range icon.SVGPaths {
		icon.SVGPaths[i].LineWidth *= scale
	}
	icon.SetTarget(0, 0, float64(px), icon.ViewBox.H*scale)
	dst := image.NewRGBA(image.Rect(0, 0, px, int(math.Ceil(icon.ViewBox.H*scale))))
	scanner := rasterx.NewScannerGV(dst.Rect.Dx(), dst.Rect.Dy(), dst, dst.Rect)
	icon.Draw(rasterx.NewDasher(dst.Rect.Dx(), dst.Rect.Dy(), scanner), 1)
	return &mask{colours: dst, dy: -int(math.Round(above))}
}
