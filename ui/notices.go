package ui

import (
	"fyne.io/fyne/v2"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/vm"
)

// notice is a banner of the window's own.
type notice struct {
	kind         kit.BannerKind
	text, action string
	acted        func()
}

// Notice implements Host.
func (w *Window) Notice(text, action string, acted func()) {
	w.addNotice(notice{kit.Warn, text, action, acted})
}

func (w *Window) addNotice(n notice) {
	for _, o := range w.notices {
		if o.text == n.text {
			return
		}
	}
	w.notices = append(w.notices, n)
	w.showBanners()
}

// trouble tells of what went wrong where nobody waits for an answer. That
// nothing can be written is said above the panes already.
func (w *Window) trouble(err error) {
	if why := w.cfg.Store.WhyReadOnly(); why != nil && vm.Sentence(err) == vm.Sentence(why) {
		return
	}
	w.addNotice(notice{kind: kit.Fail, text: vm.Sentence(err)})
}

func (w *Window) dropNotice(text string) {
	for i, n := range w.notices {
		if n.text == text {
			w.notices = append(w.notices[:i:i], w.notices[i+1:]...)
			break
		}
	}
	w.showBanners()
}

// mostBanners are shown at once.
const mostBanners = 3

// showBanners shows what the accounts and the window have to say.
func (w *Window) showBanners() {
	var all []fyne.CanvasObject
	if err := w.cfg.Store.WhyReadOnly(); err != nil {
		all = append(all, kit.NewBanner(kit.Info, vm.Sentence(err), "", nil, nil))
	}
	// What somebody waits for comes first, what is only told comes last.
	own := func(asks bool) {
		for _, n := range w.notices {
			if (n.action != "") == asks {
				all = append(all, kit.NewBanner(n.kind, n.text, n.action, w.guarded("banner", func() {
					w.dropNotice(n.text)
					n.acted()
				}), w.guarded("banner", func() { w.dropNotice(n.text) })))
			}
		}
	}
	own(true)
	if w.status.Condition().Restored {
		all = append(all, w.restoredBanner())
	}
	for _, n := range w.status.Condition().Notices {
		if n.Folder != 0 {
			all = append(all, w.pausedBanner(n))
			continue
		}
		all = append(all, kit.NewBanner(kit.Warn, n.Text, n.Action, w.guarded("banner", func() { w.act(n) }), nil))
	}
	own(false)
	w.banners.RemoveAll()
	if len(all) > 0 {
		w.banners.Add(kit.Gap(1, 2))
	}
	for _, b := range all[:min(len(all), mostBanners)] {
		w.banners.Add(kit.Inset(8, 0, 8, 0, b))
	}
	if len(all) > 0 {
		w.banners.Add(kit.Gap(1, 2))
	}
	w.root.Refresh()
}

// restoredBanner asks whether a profile that was copied or restored goes on here.
func (w *Window) restoredBanner() *kit.Banner {
	const text = "This profile is a copy, or was put back to an earlier state. Letters that waited in it may have gone out since, so they are held."
	return kit.NewQuestion(kit.Warn, text,
		kit.Answer{Text: "Look at them", Acted: w.guarded("outbox", w.showOutbox)},
		kit.Answer{Text: "Send them from here", Acted: w.guarded("release", w.status.ReleaseRestored)})
}

// pausedBanner asks about a folder of which the server has much no more.
func (w *Window) pausedBanner(n vm.Notice) *kit.Banner {
	answer := func(text string, a localstore.Answer) kit.Answer {
		return kit.Answer{Text: text, Acted: w.guarded("answer", func() { w.actions.AnswerPaused(n.Folder, a) })}
	}
	return kit.NewQuestion(kit.Warn, n.Text, answer("Keep here", localstore.KeepHere),
		answer("Put back on the server", localstore.PutBack), answer("Remove", localstore.Remove))
}

// act does what a banner of an account offers.
func (w *Window) act(n vm.Notice) {
	switch {
	case n.SignIn:
		w.signIn(n.Account, n.Text)
	case w.cfg.Views.Settings != nil:
		w.settings(n.Account)
	default:
		w.status.Check()
	}
}

func (w *Window) settings(account localstore.AccountID) {
	var end func()
	end = w.OpenPanel(w.cfg.Views.Settings(w, account, func() { end() }), nil)
}
