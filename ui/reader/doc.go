// Package reader is the reading pane: the head of a letter, its text, its
// attachments and the bar that answers it.
//
// It promises: nothing a letter names is ever loaded; a letter of any length
// costs what its visible lines cost, for it is laid out in slices and only the
// lines in sight are objects of the canvas; text can be selected and copied
// across paragraphs; a link is opened only after its true host was shown; what
// cannot be laid out never stops the window.
//
// All of it belongs to the main goroutine; slices of long letters are laid out
// on another one.
package reader
