package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/localstore"
	"paquebot.app/ui/editor"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/kit/glyph"
	"paquebot.app/ui/msglist"
	"paquebot.app/ui/reader"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// Window is the window.
type Window struct {
	cfg      Config
	window   fyne.Window
	dispatch *dispatcher
	env      *vm.Env
	end      context.CancelFunc

	follower  *vm.Follower
	sidebar   *vm.Sidebar
	list      *vm.List
	reader    *vm.Reader
	actions   *vm.Actions
	status    *vm.Status
	composer  Composer
	ledger    Ledger // nil until it was asked for
	pack      Page   // nil until it was asked for
	switching Switch // likewise
	journeys  Page   // nil: there is no such page
	onLedger  bool   // it stands in the list's place
	ledgerOf  localstore.AccountID

	layer     *kit.Layer
	root      *fyne.Container // first screen, or the panes below the banners
	banners   *fyne.Container
	panes     *kit.Panes
	side      *sidePane
	mid       *listPane
	pane      *reader.Pane
	right     *fyne.Container // the reading pane, or a panel in its place
	panel     panel
	notices   []notice
	started   bool
	inPanes   bool // the mail is shown, not the first screen
	closing   closing
	glanceDue bool   // the newest of the list was not shown yet
	saveDir   string // where files were saved last; "" for the usual folder
	lastEnd   ending
	logged    bool // when the first list was shown
}

// New makes the window; meanwhile the store is read.
func New(cfg Config) *Window {
	w := &Window{cfg: cfg}
	w.dispatch = newDispatcher(w.Guard, cfg.Dispatch)
	ctx, end := context.WithCancel(context.Background())
	w.end = end
	w.env = &vm.Env{
		Ctx: ctx, Store: cfg.Store, Dispatch: w.dispatch, Clock: cfg.Clock, Zone: cfg.Zone, Log: cfg.Log, Trouble: w.trouble,
	}
	w.follower = vm.NewFollower(cfg.Store, cfg.Clock, cfg.Log)
	w.sidebar, w.list, w.reader = vm.NewSidebar(w.env), vm.NewList(w.env), vm.NewReader(w.env)
	w.actions, w.status = vm.NewActions(w.env), vm.NewStatus(w.env, cfg.Engine)
	for _, f := range []func(vm.Changes){w.sidebar.Follow, w.list.Follow, w.reader.Follow, w.status.Follow} {
		w.follower.Tell(f)
	}
	w.sidebar.Load() // its answer waits for Start
	w.window = cfg.App.NewWindow("Paquebot")
	w.window.SetPadded(false)
	w.window.SetIcon(theme.AppIcon())
	w.window.SetCloseIntercept(w.guarded("close", w.close))
	w.build()
	w.connect()
	w.keys()
	w.running()
	if cfg.Views.Composer != nil {
		w.composer = cfg.Views.Composer(w)
	}
	if cfg.Views.Journeys != nil {
		w.journeys = cfg.Views.Journeys(w)
	}
	return w
}

// build makes the widgets.
func (w *Window) build() {
	w.side, w.mid = newSidePane(w), newListPane(w)
	w.pane = reader.NewPane(w.deeds(), func(f func() func()) {
		w.env.Go("lay out letter", func(context.Context) func() { return f() })
	})
	w.pane.Text.OnRune = func(r rune) { w.rune(r) }
	w.pane.Text.OnKey = func(k *fyne.KeyEvent) { w.readerKey(k) }
	w.right = container.NewStack(kit.NewFill(theme.Reader, 0), w.pane)
	w.panes = kit.NewPanes(w.side.object, w.mid.object, w.right)
	w.panes.OnMode = w.side.setMode
	w.panes.OnSingle = func(single bool) { w.pane.SetBack(single) }
	w.panes.OnWidths = func(sidebar, list float32) { w.saveWidths(sidebar, list) }
	w.banners = kit.VStack(6)
	w.root = container.NewStack(kit.NewFill(theme.Sidebar, 0))
	var content fyne.CanvasObject
	w.layer, content = kit.NewLayer(w.window.Canvas(), w.root)
	w.window.SetContent(content)
	w.restore()
}

