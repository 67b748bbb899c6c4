package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// showFirst is the screen without accounts.
func (w *Window) showFirst() {
	add := kit.NewButton(kit.Primary, "plus", "Add your account", w.guarded("add account", w.addAccount))
	if w.cfg.Views.AddAccount == nil {
		add.Disable()
	}
	picture := canvas.NewImageFromResource(theme.AppIcon())
	picture.FillMode = canvas.ImageFillContain
	title := kit.NewText("Welcome aboard", kit.Title)
	title.SetAlign(fyne.TextAlignCenter)
	words := kit.NewParagraph("Paquebot keeps your mail on this computer. You read, search and answer it without a network, and what you wrote goes out when there is one.",
		kit.Name.In(theme.Muted))
	words.SetAlign(fyne.TextAlignCenter)
	parts := []fyne.CanvasObject{kit.Sized(84, 84, picture), kit.Gap(1, 8), title, words, kit.Gap(1, 12), kit.Sized(320, 40, add)}
	if w.cfg.Demo != nil {
		parts = append(parts, kit.Sized(320, 40, kit.NewButton(kit.Quiet, "eye", "Look around with the demo account", w.guarded("demo", w.beginDemo))))
	}
	w.show(kit.VStack(0, kit.Spring(), kit.Column(440, kit.VStack(8, parts...)), kit.Gap(1, 60), kit.Spring()))
}

// show fills the window with one view.
func (w *Window) show(o fyne.CanvasObject) {
	w.root.Objects = []fyne.CanvasObject{kit.NewFill(theme.Reader, 0), kit.VStack(0, w.banners, kit.Grow(o))}
	w.root.Refresh()
	w.inPanes = false
}

// showPanes shows the mail.
func (w *Window) showPanes() {
	if w.inPanes {
		return
	}
	w.root.Objects = []fyne.CanvasObject{kit.NewFill(theme.Sidebar, 0), kit.VStack(0, w.banners, kit.Grow(w.panes))}
	w.root.Refresh()
	w.inPanes = true
}

// addAccount opens the form for an account: in the whole window where there is
// none yet, else in the reading pane's place.
func (w *Window) addAccount() {
	make := w.cfg.Views.AddAccount
	if make == nil {
		return
	}
	if !w.sidebar.Accounts() {
		w.show(make(w, w.guarded("add account", w.sidebarChanged)))
		return
	}
	var end func()
	end = w.OpenPanel(make(w, func() { end() }), nil)
}

func (w *Window) beginDemo() {
	w.layer.Toast("The demo opens…", "", nil)
	w.env.Go("demo", func(ctx context.Context) func() {
		err := w.cfg.Demo(ctx)
		return func() {
			if err != nil {
				w.layer.Toast(vm.Sentence(err), "", nil)
			}
		}
	})
}
