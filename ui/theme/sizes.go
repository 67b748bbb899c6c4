package theme

import (
	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// Text sizes in logical pixels.
const (
	SizeTitle   float32 = 23   // a letter's subject
	SizeHeading float32 = 20   // a pane's name
	SizeReading float32 = 15   // a letter's text, with LineReading
	SizeName    float32 = 14   // who a letter is from
	SizeBody    float32 = 13.5 // subjects, folders, buttons
	SizeSmall   float32 = 13   // previews, menus
	SizeCaption float32 = 12   // dates, counts, chips
	SizeSection float32 = 11.5 // section headers
)

// LineReading is the line height of running text, as a multiple of its size.
const LineReading float32 = 1.5

// Measures in logical pixels.
const (
	RadiusRow    float32 = 9
	RadiusSmall  float32 = 7
	RadiusCard   float32 = 10
	Gutter       float32 = 8   // between a pane's edge and its rows
	FolderHeight float32 = 32  // a row of the sidebar
	ToolHeight   float32 = 52  // the bar above the reader
	ReadingWidth float32 = 720 // a letter's text is never wider
)

// Size implements fyne.Theme. The toolkit's own text takes whole sizes only:
// at fractional ones it measures wrongly.
func (t *Theme) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case fynetheme.SizeNameText:
		return 14
	case fynetheme.SizeNameCaptionText:
		return 12
	case fynetheme.SizeNameHeadingText:
		return 20
	case fynetheme.SizeNameSubHeadingText:
		return 16
	case fynetheme.SizeNamePadding:
		return 4
	case fynetheme.SizeNameInnerPadding:
		return 8
	case fynetheme.SizeNameLineSpacing:
		return 5
	case fynetheme.SizeNameInputRadius, fynetheme.SizeNameSelectionRadius, fynetheme.SizeNameButtonRadius:
		return RadiusSmall
	case fynetheme.SizeNameMenuRadius, fynetheme.SizeNamePopupRadius, fynetheme.SizeNameDialogRadius, fynetheme.SizeNameCardRadius:
		return RadiusCard
	case fynetheme.SizeNameScrollBar:
		return 9
	case fynetheme.SizeNameScrollBarSmall:
		return 5
	case fynetheme.SizeNameSeparatorThickness, fynetheme.SizeNameInputBorder:
		return 1
	case fynetheme.SizeNameModalBlurRadius:
		return 0 // a blur repaints the whole window in software
	}
	return t.base.Size(n)
}
