// Package compose is the view of a letter that is being written: quiet rows
// for its fields, its text, what is quoted folded below, its attachments, and
// one button that sends.
//
// It guarantees that whatever closes it (Escape, another panel in its place,
// the window) leaves the letter as a draft, and that no key but Ctrl+Enter and
// the button send it.
package compose
