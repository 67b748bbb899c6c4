package main

import (
	"context"

	"paquebot.app/cmd/internal/profile"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
	"paquebot.app/ui/vm"
)

// windowEngine is the engine as the window knows it.
type windowEngine struct {
	*engine.Engine
	profile *profile.Profile
}

var _ vm.Engine = windowEngine{}

// Status implements vm.Engine.
func (e windowEngine) Status() (all []vm.AccountStatus, workOffline bool) {
	statuses, offline := e.Engine.Status()
	for _, s := range statuses {
		one := vm.AccountStatus{Account: s.Account, Phase: vm.Phase(s.Phase), Since: s.Since, Done: s.Done, Total: s.Total}
		if s.Fault != nil {
			one.Text = vm.Sentence(s.Fault)
			one.SignIn = s.Fault.Cause == fault.SignIn
		}
		all = append(all, one)
	}
	return all, offline
}

// Check implements vm.Engine.
func (e windowEngine) Check(ctx context.Context, a localstore.Account, password string) error {
	return engine.Check(ctx, a, password)
}

// KeepPassword implements vm.Engine.
func (e windowEngine) KeepPassword(ctx context.Context, a localstore.Account, password string) (kept bool, err error) {
	err = e.profile.Keep(ctx, a, password)
	if profile.NotKept(err) {
		return false, nil
	}
	return err == nil, err
}

// AllowFile implements vm.Engine.
func (e windowEngine) AllowFile() { e.profile.File.Allow() }
