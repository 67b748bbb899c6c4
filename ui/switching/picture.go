package switching

import (
	"fyne.io/fyne/v2"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
)

// picture shows where mail is kept: letters on the server's side, on this
// computer's, and how they go between the two.
func picture(m localstore.Mode) fyne.CanvasObject {
	side := func(icon, name string, letters int, ink fyne.ThemeColorName) fyne.CanvasObject {
		row := kit.HStack(4)
		for range letters {
			row.Add(kit.Sized(14, 14, kit.NewIcon("mail", 14, ink)))
		}
		if letters == 0 {
			row.Add(kit.Gap(1, 14))
		}
		return kit.VStack(5, centred(kit.Sized(34, 34, kit.NewIcon(icon, 34, theme.Muted))), centred(kit.NewText(name, kit.Caption)), centred(row))
	}
	server, here, way := 3, 1, "refresh"
	serverInk, hereInk := theme.Accent, theme.Faint
	if m == localstore.POP {
		server, here, way = 0, 4, "chevron-right"
		hereInk = theme.Accent
	}
	arrow := kit.VStack(0, kit.Gap(1, 8), kit.Sized(18, 18, kit.NewIcon(way, 18, theme.Faint)))
	inside := kit.HStack(18, kit.Spring(), side("cloud", "Server", server, serverInk), arrow, side("computer", "This computer", here, hereInk), kit.Spring())
	return kit.On(theme.Card, theme.RadiusRow, kit.Inset(10, 12, 10, 10, inside))
}

func centred(o fyne.CanvasObject) fyne.CanvasObject {
	return kit.HStack(0, kit.Spring(), o, kit.Spring())
}
