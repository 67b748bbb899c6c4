package main

import (
	"fmt"
	"io"
	"os"
	"sync"

	"golang.org/x/term"

	"paquebot.app/internal/clock"
	"paquebot.app/localstore"
)

// bar shows how far a sync is, on a terminal and nowhere else: messages, bytes,
// and how quickly they come.
type bar struct {
	mu    sync.Mutex
	on    bool
	drawn bool
	out   io.Writer
	clock clock.Clock
	of    localstore.AccountID // whose rate it is
	rate  rate
}

func newBar(a *app) *bar {
	f, ok := a.err.(*os.File)
	return &bar{out: a.err, clock: clock.System, on: ok && !a.json && term.IsTerminal(int(f.Fd()))}
}

// show draws the bar; it is engine.Config.Progress.
func (b *bar) show(account localstore.Account, done, total int, bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.on {
		return
	}
	b.drawn = true
	if account.ID != b.of {
		b.of, b.rate = account.ID, rate{}
	}
	speed := ""
	if perSecond := b.rate.add(b.clock.Now(), bytes); perSecond > 0 {
		speed = "  " + size(perSecond) + "/s"
	}
	if total > 0 {
		const width = 30
		full := min(width, done*width/total)
		fmt.Fprintf(b.out, "\r%s  %-*s %d of %d  %s%s\x1b[K", account.Name, width, bars[:full*len("█")], done, total, size(bytes), speed)
		return
	}
	fmt.Fprintf(b.out, "\r%s  %d  %s%s\x1b[K", account.Name, done, size(bytes), speed)
}

const bars = "██████████████████████████████"

// done takes the bar away.
func (b *bar) done() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.drawn {
		fmt.Fprint(b.out, "\r\x1b[K")
	}
}

// size writes a number of bytes for people.
func size(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1000*1000:
		return fmt.Sprintf("%d KB", n/1000)
	case n < 1000*1000*1000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}