// connect joins models and widgets.
func (w *Window) connect() {
	w.sidebar.Changed = w.sidebarChanged
	w.list.Changed = w.mid.changed
	w.list.InSight = w.mid.rows.InSight
	w.reader.Changed = w.readerChanged
	w.reader.Came = w.openFile
	w.status.Changed = w.statusChanged
	w.status.Told = func(text string) { w.addNotice(notice{kind: kit.Info, text: text}) }
	w.actions.Done = func(text string, undo func()) {
		if text == "" {
			return
		}
		action := ""
		if undo != nil {
			action = "Undo"
		}
		w.layer.Toast(text, action, w.guarded("undo", func() { undo() }))
	}
	w.actions.Refused = func(err error) { w.layer.Toast(vm.Sentence(err), "", nil) }
	w.actions.Ask = func(question, yes string, then func()) { w.Notice(question, yes, then) }
}

// firstPicture is how long the first picture may wait for the list.
const firstPicture = 250 * time.Millisecond

// Start shows what was read and follows the store. It is called once, on the
// main goroutine, before the application runs.
func (w *Window) Start() {
	go func() {
		glyph.Preload()
		editor.Preload()
	}()
	w.env.Go("follow", func(ctx context.Context) func() {
		w.follower.Run(ctx)
		return nil
	})
	w.env.Go("status", func(ctx context.Context) func() {
		w.status.Run(ctx)
		return nil
	})
	w.dispatch.begin(func() bool { return w.logged || w.sidebar.Ready() && !w.started }, firstPicture, w.cfg.Clock)
}

// listShown notes in the log, once, when the first list stood in the window.
func (w *Window) listShown() {
	if !w.logged {
		w.logged = true
		w.cfg.Log.Info("list shown", "rows", w.list.Len())
	}
}

// Show shows the window.
func (w *Window) Show() { w.window.Show() }

// Close ends everything that the window began and waits for it.
func (w *Window) Close() {
	w.dispatch.closed.Store(true)
	w.ended()
	w.end()
	w.layer.Close()
	w.env.Wait()
	w.env.RemoveCopies()
}

// sidebarChanged shows the folders and, the first time, the first inbox.
func (w *Window) sidebarChanged() {
	if !w.sidebar.Accounts() && len(w.sidebar.Rows()) == 0 {
		w.showFirst()
		return
	}
	w.showPanes()
	w.side.update()
	if _, there := w.sidebar.Row(w.list.Place()); !there || !w.started {
		if p, ok := w.sidebar.First(); ok {
			w.started = true
			w.open(p)
		}
	}
}

// open shows a place in the list.
func (w *Window) open(p vm.Place) {
	row, ok := w.sidebar.Row(p)
	if !ok {
		return
	}
	w.closeLedger()
	if p.Role == localstore.RoleOutbox && w.mid.showOutbox() {
		w.list.Show(p, row.Name)
	} else {
		w.mid.showList()
		w.list.Show(p, row.Name)
	}
	w.mid.reset()
	w.side.update()
	w.panes.SetReading(false)
	w.focusList()
}

// selected is called when the selection of the list may have changed.
func (w *Window) selected() {
	if w.onLedger {
		return
	}
	if w.reader.Open(messageIDs(w.mid.rows.SelectedIDs(0))) && w.panel.small {
		w.panel.close()
	}
}

func (w *Window) readerChanged(other bool) {
	w.pane.SetLetter(w.reader.Letter(), w.reader.State(), w.reader.Chosen(), w.status.Online(), other)
}

func (w *Window) statusChanged() {
	c := w.status.Condition()
	w.side.setCard(c)
	w.pane.SetOnline(c.Online)
	w.showBanners()
	w.glance()
}

func (w *Window) focusList() { w.window.Canvas().Focus(w.listFocus()) }

// listFocus is what has the keyboard in the list's place.
func (w *Window) listFocus() fyne.Focusable {
	if w.onLedger {
		return w.ledger.Focus()
	}
	return w.mid.rows
}

// messageIDs are row ids as the store knows them, without rows not loaded.
func messageIDs(ids []int64) []localstore.MessageID {
	out := make([]localstore.MessageID, 0, len(ids))
	for _, id := range ids {
		if id != 0 {
			out = append(out, localstore.MessageID(id))
		}
	}
	return out
}

var _ msglist.Finder = source{}
