package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/kit/kittest"
	"paquebot.app/ui/theme"
)

var appearances = map[string]theme.Appearance{"light": theme.Light, "dark": theme.Dark}

func TestGoldenSidebar(t *testing.T) {
	for name, a := range appearances {
		kittest.App(t, a)
		drop := kit.NewFolderRow(kit.FolderState{Icon: "folder", Name: "Projects"}, nil, nil)
		drop.SetDrop(true)
		focused := kit.NewFolderRow(kit.FolderState{Icon: "folder", Name: "A folder with a name too long", Count: "4", Indent: 1}, nil, nil)
		w := kittest.Window(t, theme.Sidebar, 236, 300, kit.Inset(8, 6, 8, 6, kit.VStack(0,
			kit.NewComposeButton("New message", nil),
			kit.SectionHeader("work@example.org"),
			kit.NewFolderRow(kit.FolderState{Icon: "inbox", Name: "Inbox", Count: "12", Accent: true, Selected: true}, nil, nil),
			kit.NewFolderRow(kit.FolderState{Icon: "outbox", Name: "Outbox", Count: "3 waiting", Accent: true}, nil, nil),
			drop, focused,
			kit.Gap(1, 8),
			kit.NewCard("cloud-off", theme.Muted, "Offline", "Everything read is saved here", nil),
		)))
		w.Canvas().Focus(focused)
		kittest.Golden(t, "sidebar-"+name, w.Canvas().Capture())
	}
}

func TestGoldenControls(t *testing.T) {
	for name, a := range appearances {
		kittest.App(t, a)
		all := kit.NewChip("All", nil)
		all.SetOn(true)
		off := kit.NewIconButton("archive", "Archive", nil)
		off.Disable()
		star := kit.NewIconButton("star", "Flag", nil)
		star.SetIcon("star-filled", theme.Star)
		bar := kit.NewProgress()
		bar.Set(0.4)
		field := kit.NewField("Server", kit.NewSelect([]string{"IMAP", "POP"}, 0, nil))
		field.SetProblem("This server does not answer.")
		w := kittest.Window(t, theme.List, 400, 330, kit.Inset(12, 12, 12, 12, kit.VStack(10,
			kit.HStack(6, all, kit.NewChip("Unread", nil), kit.NewChip("Flagged", nil), kit.Spring()),
			kit.HStack(4, kit.NewIconButton("reply", "Reply", nil), off, star, kit.NewAvatar("Åsa", "asa@example.org", 34), kit.Spring()),
			kit.HStack(8, kit.NewButton(kit.Primary, "send", "Send", nil), kit.NewButton(kit.Quiet, "", "Cancel", nil), kit.NewButton(kit.Plain, "", "More", nil), kit.Spring()),
			kit.NewBanner(kit.Warn, "The password for work@example.org is no longer accepted.", "Sign in", nil, func() {}),
			kit.NewSegments([]string{"Comfortable", "Cozy", "Compact"}, 1, nil),
			field, bar,
		)))
		kittest.Golden(t, "controls-"+name, w.Canvas().Capture())
	}
}

func TestGoldenMenu(t *testing.T) {
	kittest.App(t, theme.Light)
	w := kittest.Window(t, theme.List, 260, 220, kit.Gap(1, 1))
	m := kit.ShowMenu(w.Canvas(), []kit.MenuItem{
		{Icon: "reply", Text: "Reply", Shortcut: "R"},
		{Icon: "forward", Text: "Forward", Shortcut: "F"},
		{},
		{Icon: "move", Text: "Move to…", Disabled: true},
		{Icon: "trash", Text: "Delete", Shortcut: "#", Danger: true},
	}, fyne.NewPos(16, 14), nil)
	m.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	kittest.Golden(t, "menu-light", w.Canvas().Capture())
}
