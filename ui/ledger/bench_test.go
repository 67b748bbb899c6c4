package ledger

import (
	"testing"

	"paquebot.app/ui/theme"
)

// BenchmarkLedgerOf10000 reads a ledger of 10,000 mails again, as after each
// change of the store.
func BenchmarkLedgerOf10000(b *testing.B) {
	h, p := open(b, theme.Light, 10_000)
	read := false
	changed := p.model.Changed
	p.model.Changed = func(apply func()) { changed(apply); read = true }
	for b.Loop() {
		read = false
		p.model.Load()
		h.queue.Until(func() bool { return read })
	}
}

// BenchmarkLedgerScroll moves through 10,000 rows by pages.
func BenchmarkLedgerScroll(b *testing.B) {
	_, p := open(b, theme.Light, 10_000)
	for b.Loop() {
		p.rows.ScrollBy(48)
	}
}
