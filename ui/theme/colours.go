package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
)

// The colours by what they are for.
const (
	Clear fyne.ThemeColorName = "paquebot.clear"

	// Grounds.
	Sidebar fyne.ThemeColorName = "paquebot.sidebar"
	List    fyne.ThemeColorName = "paquebot.list"
	Reader  fyne.ThemeColorName = "paquebot.reader"
	Raised  fyne.ThemeColorName = "paquebot.raised" // menus, toasts, dialogs
	Card    fyne.ThemeColorName = "paquebot.card"   // attachment, reply box, offline card
	Input   fyne.ThemeColorName = "paquebot.input"  // fields, chips

	// Text, in falling weight.
	Text  fyne.ThemeColorName = "paquebot.text"
	Muted fyne.ThemeColorName = "paquebot.muted" // previews, icons
	Faint fyne.ThemeColorName = "paquebot.faint" // dates, counts, hints

	// The one accent: as text or mark, as a filled button, and what is read on it.
	Accent      fyne.ThemeColorName = "paquebot.accent"
	AccentFill  fyne.ThemeColorName = "paquebot.accentFill"
	AccentHover fyne.ThemeColorName = "paquebot.accentHover"
	OnAccent    fyne.ThemeColorName = "paquebot.onAccent"

	// States.
	Selection     fyne.ThemeColorName = "paquebot.selection"     // in the focused pane
	SelectionIdle fyne.ThemeColorName = "paquebot.selectionIdle" // in any other
	Hover         fyne.ThemeColorName = "paquebot.hover"
	Pressed       fyne.ThemeColorName = "paquebot.pressed"
	Ring          fyne.ThemeColorName = "paquebot.ring" // keyboard focus
	TextSelection fyne.ThemeColorName = "paquebot.textSelection"

	// Lines and shade.
	Separator fyne.ThemeColorName = "paquebot.separator"
	Border    fyne.ThemeColorName = "paquebot.border" // of fields and menus
	ScrollBar fyne.ThemeColorName = "paquebot.scrollBar"
	Shadow    fyne.ThemeColorName = "paquebot.shadow"
	Blank     fyne.ThemeColorName = "paquebot.blank" // bars standing for rows not loaded yet

	// Meanings.
	Danger        fyne.ThemeColorName = "paquebot.danger"
	Warning       fyne.ThemeColorName = "paquebot.warning"
	Success       fyne.ThemeColorName = "paquebot.success"
	Star          fyne.ThemeColorName = "paquebot.star"
	InfoGround    fyne.ThemeColorName = "paquebot.infoGround"
	WarningGround fyne.ThemeColorName = "paquebot.warningGround"
	DangerGround  fyne.ThemeColorName = "paquebot.dangerGround"

	// The initial on an avatar.
	OnAvatar fyne.ThemeColorName = "paquebot.onAvatar"
)

type palette map[fyne.ThemeColorName]color.Color

func rgb(v uint32) color.Color {
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 0xff}
}

func rgba(v uint32, a uint8) color.Color {
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), a}
}

var light = palette{
	Clear:         color.Transparent,
	Sidebar:       rgb(0xF1F2F5),
	List:          rgb(0xFFFFFF),
	Reader:        rgb(0xFFFFFF),
	Raised:        rgb(0xFFFFFF),
	Card:          rgb(0xF5F6F8),
	Input:         rgb(0xF2F3F6),
	Text:          rgb(0x1A1D23),
	Muted:         rgb(0x586070),
	Faint:         rgb(0x636A78),
	Accent:        rgb(0x1F5BE0),
	AccentFill:    rgb(0x2563EB),
	AccentHover:   rgb(0x1D54D0),
	OnAccent:      rgb(0xFFFFFF),
	Selection:     rgb(0xE6EEFD),
	SelectionIdle: rgb(0xE9EBEF),
	Hover:         rgba(0x1A1D23, 11),
	Pressed:       rgba(0x1A1D23, 24),
	Ring:          rgb(0x2563EB),
	TextSelection: rgb(0xC9DCFD),
	Separator:     rgb(0xE6E8EC),
	Border:        rgb(0xD8DBE1),
	ScrollBar:     rgba(0x1A1D23, 70),
	Shadow:        rgba(0x0B1220, 56),
	Blank:         rgb(0xECEEF1),
	Danger:        rgb(0xC9281C),
	Warning:       rgb(0x9A5B00),
	Success:       rgb(0x1B7A4B),
	Star:          rgb(0xC07A00),
	InfoGround:    rgb(0xEDF3FE),
	WarningGround: rgb(0xFDF4E3),
	DangerGround:  rgb(0xFDEEEC),
	OnAvatar:      rgb(0xFFFFFF),
}

var dark = palette{
	Clear:         color.Transparent,
	Sidebar:       rgb(0x15171B),
	List:          rgb(0x1B1E23),
	Reader:        rgb(0x1B1E23),
	Raised:        rgb(0x282C34),
	Card:          rgb(0x23272E),
	Input:         rgb(0x24282F),
	Text:          rgb(0xE7E9ED),
	Muted:         rgb(0xA9B1BD),
	Faint:         rgb(0x99A1AE),
	Accent:        rgb(0x78A6FF),
	AccentFill:    rgb(0x3568D4),
	AccentHover:   rgb(0x3B6EDB),
	OnAccent:      rgb(0xFFFFFF),
	Selection:     rgb(0x25314A),
	SelectionIdle: rgb(0x292E36),
	Hover:         rgba(0xFFFFFF, 13),
	Pressed:       rgba(0xFFFFFF, 26),
	Ring:          rgb(0x78A6FF),
	TextSelection: rgb(0x2F4A7D),
	Separator:     rgb(0x2B2F37),
	Border:        rgb(0x3A404A),
	ScrollBar:     rgba(0xFFFFFF, 70),
	Shadow:        rgba(0x000000, 120),
	Blank:         rgb(0x2A2E36),
	Danger:        rgb(0xFF7B70),
	Warning:       rgb(0xF0B45B),
	Success:       rgb(0x5CC78F),
	Star:          rgb(0xF2C14E),
	InfoGround:    rgb(0x222C3F),
	WarningGround: rgb(0x332B1C),
	DangerGround:  rgb(0x3A2425),
	OnAvatar:      rgb(0xFFFFFF),
}

// avatars are grounds for a white initial, alike in weight.
var avatars = [...]color.Color{
	rgb(0x3D6CCB), rgb(0x23806A), rgb(0xA84F84), rgb(0xBC3729), rgb(0x7459C2), rgb(0x2C7890), rgb(0xA55E1C),
	rgb(0x4C7A32), rgb(0x836650), rgb(0x59636E), rgb(0x9A3B5C), rgb(0x4A5AA8), rgb(0x76701F), rgb(0x8C4A9E),
}

// Avatar gives the ground of the avatar for a key such as an address: always
// the same one for the same key (FNV-1a, stirred so that short keys spread).
func Avatar(key string) color.Color {
	h := uint32(2166136261)
	for i := range len(key) {
		c := key[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		h = (h ^ uint32(c)) * 16777619
	}
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	h ^= h >> 16
	return avatars[h%uint32(len(avatars))]
}
