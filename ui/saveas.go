package ui

import (
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"paquebot.app/internal/letter"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
)

// SaveText implements Host.
func (w *Window) SaveText(name, text string) {
	w.saveAs(name, func(path string) { w.env.SaveText(path, text, w.saved) })
}

// saveAs asks under which name and in which folder a file is saved.
func (w *Window) saveAs(name string, to func(path string)) {
	if w.saveDir == "" {
		w.saveDir = downloads()
	}
	entry := kit.NewEntry("")
	entry.SetText(name)
	entry.OnKey = w.panelKey
	file := kit.NewField("Name", entry)
	file.SetHint("A file that is there already is kept: the new one gets a number.")
	folder := kit.NewShrinkText(w.saveDir, kit.Body)
	choose := kit.NewButton(kit.Quiet, "folder", "Choose…", w.guarded("choose folder", func() {
		w.chooseFolder(func(dir string) {
			w.saveDir = dir
			folder.SetText(dir)
		})
	}))
	place := kit.On(theme.Input, theme.RadiusSmall, kit.Inset(12, 4, 4, 4, kit.HStack(8, folder, kit.Spring(), choose)))
	save := w.guarded("save", func() {
		clean := letter.FileName(entry.Text)
		if clean == "" {
			file.SetProblem("Please give the file a name.")
			return
		}
		w.panel.close()
		to(filepath.Join(w.saveDir, clean))
	})
	entry.OnSubmitted = func(string) { save() }
	form := kit.VStack(16, file, kit.NewField("Folder", place), kit.HStack(8, kit.NewButton(kit.Primary, "download", "Save", save), kit.Spring()))
	w.openSmall("Save", kit.Inset(32, 24, 32, 24, kit.VStack(0, kit.Column(560, form), kit.Spring())))
	w.window.Canvas().Focus(entry)
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
}

// chooseFolder asks for a folder, beginning where files were saved last.
func (w *Window) chooseFolder(then func(dir string)) {
	d := dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
		if u != nil && err == nil && u.Scheme() == "file" {
			w.Guard("choose folder", func() { then(filepath.FromSlash(u.Path())) })
		}
	}, w.window)
	if at, err := storage.ListerForURI(storage.NewFileURI(w.saveDir)); err == nil {
		d.SetLocation(at)
	}
	d.SetTitleText("Save in")
	d.SetConfirmText("Choose")
	d.SetView(dialog.ListView)
	d.Show() // it has no size before
	size := w.window.Canvas().Size()
	d.Resize(fyne.NewSize(min(860, size.Width-80), min(600, size.Height-80)))
}
