package imapsync

import (
	"slices"
	"strings"

	"paquebot.app/sync/imapsync/wire"
	"paquebot.app/sync/link"
)

// limits are what the server said of the open folder beside its data.
type limits struct {
	readOnly bool // it was opened for writing, and cannot be written
	noFlags  bool // no flag is kept
}

func (l *Link) setLimits(now limits) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limits = now
}

func (l *Link) limitsNow() limits {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.limits
}

// Bounds of what a server can make us show.
const (
	mostAlerts = 10
	longAlert  = 300 // runes
)

// noted takes what is a remark and no change: true means that no folder need be
// looked at for it.
func (l *Link) noted(e wire.Event) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch e := e.(type) {
	case wire.CopyUID:
		l.copied = e
	case wire.Access:
		l.limits.readOnly = e.ReadOnly
	case wire.NoPermanentFlags:
		l.limits.noFlags = true
	case wire.Alert:
		return !l.alert(e.Text)
	default:
		return false
	}
	return true
}

// alert keeps a text that the user must see, once; true says that it is new.
// The lock is held.
func (l *Link) alert(text string) bool {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > longAlert {
		text = string(runes[:longAlert]) + "…"
	}
	if text == "" || len(l.report.Alerts) >= mostAlerts || slices.Contains(l.report.Alerts, text) {
		return false
	}
	l.report.Alerts = append(l.report.Alerts, text)
	return true
}

// tell says a sentence to the user, once.
func (l *Link) tell(text string) {
	l.count(func(r *link.Report) {
		if !slices.Contains(r.Conflicts, text) {
			r.Conflicts = append(r.Conflicts, text)
		}
	})
}
