package main

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"paquebot.app/cmd/internal/profile"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// roomWanted is how much room on the disk leaves nothing to worry about, in
// bytes, whatever the accounts need.
const roomWanted = 500 << 20

// disk looks at the disk the profile lies on: how much room there is, and
// whether the mail can be kept there.
func (a *app) disk(ctx context.Context) []finding {
	dir, err := profile.Dir(a.dir)
	if err != nil {
		return []finding{{What: "disk", Text: fault.Of(err).Error(), Advice: "Name a folder with --profile."}}
	}
	var needed int64
	findings := []finding{}
	if store, err := a.open(ctx); err == nil {
		needed = a.roomNeeded(ctx)
		if f := lockFinding(store); f != nil {
			findings = append(findings, *f)
		}
	}
	free, err := profile.FreeBytes(existing(dir))
	if err != nil {
		return append(findings, finding{What: "disk", Text: "how much room there is cannot be told: " + err.Error(), Advice: "Look whether the disk of " + dir + " is there."})
	}
	return append([]finding{room(free, needed)}, findings...)
}

// room judges the free bytes of a disk by what is still to be fetched.
func room(free, needed int64) finding {
	f := finding{What: "disk", OK: free >= max(roomWanted, needed), Text: size(free) + " free"}
	switch {
	case free < needed:
		f.Text += ", and an account has " + size(needed) + " still to come"
		f.Advice = "Make room, or give the account another --policy; mail that finds no room waits on the server."
	case !f.OK:
		f.Advice = "Make room: mail that finds none waits on the server, and letters cannot be written."
	}
	return f
}

// lockFinding tells of a disk on which no mail can be carried; nil for one on
// which it can, be it by another process.
func lockFinding(store *localstore.Store) *finding {
	release, err := store.Lock()
	switch {
	case err == nil:
		release()
		return nil
	case fault.Is(err, fault.Later):
		return &finding{What: "engine", OK: true, Text: fault.Of(err).Text}
	}
	return &finding{What: "engine", Text: fault.Of(err).Error(), Advice: "Until then mail can be read, and none is received or sent."}
}

// roomNeeded returns how many bytes the account with the most to come has still
// to fetch by its policy, as far as sizes are known.
func (a *app) roomNeeded(ctx context.Context) (most int64) {
	err := a.read(ctx, func(v *localstore.View) error {
		most = 0
		accounts, err := v.Accounts()
		for _, account := range accounts {
			folders, err := v.Fetching(account)
			if err != nil {
				return err
			}
			after, err := v.FullAfter(account.ID)
			if err != nil {
				return err
			}
			var sum int64
			for _, f := range folders {
				if f.Policy != localstore.FetchAll {
					continue
				}
				missing, err := v.Bodiless(f.Folder, time.Time{}, after, 1<<20)
				if err != nil {
					return err
				}
				for _, m := range missing {
					sum += m.Size
				}
			}
			if account.Quota > 0 {
				sum = min(sum, account.Quota)
			}
			most = max(most, sum)
		}
		return err
	})
	if err != nil {
		return 0 // what is wrong with the database is said where it is looked at
	}
	return most
}

// existing returns the nearest folder above dir that is there.
func existing(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}
