package vm

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/localstore"
)

// Env is what every model works with. It does not change once models use it.
type Env struct {
	Ctx      context.Context // ends with the window; nothing is begun after that
	Store    *localstore.Store
	Dispatch Dispatcher
	Clock    clock.Clock
	Zone     *time.Location // in which dates are shown
	Log      *slog.Logger
	// Trouble is told, on the window's goroutine, of what went wrong where
	// nobody waits for an answer. It may be nil.
	Trouble func(err error)

	work   sync.WaitGroup
	copies copies
}

// Go runs f on another goroutine, and what f returns, if anything, on the
// window's own. A panic of f is caught and told as trouble.
func (e *Env) Go(what string, f func(ctx context.Context) (then func())) {
	e.work.Go(func() { e.run(what, f) })
}

// Wait returns when everything that Go began has ended.
func (e *Env) Wait() { e.work.Wait() }

func (e *Env) run(what string, f func(ctx context.Context) (then func())) {
	defer func() {
		if r := recover(); r != nil {
			e.Log.Error("panic", "op", what, "err", r, "stack", string(debug.Stack()))
			e.trouble(&Panic{what})
		}
	}()
	if e.Ctx.Err() != nil {
		return
	}
	if then := f(e.Ctx); then != nil && e.Ctx.Err() == nil {
		e.Dispatch.Do(then)
	}
}

// Failed tells of an error that nobody waits for. The end of the window is
// none, nor is what was given up.
func (e *Env) Failed(what string, err error) {
	if err == nil || e.Ctx.Err() != nil || errors.Is(err, context.Canceled) {
		return
	}
	e.Log.Error("window", "op", what, "err", err)
	e.trouble(err)
}

func (e *Env) trouble(err error) {
	if e.Trouble != nil {
		e.Dispatch.Do(func() { e.Trouble(err) })
	}
}

// Panic is a defect of ours that was caught.
type Panic struct{ What string }

// Error implements error.
func (p *Panic) Error() string {
	return "Something went wrong in the window (" + p.What + "). Nothing is lost; the log has the details."
}

// serial runs jobs one after the other on one goroutine, urgent ones first. As
// each reads the store afresh and dispatches in its turn, what the window
// shows never goes back in time.
type serial struct {
	env           *Env
	what          string
	mu            sync.Mutex
	urgent, later []func(ctx context.Context) func()
	running       bool
}

func (s *serial) do(urgent bool, job func(ctx context.Context) (then func())) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if urgent {
		s.urgent = append(s.urgent, job)
	} else {
		s.later = append(s.later, job)
	}
	if !s.running {
		s.running = true
		s.env.work.Go(s.drain)
	}
}

func (s *serial) next() func(ctx context.Context) func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := &s.urgent
	if len(*q) == 0 {
		q = &s.later
	}
	if len(*q) == 0 {
		s.running = false
		return nil
	}
	job := (*q)[0]
	*q = (*q)[1:]
	return job
}

func (s *serial) drain() {
	for job := s.next(); job != nil; job = s.next() {
		s.env.run(s.what, job)
	}
}
