package ui

import (
	"runtime/debug"
	"sync/atomic"

	"paquebot.app/ui/vm"
)

// dispatcher runs functions on the goroutine that owns the window.
type dispatcher struct {
	guard  func(what string, f func())
	closed atomic.Bool // the toolkit runs what comes later on any goroutine
	do     func(func())
}

// Do implements vm.Dispatcher.
func (d *dispatcher) Do(f func()) {
	if d.closed.Load() {
		return
	}
	d.do(func() {
		if !d.closed.Load() {
			d.guard("answer", f)
		}
	})
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
