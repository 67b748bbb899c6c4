package main

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	"paquebot.app/cmd/internal/demo"
	"paquebot.app/cmd/internal/profile"
	"paquebot.app/internal/clock"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
	"paquebot.app/ui"
	"paquebot.app/ui/theme"
)

// stopTime is how long the end of the program waits for connections to close.
const stopTime = 2 * time.Second

// app is the running program.
type app struct {
	ctx     context.Context
	cancel  context.CancelFunc
	options options
	profile *profile.Profile
	engine  *engine.Engine
	arrived arrived
	fyne    fyne.App
	window  *ui.Window

	mu    sync.Mutex
	world *demo.World
	work  sync.WaitGroup
}

func newApp(ctx context.Context, cancel context.CancelFunc, o options, p *profile.Profile) *app {
	a := &app{ctx: ctx, cancel: cancel, options: o, profile: p}
	a.engine = engine.New(engine.Config{Store: p.Store, Password: a.password, Clock: clock.System, Log: p.Log, Progress: a.arrived.note,
		Free: func() (int64, error) { return profile.FreeBytes(p.Store.Dir()) }})
	if o.offline {
		a.engine.WorkOffline(true)
	}
	return a
}

// run shows the window until it is closed.
func (a *app) run() error {
	a.fyne = fyneapp.NewWithID("app.paquebot")
	a.fyne.SetIcon(theme.AppIcon())
	theme.Install(a.fyne, a.options.theme)
	elsewhere := new(atomic.Bool)
	elsewhere.Store(carriedElsewhere(a.profile.Store))
	config := ui.Config{
		App: a.fyne, Store: a.profile.Store, Clock: clock.System, Zone: time.Local, Log: a.profile.Log,
		Engine: windowEngine{a.engine, a.profile, elsewhere, &a.arrived}, Views: views(), Leaving: func() { go a.insist() },
	}
	if !a.options.demo {
		config.Demo = a.openDemo
	}
	a.window = ui.New(config)
	if !elsewhere.Load() {
		a.work.Go(a.window.Env().SweepCopies)
	}
	if a.options.demo {
		if err := a.startDemo(a.ctx); err != nil {
			return err
		}
	}
	a.window.Start()
	a.work.Go(a.carry)
	go a.heed()
	a.window.Show()
	a.fyne.Run()
	return a.stop()
}

// carry runs the engine. Where another process has the lock, this window reads
// and leaves intents, and takes over when that process ends.
func (a *app) carry() {
	if err := a.engine.Run(a.ctx); err != nil && a.ctx.Err() == nil {
		a.profile.Log.Error("engine stopped", "err", err)
		a.window.Env().Failed("engine", err)
	}
}

// heed ends the program in order when the system asks for it.
func (a *app) heed() {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, os.Interrupt, syscall.SIGTERM)
	select {
	case <-asked:
		a.window.Quit()
	case <-a.ctx.Done():
	}
}

// insistTime is how long the toolkit may take to end.
const insistTime = 5 * time.Second

// insist ends the program where the toolkit does not: what is queued for its
// goroutine in the moment it stops waits for ever (Fyne 2.8, runGL), and
// without a window the program would go on holding the profile.
func (a *app) insist() {
	select {
	case <-a.ctx.Done(): // stop has begun
	case <-clock.System.After(insistTime):
		if err := a.stop(); err != nil {
			a.profile.Log.Error("closing", "err", err)
		}
		os.Exit(0)
	}
}

// stop closes everything, within a bounded time: what is not closed by then
// ends with the process, which loses nothing.
func (a *app) stop() error {
	a.cancel()
	closed := make(chan error, 1)
	go func() {
		a.window.Close()
		a.work.Wait()
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.world != nil {
			a.world.Close()
		}
		closed <- a.profile.Close()
	}()
	select {
	case err := <-closed:
		return err
	case <-clock.System.After(stopTime):
		return nil
	}
}

// password finds the password of an account; those of the demo are known.
func (a *app) password(ctx context.Context, account localstore.Account) (string, error) {
	a.mu.Lock()
	world := a.world
	a.mu.Unlock()
	if world != nil && (account.SecretRef == world.WorkAccount().SecretRef || account.SecretRef == world.HomeAccount().SecretRef) {
		return demo.Password, nil
	}
	return a.profile.Password(ctx, account)
}

// openDemo opens the demo as a program of its own, so that nothing of it comes
// into the user's profile, and ends this one.
func (a *app) openDemo(context.Context) error {
	self, err := os.Executable()
	if err == nil {
		args := []string{"--demo"}
		switch a.options.theme {
		case theme.Light:
			args = append(args, "--theme", "light")
		case theme.Dark:
			args = append(args, "--theme", "dark")
		}
		err = exec.Command(self, args...).Start()
	}
	if err != nil {
		return &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Settings, Op: "demo", Text: "The demo could not be opened. “paquebot --demo” opens it from a terminal.", Err: err}
	}
	fyne.Do(a.fyne.Quit)
	return nil
}

// startDemo starts the demo's servers and adds its accounts.
func (a *app) startDemo(ctx context.Context) error {
	world, err := demo.Start(clock.System)
	if err != nil {
		return err
	}
	if err := world.AddAccounts(ctx, a.profile.Store); err != nil {
		world.Close()
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.world = world
	return nil
}
