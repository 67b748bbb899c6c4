// Package richtext is the document of the letter being written: paragraphs of
// styled text, edits, undo, and the ways in and out as plain text and as HTML.
// It knows no fonts and no pixels.
//
// A Para never changes once it is in a document. Layouts may be kept by its
// address, undo keeps old paragraphs without copying the document, and a slice
// of paragraphs taken by Doc.Paras may be read on any goroutine, by a speller
// or by what saves drafts, while the writing goes on. A Doc itself belongs to
// one goroutine.
//
// All edits go through one replacement of paragraphs by others. Whoever shows
// the document is told of each by a Change, which also says what runes of a
// paragraph differ from those of the one that stood there, so that undoing in a
// long paragraph costs no more than typing in it.
//
// What comes from outside (a pasted text or HTML, a draft of long ago) never
// fails and never panics, and leaves no control characters in the document.
// What goes out as HTML holds nothing but what the user put in: no scripts,
// no styles, no addresses other than those of links, and pictures only as
// references to parts of the same letter.
package richtext
