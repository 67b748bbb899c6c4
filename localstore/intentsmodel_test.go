package localstore

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// modelled is what one message has to be, in the plainest way.
type modelled struct {
	id     MessageID
	shown  Flags
	folder FolderID
	gone   bool

	// What the server has.
	base Flags
	at   FolderID
	uid  uint32
	lost bool

	set, clear Flags // what the intent has to say: the user's bits, until confirmed
}

// owe says what is to be said after the user or the server did something.
func (m *modelled) owe() { m.set, m.clear = m.shown&^m.base, m.base&^m.shown }

// Whatever the user does in whatever order, with answers of the server in
// between: what is shown is what the user did last; only what the server lacks
// is pending; and when all is applied, server and store are the same.
func TestIntentHistories(t *testing.T) {
	profile := newFixture(t, IMAP)
	accounts := 0
	rapid.Check(t, func(r *rapid.T) {
		accounts++
		f := profile.another(fmt.Sprint("Account ", accounts))
		folders := []FolderID{f.inbox, f.archive, f.trash}
		uid := uint32(10)
		var all []*modelled
		for i := range 3 {
			id, _ := f.bind(f.inbox, uint32(i+1), f.content())
			all = append(all, &modelled{id: id, folder: f.inbox, at: f.inbox, uid: uint32(i + 1)})
		}
		flag := rapid.SampledFrom([]Flags{Seen, Flagged, Answered, Seen | Flagged})
		var told []Pending // what an answer is outstanding for
		confirm := func(p Pending) {
			i := slices.IndexFunc(all, func(m *modelled) bool { return m.id == p.Message })
			m := all[i]
			if m.lost {
				return
			}
			f.write(func(tx *Tx) error {
				switch p.Kind {
				case PendFlags:
					m.base = m.base&^p.Clear | p.Set
					m.owe()
				case PendMove:
					uid++
					m.at, m.uid = p.Target, uid
					if _, ok, err := tx.subject(m.id); err != nil || !ok {
						return err
					}
					if err := tx.Rebind(m.id, ImapLocation{RemoteFolder: f.remoteIn(tx, p.Target), UIDValidity: 7, UID: uid, BaseFlags: m.base}); err != nil {
						return err
					}
				case PendDelete:
					m.lost = true
				}
				return tx.PendingDone(p)
			})
		}
		check := func() {
			pending := f.pendings(f.account)
			for _, m := range all {
				of := map[PendingKind]Pending{}
				for _, p := range pending {
					if p.Message == m.id {
						of[p.Kind] = p
					}
				}
				if m.gone && m.lost {
					if !f.gone(m.id) {
						r.Fatal("deleted on the server, it is here")
					}
					continue
				}
				got := f.message(m.id)
				if m.gone {
					if len(of) != 1 || of[PendDelete].Source != m.at || got.State != Deleted {
						r.Fatalf("deleted: %+v of %+v", of, got)
					}
					continue
				}
				if got.Flags != m.shown || got.Folder != m.folder || got.State != Shown {
					r.Fatalf("shown are %v in %d, want %v in %d", got.Flags.Names(), got.Folder, m.shown.Names(), m.folder)
				}
				p, has := of[PendFlags]
				if m.base&^p.Clear|p.Set != m.shown || p.Set != m.set || p.Clear != m.clear || has != (m.set|m.clear != 0) {
					r.Fatalf("flags %+v lead from %v to %v?", p, m.base.Names(), m.shown.Names())
				}
				p, has = of[PendMove]
				if has != (m.at != m.folder) || has && (p.Source != m.at || p.Target != m.folder) {
					r.Fatalf("move %+v leads from %d to %d?", p, m.at, m.folder)
				}
			}
		}
		steps := rapid.IntRange(1, 20).Draw(r, "steps")
		for range steps {
			m := rapid.SampledFrom(all).Draw(r, "message")
			one := []MessageID{m.id}
			switch rapid.SampledFrom([]string{"flags", "flags", "move", "move", "delete", "now", "tell", "answer", "answer", "server", "cancel"}).Draw(r, "step") {
			case "flags":
				set, clear := flag.Draw(r, "set"), flag.Draw(r, "clear")
				f.write(func(tx *Tx) error { return tx.SetFlags(one, set, clear) })
				if !m.gone {
					if after := m.shown&^clear | set; after != m.shown {
						m.shown = after
						m.owe()
					}
				}
			case "move":
				to := rapid.SampledFrom(folders).Draw(r, "to")
				f.write(func(tx *Tx) error { return tx.Move(one, to) })
				if !m.gone {
					m.folder = to
				}
			case "delete":
				f.write(func(tx *Tx) error { return tx.Delete(one) })
				m.gone = m.gone || m.folder == f.trash
				m.folder = f.trash
			case "now":
				f.write(func(tx *Tx) error { return tx.DeleteNow(one) })
				m.gone = true
			case "tell": // one command at a time is under way for a message
				for _, p := range f.duePendings() {
					if !slices.ContainsFunc(told, func(q Pending) bool { return q.Message == p.Message }) {
						told = append(told, p)
						break
					}
				}
			case "answer":
				if len(told) > 0 {
					confirm(told[0])
					told = told[1:]
				}
			case "server": // another client
				if m.lost || slices.ContainsFunc(told, func(p Pending) bool { return p.Message == m.id }) {
					continue
				}
				flags := flag.Draw(r, "other client's")
				f.write(func(tx *Tx) error {
					at, err := tx.ImapLocationsOf(m.id)
					if err != nil {
						return err
					}
					return tx.SetBase(at[0].ID, flags, nil, 0)
				})
				m.shown, m.base = flags&^m.clear|m.set, flags
			case "cancel":
				waiting := f.pendings(f.account)
				if len(waiting) == 0 || len(told) > 0 {
					continue
				}
				p := rapid.SampledFrom(waiting).Draw(r, "cancelled")
				f.write(func(tx *Tx) error { return tx.CancelPending(p.ID) })
				for _, m := range all {
					if m.id != p.Message {
						continue
					}
					switch p.Kind {
					case PendFlags:
						m.shown = m.base
						m.owe()
					case PendMove:
						m.folder = m.at
					case PendDelete: // what was pending before is taken back with it
						m.gone, m.folder = false, m.at
						m.shown = m.base
						m.owe()
					}
				}
			}
			check()
		}
		for len(told) > 0 {
			confirm(told[0])
			told = told[1:]
			check()
		}
		for due := f.duePendings(); len(due) > 0; due = f.duePendings() {
			confirm(due[0])
			check()
		}
		if left := f.pendings(f.account); len(left) != 0 {
			r.Fatalf("left: %+v", left)
		}
		f.read(func(v *View) error { return v.CheckCounts() })
	})
}

// another is the fixture with one more IMAP account.
func (f *fixture) another(name string) *fixture {
	f.t.Helper()
	second := *f
	g := &second
	g.write(func(tx *Tx) (err error) {
		if g.account, err = tx.AddAccount(Account{Name: name, Mode: IMAP}); err != nil {
			return err
		}
		m, err := tx.OpenMaildrop(g.account, IMAP, "mail.example.org", 993, name)
		g.drop = m.ID
		return err
	})
	g.inbox, g.trash, g.archive = g.role(RoleInbox), g.role(RoleTrash), g.role(RoleArchive)
	for _, folder := range []FolderID{g.inbox, g.trash, g.archive} {
		g.remote(folder)
	}
	return g
}
