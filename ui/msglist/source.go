// Package msglist is the list of messages: a virtual list whose cost depends
// on the rows in sight only, at any number of rows, with the selection of a
// desktop list (single, range, toggle, all), keyboard, drag, context menu, date
// groups and three densities.
//
// It promises: a selected message stays selected, and the rows in sight stay
// where they are, when messages come or go above them; rows not loaded yet are
// drawn as bars and asked for once; scrolling never refreshes a row that has
// not changed. The widget belongs to the main goroutine. Selection and
// viewport are plain Go without the toolkit.
package msglist

import "fyne.io/fyne/v2"

// Row is what a row shows. Two equal Rows look the same.
type Row struct {
	ID      int64
	Sender  string
	Subject string
	Preview string
	Date    string // as shown: "10:42", "Yesterday", "3 Nov"
	Avatar  string // key of the avatar's colour, such as the address

	Count int // messages of the thread; shown when above 1

	Unread     bool
	Flagged    bool
	Attachment bool
	Answered   bool
	Forwarded  bool
	OnItsWay   bool // waits in the outbox, or to be taken to another account
	LocalOnly  bool // only on this computer
	Held       bool // there for a time, as its server has it no more

	Ink    fyne.ThemeColorName // of the preview; "": as usual
	Action string              // what a button on the row does, in a list with OnAction; "": none
}

// Source supplies the rows. Row reports false for one that is not loaded yet;
// the list then calls Need, and expects Changed when rows have come.
type Source interface {
	Len() int
	Row(i int) (Row, bool)
}

// Finder is what a Source offers besides when it knows the ids of all its
// rows: then selection and place survive any change, also of rows not loaded.
type Finder interface {
	ID(i int) int64
	Index(id int64) (int, bool)
}

// Group is a title above a row, such as "Yesterday".
type Group struct {
	First int // the row below the title
	Title string
}

// Density is the height of the rows.
type Density int

// The densities.
const (
	Comfortable Density = iota // 78 px: avatar, three lines
	Cozy                       // 56 px: two lines
	Compact                    // 30 px: one line
)

// Height is a row's height in logical pixels.
func (d Density) Height() float32 {
	switch d {
	case Cozy:
		return 56
	case Compact:
		return 30
	}
	return 78
}
