// Package tour walks through the main job on the demo's servers and checks every
// step against what the servers themselves say.
package tour

import (
	"context"
	"errors"
	"fmt"
	"io"

	"paquebot.app/cmd/internal/demo"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
)

// ErrFailed says that checks failed; they were printed by name.
var ErrFailed = errors.New("the tour found something wrong")

// Check is a step of the walk, and whether it held.
type Check struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

// tour walks through the main job on the demo's servers and checks each step.
type tour struct {
	ctx    context.Context
	world  *demo.World
	out    io.Writer
	store  *localstore.Store
	engine *engine.Engine
	checks []Check
}

// Walk walks over an empty store and prints each check to out. It returns them
// all, with ErrFailed when one did not hold, or those it came to and another
// error when the walk could not go on.
func Walk(ctx context.Context, d *demo.World, store *localstore.Store, out io.Writer) ([]Check, error) {
	t := &tour{ctx: ctx, world: d, out: out, store: store}
	t.engine = engine.New(engine.Config{Store: store, Password: demo.GivePassword})
	for _, leg := range []func() error{t.receiveByPOP, t.workOffline, t.sendOnReturn, t.lookByIMAP, t.changeByIMAP, t.verify} {
		if err := leg(); err != nil {
			return t.checks, err
		}
	}
	failed := 0
	for _, c := range t.checks {
		if !c.OK {
			failed++
		}
	}
	if failed > 0 {
		fmt.Fprintf(out, "\n%d checks failed.\n", failed)
		return t.checks, ErrFailed
	}
	fmt.Fprintln(out, "\nEvery check held.")
	return t.checks, nil
}

func (t *tour) title(s string) { fmt.Fprintf(t.out, "\n%s\n", s) }

// check prints a step and notes whether it held.
func (t *tour) check(name string, ok bool, detail string, args ...any) {
	mark := "ok  "
	if !ok {
		mark = "FAIL"
	}
	c := Check{name, ok, fmt.Sprintf(detail, args...)}
	t.checks = append(t.checks, c)
	fmt.Fprintf(t.out, "  %s  %-46s %s\n", mark, c.Name, c.Detail)
}

// account reads an account by name.
func (t *tour) account(name string) (a localstore.Account, err error) {
	err = t.store.Read(t.ctx, func(v *localstore.View) error {
		a, err = v.AccountByName(name)
		return err
	})
	return a, err
}

// pass runs one pass over an account and indexes what came.
func (t *tour) pass(name string) (engine.Report, error) {
	a, err := t.account(name)
	if err != nil {
		return engine.Report{}, err
	}
	r := t.engine.Pass(t.ctx, a)
	return r, t.engine.IndexAll(t.ctx)
}

// messages returns the messages of a folder, newest first.
func (t *tour) messages(account, path string) (out []localstore.Message, err error) {
	a, err := t.account(account)
	if err != nil {
		return nil, err
	}
	err = t.store.Read(t.ctx, func(v *localstore.View) error {
		f, err := v.FolderByPath(a.ID, path)
		if err != nil {
			return err
		}
		ids, _, err := v.MessageIDs(localstore.List{Folder: f.ID}, 0, f.Total)
		if err != nil {
			return err
		}
		out, err = v.Messages(ids)
		return err
	})
	return out, err
}

func (t *tour) verify() error {
	t.title("Verify")
	report, err := t.store.Verify(t.ctx, nil)
	if err != nil {
		return err
	}
	t.check("nothing is damaged", len(report.Damaged) == 0, "%d bodies rehashed, %d damaged", report.Checked, len(report.Damaged))
	return nil
}

// text says what a pass did.
func text(r engine.Report) string {
	s := fmt.Sprintf("received %d, sent %d, applied %d, fetched %d, removed %d", r.Received, r.Sent, r.Applied, r.Bodies, r.Removed)
	if r.Error != nil {
		s += ": " + r.Error.Text
	}
	return s
}
