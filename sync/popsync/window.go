package popsync

import "time"

// Limits of what may be asked for ahead of what has come.
const (
	firstWindow = 4 << 20 // bytes, until it is known how fast they come
	leastWindow = 512 << 10
	mostWindow  = 16 << 20
	windowTime  = 2 * time.Second // of transfer that may be under way
)

// window says how much may be asked for ahead: as many bytes as come in two
// seconds, so that a fast line with a long way is full and a slow one is free
// for what the user asks for. The sizes are those of LIST, which are hints.
type window struct {
	ahead int64 // bytes asked for that have not come
	limit int64 // 0: firstWindow
	since time.Time
	got   int64 // bytes since then
}

// asked notes that a mail of that size was asked for.
func (w *window) asked(size int64) { w.ahead += max(size, 0) }

// came notes that a mail that was listed with a size has come with another.
func (w *window) came(listed, size int64, now time.Time) {
	w.ahead -= max(listed, 0)
	if w.since.IsZero() {
		w.since = now
	}
	w.got += size
	if passed := now.Sub(w.since); passed >= time.Second {
		rate := float64(w.got) / passed.Seconds()
		w.limit = min(max(int64(rate*windowTime.Seconds()), leastWindow), mostWindow)
		w.since, w.got = now, 0
	}
}

// most returns how many bytes may be under way.
func (w *window) most() int64 {
	if w.limit == 0 {
		return firstWindow
	}
	return w.limit
}

// makeRoom takes answers until half of the window is free, once it is full.
func (p *pass) makeRoom() error {
	s, w := p.session, &p.window
	if len(s.thens) < s.window() && w.ahead < w.most() {
		return nil
	}
	for len(s.thens) > s.window()/2 || w.ahead > w.most()/2 && len(s.thens) > 0 {
		if err := p.take(); err != nil {
			return err
		}
	}
	return nil
}
