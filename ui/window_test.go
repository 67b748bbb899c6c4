package ui

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/vm"
)

// writer is a composer that only remembers.
type writer struct{ did []string }

func (w *writer) Compose(*letter.Draft) { w.did = append(w.did, "compose") }
func (w *writer) Reply(_ localstore.MessageID, all bool) {
	if all {
		w.did = append(w.did, "reply to all")
		return
	}
	w.did = append(w.did, "reply")
}
func (w *writer) Forward(localstore.MessageID)   { w.did = append(w.did, "forward") }
func (w *writer) EditDraft(localstore.MessageID) { w.did = append(w.did, "edit") }
func (w *writer) Busy() bool                     { return false }
func (w *writer) SaveAll(then func(error))       { then(nil) }

func (w *shownWindow) selectRow(i int) {
	w.mid.rows.Select(i)
	w.until(func() bool { l := w.reader.Letter(); return l != nil && l.Message.ID == w.list.ID(i) })
}

// follow waits until the window has seen a change that makes done true: the
// test stands in for the clock that the follower sleeps by.
func (w *shownWindow) follow(done func() bool) {
	changes := w.cfg.Store.Watch()
	defer changes.Close()
	for !done() {
		w.list.Follow(vm.Changes{Overflow: true})
		w.sidebar.Load()
		w.drain()
	}
}

func TestTheWindowReadsByKeyboard(t *testing.T) {
	written := &writer{}
	store := profile(t, 30, long(300), long(300), long(300))
	w := openWindow(t, store, func(c *Config) { c.Views.Composer = func(Host) Composer { return written } })
	if title, note := w.list.Title(); title != "Inbox" || note != "6 unread" {
		t.Errorf("title %q, %q", title, note)
	}
	rows := w.mid.rows
	w.window.Canvas().Focus(rows)
	rows.TypedRune('j')
	w.until(func() bool { return w.reader.Letter() != nil })
	if rows.Cursor() != 0 || w.reader.State() != vm.Readable {
		t.Fatalf("cursor %d, state %v", rows.Cursor(), w.reader.State())
	}
	rows.TypedRune('j')
	second := w.list.ID(1)
	w.until(func() bool { return w.reader.Letter().Message.ID == second })
	for _, r := range "rafc" {
		rows.TypedRune(r)
	}
	if got := strings.Join(written.did, ", "); got != "reply, reply to all, forward, compose" {
		t.Errorf("written: %s", got)
	}
	rows.TypedRune('e')
	w.follow(func() bool { _, there := w.list.Index(second); return !there })
	if rows.Cursor() != 1 || rows.Selection().Count() != 1 {
		t.Errorf("after archiving the cursor is at %d with %d selected", rows.Cursor(), rows.Selection().Count())
	}
	rows.TypedRune('/')
	if w.window.Canvas().Focused() != w.mid.search {
		t.Error("/ does not go to the search")
	}
	test.Type(w.mid.search, "zebra")
	w.until(func() bool { title, _ := w.list.Title(); return title == "Search" && !w.list.Loading() })
	w.mid.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	w.until(func() bool { return w.list.Len() == 29 && !w.list.Loading() })
	if w.window.Canvas().Focused() != rows {
		t.Error("Escape does not go back to the list")
	}
	w.selectRow(0)
	var panes []fyne.Focusable
	for range 3 {
		w.key(fyne.KeyF6, 0)
		panes = append(panes, w.window.Canvas().Focused())
	}
	if panes[0] != w.pane.Text || panes[1] != w.side.keys || panes[2] != rows {
		t.Errorf("F6 goes to %v", panes)
	}
}

func TestDraggingRowsToAFolder(t *testing.T) {
	w := openWindow(t, profile(t, 5))
	w.selectRow(1)
	var row vm.SidebarRow
	var at fyne.Position
	for i, r := range w.side.shown {
		if r.Role == localstore.RoleTrash {
			row, at = r, fyne.CurrentApp().Driver().AbsolutePositionForObject(w.side.widgets[i]).AddXY(20, 10)
		}
	}
	if row.Folder == 0 {
		t.Fatal("no Trash in the sidebar")
	}
	moved := w.list.ID(1)
	w.drag(at)
	w.drop(at)
	w.follow(func() bool { _, there := w.list.Index(moved); return !there })
	w.open(row.Place)
	w.until(func() bool { return w.list.Place() == row.Place && !w.list.Loading() })
	if w.list.Len() != 1 || w.list.ID(0) != moved {
		t.Errorf("the Trash holds %d, first %d", w.list.Len(), w.list.ID(0))
	}
}

