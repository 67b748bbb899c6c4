package layout

import (
	"paquebot.app/internal/htmlmail/css"
	"paquebot.app/internal/htmlmail/tree"
)

// image adds a picture. One that is not here is an empty box where its size
// is said, else the words that stand for it.
func (f *flow) image(n *tree.Node, s *css.Style) {
	p := &picture{address: n.Get("src"), alt: n.Get("alt")}
	if p.address != "" {
		p.source = f.b.l.pictures.Picture(p.address)
	}
	if p.source != nil {
		w, h := p.source.Size()
		p.w, p.h = float32(w), float32(h)
	} else {
		p.missing = true
		sized := !s.Width.Auto && !s.Height.Auto
		_, said := n.Lookup("alt")
		switch {
		case sized:
		case p.alt != "":
			f.solid = true
			f.inline(&inline{style: s, elem: true, open: true, shut: true, alt: true, link: f.link, kids: []*inline{{style: s, text: p.alt, alt: true}}})
			return
		case !said && p.address != "" && s.Width.Auto && s.Height.Auto:
			p.w, p.h = 16, 16
		}
	}
	k := &box{kind: imageKind, style: s, node: n, picture: p, link: f.link}
	switch {
	case k.floats():
		f.float(k)
	case s.Display == css.Inline || s.Display == css.InlineBlock || s.Display == css.InlineTable:
		f.solid = true
		f.inline(&inline{style: s, box: k, link: f.link})
	default:
		f.block(k)
	}
}

// imageSize gives a picture its size inside of a block of some width (CSS 2.2
// §10.3.2, §10.6.2, §10.4).
func imageSize(b *box, avail float32) {
	s, p := b.style, b.picture
	padW, padH := around(s, avail)
	ratio := float32(0)
	if p.w > 0 && p.h > 0 {
		ratio = p.w / p.h
	}
	inner := func(l css.Length, pad float32) float32 {
		v := l.Of(avail)
		if s.BorderBox {
			v -= pad
		}
		return max(v, 0)
	}
	w, h := p.w, p.h
	autoW, autoH := s.Width.Auto, s.Height.Auto || s.Height.Pct != 0
	if !autoW {
		w = inner(s.Width, padW)
	}
	if !autoH {
		h = inner(s.Height, padH)
	}
	switch {
	case ratio == 0:
	case autoW && !autoH:
		w = h * ratio
	case !autoW && autoH:
		h = w / ratio
	}
	keep := ratio > 0 && (autoW || autoH)
	if !s.MaxWidth.Auto {
		if m := inner(s.MaxWidth, padW); w > m {
			if keep && autoH {
				h = m / ratio
			}
			w = m
		}
	}
	if m := inner(s.MinWidth, padW); w < m {
		if keep && autoH {
			h = m / ratio
		}
		w = m
	}
	if !s.MaxHeight.Auto && s.MaxHeight.Pct == 0 {
		if m := inner(s.MaxHeight, padH); h > m {
			if keep && autoW {
				w = m * ratio
			}
			h = m
		}
	}
	if m := inner(s.MinHeight, padH); s.MinHeight.Pct == 0 && h < m {
		if keep && autoW {
			w = m * ratio
		}
		h = m
	}
	b.w, b.h = min(w+padW, MaxHeight), min(h+padH, MaxHeight)
	b.base, b.lastBase = b.h, b.h
}
