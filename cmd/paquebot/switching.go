package main

import (
	"context"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/switching"
	"paquebot.app/ui/vm"
)

// PlanSwitch implements vm.Engine. Without a connection the plan says what is
// known here.
func (e windowEngine) PlanSwitch(ctx context.Context, a localstore.Account, to localstore.Mode, choice localstore.SwitchChoice) (vm.SwitchPlan, localstore.SwitchChoice, error) {
	_, offline := e.Engine.Status()
	p, chosen, err := e.Engine.FindSwitch(ctx, a, to, choice, offline)
	if fault.Is(err, fault.Online) {
		offline, err = true, nil
	}
	plan := switchPlan(p)
	plan.Offline = offline
	return plan, chosen, err
}

// switchPlan is a plan as the window knows it.
func switchPlan(p switching.Plan) vm.SwitchPlan {
	plan := vm.SwitchPlan{Here: p.Here, OnServer: p.OnServer, Recognised: p.Recognised, OnlyHere: p.OnlyHere, OnlyOnServer: p.OnlyOnServer,
		BytesToFetch: p.BytesToFetch, FreeDisk: p.FreeDisk, Waiting: p.Waiting, Stuck: p.Stuck, DeletedHere: p.DeletedHere,
		Unknown: p.Unknown, Promise: p.Promise}
	if p.Refused != nil {
		plan.Refused = *p.Refused
	}
	for _, f := range p.Folders {
		plan.Folders = append(plan.Folders, vm.SwitchFolder{Path: f.Path, Here: f.Here, Whole: f.Whole, OnServer: f.OnServer, Bytes: f.Bytes})
	}
	return plan
}
