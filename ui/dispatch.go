package ui

import (
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"paquebot.app/internal/clock"
	"paquebot.app/ui/vm"
)

// dispatcher runs functions on the goroutine that owns the window. Until the
// toolkit runs it keeps them, so that what was read meanwhile stands in the
// very first picture.
type dispatcher struct {
	guard  func(what string, f func())
	closed atomic.Bool // the toolkit runs what comes later on any goroutine

	mu    sync.Mutex
	early []func()
	more  chan struct{} // something came to early
	do    func(func())  // nil while early
}

func newDispatcher(guard func(what string, f func()), own vm.Dispatcher) *dispatcher {
	d := &dispatcher{guard: guard, more: make(chan struct{}, 1)}
	if own != nil {
		d.do = own.Do
	}
	return d
}

// Do implements vm.Dispatcher.
func (d *dispatcher) Do(f func()) {
	if d.closed.Load() {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.do == nil {
		d.early = append(d.early, f)
		select {
		case d.more <- struct{}{}:
		default:
		}
		return
	}
	d.do(d.guarded(f))
}

func (d *dispatcher) guarded(f func()) func() {
	return func() {
		if !d.closed.Load() {
			d.guard("answer", f)
		}
	}
}

// begin runs what came early until done is true, at most for so long, and
// leaves the rest to the toolkit. The main goroutine calls it before it runs
// the application.
func (d *dispatcher) begin(done func() bool, most time.Duration, c clock.Clock) {
	d.mu.Lock()
	if d.do != nil { // a test's own
		d.mu.Unlock()
		return
	}
	d.mu.Unlock()
	over := c.After(most)
	for !done() {
		if f := d.next(); f != nil {
			d.guarded(f)()
			continue
		}
		select {
		case <-d.more:
			continue
		case <-over:
		}
		break
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.do = fyne.Do
	for _, f := range d.early { // before the toolkit runs, it runs them at once
		d.do(d.guarded(f))
	}
	d.early = nil
}

func (d *dispatcher) next() func() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.early) == 0 {
		return nil
	}
	f := d.early[0]
	d.early = d.early[1:]
	return f
}

// Guard runs f; a panic is logged and told calmly.
func (w *Window) Guard(what string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			w.cfg.Log.Error("panic", "op", what, "err", r, "stack", string(debug.Stack()))
			w.trouble(&vm.Panic{What: what})
		}
	}()
	f()
}

// guarded is f with Guard round it, for callbacks of widgets.
func (w *Window) guarded(what string, f func()) func() {
	return func() { w.Guard(what, f) }
}

// guarded1 is guarded for callbacks with an argument.
func guarded1[T any](w *Window, what string, f func(T)) func(T) {
	return func(v T) { w.Guard(what, func() { f(v) }) }
}
