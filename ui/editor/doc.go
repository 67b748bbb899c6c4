// Package editor is the widget in which letters are written: styled text in
// every script, lists, quotes, links and pictures, with undo.
//
// It lays out and paints the lines in sight alone, so that a key costs the same
// in a letter of a page and in one of a hundred pages. It guarantees that every
// edit is told by OnChanged once it is done, that a shortcut it has no use for
// goes on to the window, and that it shows paragraphs it does not own without
// changing them: what Paras returns may go to another goroutine.
//
// An Editor belongs to the window's goroutine. Input methods that compose
// letters reach it as finished text only, as the toolkit delivers them.
package editor