func TestTheFirstScreenOffersTwoWays(t *testing.T) {
	store := profile(t, 0)
	if err := store.Write(t.Context(), "test", func(tx *localstore.Tx) error {
		a, err := tx.AccountByName("home")
		if err != nil {
			return err
		}
		return tx.RemoveAccount(a.ID, false)
	}); err != nil {
		t.Fatal(err)
	}
	w := openEmpty(t, store, func(c *Config) {
		c.Views.AddAccount = func(Host, func()) fyne.CanvasObject { return kit.NewText("The form", kit.Body) }
	})
	if w.inPanes {
		t.Fatal("the mail is shown though there is no account")
	}
	w.addAccount()
	if !shows(w.root, "The form") {
		t.Error("the form is not shown")
	}
}

func TestAPanicIsCaughtAndTold(t *testing.T) {
	w := openWindow(t, profile(t, 1))
	told := func() {
		t.Helper()
		w.until(func() bool { return len(w.notices) == 1 })
		if text := w.notices[0].text; !strings.Contains(text, "Nothing is lost") {
			t.Errorf("told %q", text)
		}
		w.dropNotice(w.notices[0].text)
	}
	w.guarded("test", func() { panic("boom") })()
	told()
	w.env.Go("test in the background", func(context.Context) func() { panic("boom") })
	told()
}

func TestSeveralAreActedOnTogether(t *testing.T) {
	w := openWindow(t, profile(t, 10))
	w.mid.rows.Selection().All()
	w.selected()
	if w.reader.State() != vm.Several || w.reader.Chosen() != 10 {
		t.Fatalf("state %v, %d chosen", w.reader.State(), w.reader.Chosen())
	}
	told := ""
	var undo func()
	w.actions.Done = func(text string, u func()) { told, undo = text, u }
	w.mid.rows.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	w.until(func() bool { return told != "" })
	if told != "10 messages moved to the Trash" {
		t.Errorf("told %q", told)
	}
	w.follow(func() bool { return w.list.Len() == 0 })
	undo()
	w.follow(func() bool { return w.list.Len() == 10 })
}

func TestALetterOfTheOutboxIsShown(t *testing.T) {
	store := profile(t, 3)
	w := openWindow(t, store)
	id := w.list.ID(2)
	w.ShowMessage(id)
	w.until(func() bool { l := w.reader.Letter(); return l != nil && l.Message.ID == id })
	if got := w.chosen(); len(got) != 1 || got[0] != id {
		t.Errorf("what can be done is done to %v", got)
	}
}

func TestF6GoesRoundAndComesBackToWhatIsWritten(t *testing.T) {
	w := openWindow(t, profile(t, 3))
	entry := kit.NewEntry("")
	w.OpenPanel(entry, nil)
	c := w.window.Canvas()
	c.Focus(entry)
	var got []fyne.Focusable
	for range 4 {
		w.nextPane(false)
		got = append(got, c.Focused())
	}
	want := []fyne.Focusable{w.side.keys, w.mid.rows, entry, w.side.keys}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("step %d: %T", i, got[i])
		}
	}
	w.nextPane(true)
	if c.Focused() != fyne.Focusable(entry) {
		t.Errorf("back: %T", c.Focused())
	}
}

func TestTheFoldersShowThatTheyHaveTheKeyboard(t *testing.T) {
	w := openWindow(t, profile(t, 3))
	marked := func() (n int) {
		for _, f := range w.side.widgets {
			if f != nil && f.State().Keyboard {
				n++
			}
		}
		return n
	}
	w.nextPane(true)
	if w.window.Canvas().Focused() != fyne.Focusable(w.side.keys) || marked() != 1 {
		t.Errorf("%d rows are marked", marked())
	}
	w.focusList()
	if marked() != 0 {
		t.Error("the mark stays")
	}
}
