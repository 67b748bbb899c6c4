package ui

import (
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/vm"
)

// downloads is the folder that files are saved to unless another is chosen.
func downloads() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return os.TempDir()
	}
	for _, name := range []string{"Downloads", "."} {
		if info, err := os.Stat(filepath.Join(home, name)); err == nil && info.IsDir() {
			return filepath.Join(home, name)
		}
	}
	return home
}

// saveFile saves an attachment to the usual folder, or asks for it where it is
// not here.
func (w *Window) saveFile(a vm.Attachment) {
	if !a.Here {
		w.reader.Want(a.Section)
		if !w.status.Online() {
			w.layer.Toast("“"+a.Name+"” comes when there is a connection.", "", nil)
		}
		return
	}
	w.saveTo(a.Section, filepath.Join(downloads(), a.Name))
}

func (w *Window) saveTo(section, path string) {
	w.reader.Save(section, path, func(written string, err error) {
		if err != nil {
			w.layer.Toast(vm.Sentence(err), "", nil)
			return
		}
		w.layer.Toast("Saved as "+filepath.Base(written)+" in "+filepath.Base(filepath.Dir(written)), "", nil)
	})
}

func (w *Window) fileMenu(a vm.Attachment, at fyne.Position) {
	items := []kit.MenuItem{
		{Icon: "download", Text: "Save to " + filepath.Base(downloads()), Disabled: !a.Here, Action: w.guarded("save", func() { w.saveFile(a) })},
		{Icon: "folder", Text: "Save as…", Disabled: !a.Here, Action: w.guarded("save", func() { w.saveAs(a.Section, a.Name) })},
	}
	if !a.Here {
		items = append(items, kit.MenuItem{Icon: "cloud", Text: "Fetch", Disabled: a.Wanted, Action: w.guarded("want", func() { w.saveFile(a) })})
	}
	kit.ShowMenu(w.window.Canvas(), items, at, nil)
}

// saveAs asks where to save.
func (w *Window) saveAs(section, name string) {
	path := kit.NewEntry("")
	path.SetText(filepath.Join(downloads(), name))
	path.OnKey = w.panelKey
	field := kit.NewField("Save as", path)
	field.SetHint("A file that is there already is kept: the new one gets a number.")
	save := w.guarded("save", func() {
		if !filepath.IsAbs(path.Text) {
			field.SetProblem("Please give the whole path, beginning at the root.")
			return
		}
		w.panel.close()
		w.saveTo(section, path.Text)
	})
	path.OnSubmitted = func(string) { save() }
	form := kit.VStack(14, field, kit.HStack(8, kit.NewButton(kit.Primary, "download", "Save", save), kit.Spring()))
	w.openSmall("Save", kit.Inset(32, 24, 32, 24, kit.VStack(0, form, kit.Spring())))
	w.window.Canvas().Focus(path)
	path.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
}

// saveLetter saves the letter as it came.
func (w *Window) saveLetter() {
	l := w.reader.Letter()
	if l == nil {
		return
	}
	if l.Message.Body != localstore.BodyWhole {
		w.reader.Want(localstore.WishWhole)
		w.layer.Toast("The whole message is still on the server. It is fetched; please save it then.", "", nil)
		return
	}
	name := letter.FileName(letter.BaseSubject(l.Subject))
	if name == "" {
		name = "message"
	}
	w.saveAs("", name+".eml")
}
