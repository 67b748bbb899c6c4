// Package htmlmail shows the HTML of a mail, and its plain text, as a browser
// would: it parses, lays out and paints. It holds no window, no network and no
// disk: what a mail asks for is answered by Resources, from the mail itself or
// from what the user has approved and somebody else has brought, or not at
// all. Nothing in a mail runs.
//
// A Document is safe for concurrent use: it may be laid out for several widths
// at once. No mail makes a function of this package panic or run on after its
// context has ended.
package htmlmail

import (
	"context"
	"errors"
	"fmt"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/htmlmail/layout"
	"paquebot.app/internal/htmlmail/page"
	"paquebot.app/internal/htmlmail/tree"
	"paquebot.app/internal/text/shape"
)

// Resources are the pictures of a mail. Its methods may be called from several
// goroutines; they wait for nothing but memory or the disk.
type Resources interface {
	// Part returns the bytes of the part of the mail that a cid: address
	// names.
	Part(id string) (data []byte, ok bool)
	// Remote returns the bytes of a picture elsewhere that the user has
	// approved and that is here already. It is asked only where Options.Remote
	// is set.
	Remote(address string) (data []byte, ok bool)
}

// Options say how a mail is read.
type Options struct {
	Resources Resources // nil: none
	Remote    bool      // pictures elsewhere may be asked for
}

// Document is a mail, parsed once.
type Document struct {
	tree     *tree.Tree
	pictures *pictures
}

// Report is what was left out of a mail, and what it would load.
type Report = tree.Report

// Parse reads the HTML of a mail, which is one part of it, decoded to UTF-8.
// Its error is a *fault.Error for HTML that cannot be shown, whose text is to
// be shown instead (see Plain and Text), or that of the context.
func Parse(ctx context.Context, src string, o Options) (*Document, error) {
	t, err := tree.Parse(ctx, src)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		text := "This mail's HTML cannot be shown."
		if errors.Is(err, tree.ErrTooLarge) {
			text = "This mail's HTML is larger than 5 MB and is not shown."
		}
		return nil, &fault.Error{Remedy: fault.Never, Scope: fault.Message, Cause: fault.Data, Text: text, Err: err}
	}
	return &Document{tree: t, pictures: newPictures(o)}, nil
}

// Plain reads a text without markup.
func Plain(text string) *Document {
	return &Document{tree: tree.Plain(text), pictures: newPictures(Options{})}
}

// Text is the text of HTML that cannot be shown as such.
func Text(src string) string { return tree.Text(src) }

// Report is what was left out.
func (d *Document) Report() Report { return d.tree.Report }

// View is what a mail is laid out for. A zoomed mail is laid out in the width
// divided by the zoom, and painted at the scale times the zoom.
type View struct {
	Width  float32 // of the page, in logical pixels
	Height float32 // of what is seen of it at once
	Dark   bool
	// Original keeps the mail's colours in Dark.
	Original bool
	// Until ends the layout where the page reaches down to it, for a first
	// look at a long mail; 0: it is laid out to its end.
	Until float32
	// Folds tells which quotes are folded, by their page.Quote.Number; nil:
	// none.
	Folds func(quote int) bool
}

// MaxWidth bounds the width of a page.
const MaxWidth = 10_000

// Layout lays the mail out. It can take long: it belongs in a goroutine of its
// own, and ends soon after its context with the context's error.
func (d *Document) Layout(ctx context.Context, s *shape.Shaper, v View) (g *page.Page, err error) {
	defer func() {
		if r := recover(); r != nil {
			g, err = nil, &fault.Error{Remedy: fault.Bug, Scope: fault.Message, Text: "This mail's HTML cannot be shown.", Err: fmt.Errorf("layout: %v", r)}
		}
	}()
	v.Width = min(max(v.Width, 50), MaxWidth)
	g, err = layout.Page(ctx, d.tree, s, d.pictures, layout.Params{Width: v.Width, Height: v.Height, Dark: v.Dark && !v.Original, Until: v.Until, Folds: v.Folds})
	if err != nil {
		return nil, err
	}
	if v.Dark && !v.Original && !g.Dark {
		g.Darken()
	}
	return g, nil
}
