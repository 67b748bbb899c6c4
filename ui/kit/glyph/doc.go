// Package glyph measures, cuts, wraps and paints short texts on one baseline,
// whatever scripts a line mixes: the toolkit's own text object starts every
// fall-back font at its own ascent, so that Chinese, Hindi or emoji stand off
// the line, and it rounds advances at fractional sizes.
//
// Widths are exact for any size: text is shaped once at 1000 px and scaled.
// Paragraphs follow the Unicode bidirectional order (UAX #9, by runs).
// All functions may be called from any goroutine; one lock guards the fonts
// and the caches, so painting belongs on the main goroutine and Preload on
// another.
package glyph
