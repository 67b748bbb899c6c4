package css

import (
	"image/color"
	"math"
	"strings"
)

// named returns a colour by its name (CSS Color 4 §6.1).
func named(name string) (color.NRGBA, bool) {
	if name == "transparent" {
		return color.NRGBA{}, true
	}
	v, ok := colours[name]
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}, ok
}

func hexColour(s string) (color.NRGBA, bool) {
	var d [8]uint8
	if len(s) > 8 {
		return color.NRGBA{}, false
	}
	for i := range len(s) {
		switch b := s[i]; {
		case b >= '0' && b <= '9':
			d[i] = b - '0'
		case b >= 'a' && b <= 'f':
			d[i] = b - 'a' + 10
		default:
			return color.NRGBA{}, false
		}
	}
	switch len(s) {
	case 3:
		return color.NRGBA{d[0] * 17, d[1] * 17, d[2] * 17, 255}, true
	case 4:
		return color.NRGBA{d[0] * 17, d[1] * 17, d[2] * 17, d[3] * 17}, true
	case 6:
		return color.NRGBA{d[0]<<4 | d[1], d[2]<<4 | d[3], d[4]<<4 | d[5], 255}, true
	case 8:
		return color.NRGBA{d[0]<<4 | d[1], d[2]<<4 | d[3], d[4]<<4 | d[5], d[6]<<4 | d[7]}, true
	}
	return color.NRGBA{}, false
}

// functionColour reads rgb(), rgba(), hsl() and hsla(), old and new.
func functionColour(name string, args []token) (color.NRGBA, bool) {
	var v []token
	for _, t := range args {
		switch {
		case t.kind == tNumber || t.kind == tPercent || t.kind == tDimension:
			v = append(v, t)
		case t.kind == tIdent && t.text == "none":
			v = append(v, token{kind: tNumber})
		case t.kind == tSpace, t.is(','), t.is('/'):
		default:
			return color.NRGBA{}, false
		}
	}
	if len(v) < 3 || len(v) > 4 {
		return color.NRGBA{}, false
	}
	alpha := float32(1)
	if len(v) == 4 {
		if alpha = v[3].num; v[3].kind == tPercent {
			alpha /= 100
		}
	}
	c := color.NRGBA{A: channel(alpha * 255)}
	switch name {
	case "rgb", "rgba":
		for i, p := range []*uint8{&c.R, &c.G, &c.B} {
			n := v[i].num
			if v[i].kind == tPercent {
				n *= 2.55
			}
			*p = channel(n)
		}
		return c, true
	case "hsl", "hsla":
		h := v[0].num
		switch v[0].text {
		case "turn":
			h *= 360
		case "rad":
			h *= 180 / math.Pi
		case "grad":
			h *= 0.9
		}
		c.R, c.G, c.B = hsl(float64(h), float64(v[1].num)/100, float64(v[2].num)/100)
		return c, true
	}
	return color.NRGBA{}, false
}

func channel(v float32) uint8 { return uint8(min(max(v+0.5, 0), 255)) }

func hsl(h, s, l float64) (r, g, b uint8) {
	s, l = min(max(s, 0), 1), min(max(l, 0), 1)
	f := func(n float64) uint8 {
		k := math.Mod(n+h/30, 12)
		if k < 0 {
			k += 12
		}
		a := s * min(l, 1-l)
		return channel(float32(255 * (l - a*max(-1, min(k-3, 9-k, 1)))))
	}
	return f(0), f(8), f(4)
}

// attributeColour reads a colour as attributes have it (HTML Standard
// §2.3.6, "legacy colour value").
func attributeColour(s string) (color.NRGBA, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" || s == "transparent" {
		return color.NRGBA{}, false
	}
	if c, ok := named(s); ok {
		return c, true
	}
	if len(s) == 4 && s[0] == '#' {
		if c, ok := hexColour(s[1:]); ok {
			return c, true
		}
	}
	s = strings.TrimPrefix(s, "#")
	d := []byte(s)
	if len(d) > 128 {
		d = d[:128]
	}
	for i, b := range d {
		if !(b >= '0' && b <= '9' || b >= 'a' && b <= 'f') {
			d[i] = '0'
		}
	}
	for len(d) == 0 || len(d)%3 != 0 {
		d = append(d, '0')
	}
	n := len(d) / 3
	parts := [3][]byte{d[:n], d[n : 2*n], d[2*n:]}
	if n > 8 {
		for i := range parts {
			parts[i] = parts[i][n-8:]
		}
		n = 8
	}
	for n > 2 && parts[0][0] == '0' && parts[1][0] == '0' && parts[2][0] == '0' {
		for i := range parts {
			parts[i] = parts[i][1:]
		}
		n--
	}
	var v [3]uint8
	for i, p := range parts {
		if n > 2 {
			p = p[:2]
		}
		for _, b := range p {
			x := b - '0'
			if b >= 'a' {
				x = b - 'a' + 10
			}
			v[i] = v[i]<<4 | x
		}
	}
	return color.NRGBA{v[0], v[1], v[2], 255}, true
}
