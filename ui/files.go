package ui

import (
	"net/url"
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

// folderName is what to call a folder in a sentence.
func folderName(dir string) string {
	if home, err := os.UserHomeDir(); err == nil && dir == home {
		return "your home folder"
	}
	return filepath.Base(dir)
}

// openFile shows an attachment in the system's program for it, from a copy. What
// is not here is fetched; what could act by itself is saved instead.
func (w *Window) openFile(a vm.Attachment) {
	switch {
	case !a.Here:
		w.reader.OpenWhenHere(a)
		w.sayWanted(a)
	case !a.Opens():
		w.reader.Save(a.Section, filepath.Join(downloads(), a.Name), func(written string, err error) {
			if err != nil {
				w.layer.Toast(vm.Sentence(err), "", nil)
				return
			}
			w.layer.Toast("Files like this are not opened from a letter. Saved as "+filepath.Base(written)+" in "+folderName(filepath.Dir(written))+".", "", nil)
		})
	default:
		w.reader.TempCopy(a, func(path string, err error) {
			if err == nil {
				err = w.cfg.App.OpenURL(&url.URL{Scheme: "file", Path: filepath.ToSlash(path)})
			}
			if err != nil {
				w.cfg.Log.Error("open file", "err", err)
				w.layer.Toast("No program was found that opens “"+a.Name+"”.", "Save it", w.guarded("save", func() { w.saveFile(a) }))
			}
		})
	}
}

func (w *Window) wantFile(a vm.Attachment) {
	w.reader.Want(a.Section)
	w.sayWanted(a)
}

// sayWanted says that a file has to wait for a connection.
func (w *Window) sayWanted(a vm.Attachment) {
	if !w.status.Online() {
		w.layer.Toast("“"+a.Name+"” comes when there is a connection.", "", nil)
	}
}

// saveFile saves an attachment to the usual folder.
func (w *Window) saveFile(a vm.Attachment) {
	w.saveTo(a.Section, filepath.Join(downloads(), a.Name))
}

func (w *Window) saveTo(section, path string) {
	w.reader.Save(section, path, w.saved)
}

// saved tells where a file was saved.
func (w *Window) saved(path string, err error) {
	if err != nil {
		w.layer.Toast(vm.Sentence(err), "", nil)
		return
	}
	w.layer.Toast("Saved as "+filepath.Base(path)+" in "+folderName(filepath.Dir(path)), "", nil)
}

// saveFileAs asks where a part of the letter is saved; "" is all of it.
func (w *Window) saveFileAs(section, name string) {
	w.saveAs(name, func(path string) { w.saveTo(section, path) })
}

func (w *Window) fileMenu(a vm.Attachment, at fyne.Position) {
	items := []kit.MenuItem{
		{Icon: "eye", Text: "Open", Disabled: !a.Opens(), Action: w.guarded("open file", func() { w.openFile(a) })},
		{Icon: "download", Text: "Save to " + folderName(downloads()), Disabled: !a.Here, Action: w.guarded("save", func() { w.saveFile(a) })},
		{Icon: "folder", Text: "Save as…", Disabled: !a.Here, Action: w.guarded("save", func() { w.saveFileAs(a.Section, a.Name) })},
	}
	if !a.Here {
		items = append(items, kit.MenuItem{Icon: "cloud", Text: "Fetch", Disabled: a.Wanted, Action: w.guarded("want", func() { w.wantFile(a) })})
	}
	kit.ShowMenu(w.window.Canvas(), items, at, nil)
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
	w.saveFileAs("", name+".eml")
}
