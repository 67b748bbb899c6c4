package ui

import (
	"fyne.io/fyne/v2"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/vm"
)

// keepItem opens the choice of how much of a folder is kept here.
func (s *sidePane) keepItem(r vm.SidebarRow, at fyne.Position) kit.MenuItem {
	return kit.MenuItem{Icon: "download", Text: "Keep offline…", Action: s.w.guarded("keep offline", func() {
		s.w.actions.KeepsOf(r.Folder, guarded1(s.w, "keep offline", func(all []vm.Keep) {
			var items []kit.MenuItem
			for i, k := range all {
				items = append(items, kit.MenuItem{Text: k.Words, Checked: k.Now, Action: s.w.guarded("keep offline", func() { s.w.actions.SetKeep(r.Folder, k) })})
				if i == 0 {
					items = append(items, kit.MenuItem{})
				}
			}
			kit.ShowMenu(s.w.window.Canvas(), items, at, nil)
		}))
	})}
}
