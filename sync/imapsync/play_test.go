package imapsync

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/imapsync/wire"
)

// step is a part of a pass.
type step func(context.Context, *Link) error

func applyStep(ctx context.Context, l *Link) error   { return l.Apply(ctx) }
func receiveStep(ctx context.Context, l *Link) error { return l.Receive(ctx) }
func bodiesStep(ctx context.Context, l *Link) error  { return l.Bodies(ctx) }

// play is a harness on which a scenario is played.
type play struct {
	*harness
	want      scenario
	timeouts  wire.Timeouts
	limits    wire.Limits
	delivered [][]byte
	hides     []string // what the server does not have
}

const (
	copied  = "letter 5"  // is there twice in the end
	wished  = "letter 11" // is asked for whole; its body is a literal of its own
	large   = "letter 10" // is asked for to be read, by its parts
	flagged = "letter 0 letter 1 letter 2"
	moved   = "letter 3 letter 4"
)

// newPlay starts a server with 12 mails in the inbox and 5 in the archive, lets
// them arrive, and changes things offline.
func newPlay(t *testing.T, want scenario, hide ...string) *play {
	p := &play{harness: newHarness(t, hide...), want: want, hides: hide}
	p.deliver("INBOX", 0, 10)
	for i, lines := range []int{11000, 1500} {
		p.user.Mailbox("INBOX").Append(append(mail(10+i), strings.Repeat("A line of a longer letter.\r\n", lines)...), fakeserver.Epoch)
	}
	p.deliver("Archive", 100, 5)
	for _, box := range p.user.Mailboxes() {
		for _, m := range box.Messages() {
			p.delivered = append(p.delivered, m.Raw)
		}
	}
	p.delivered = append(p.delivered, mail(70))
	if err := p.together(receiveStep); err != nil {
		t.Fatal(err)
	}
	archive := p.folder("Archive")
	p.write(func(tx *localstore.Tx) error {
		for _, m := range p.messages("INBOX") {
			var err error
			switch {
			case contained(flagged, m.Subject):
				err = tx.SetFlags(ids(m), localstore.Seen|localstore.Flagged, 0)
			case contained(moved, m.Subject):
				err = tx.Move(ids(m), archive)
			case m.Subject == copied:
				_, err = tx.Copy(ids(m), archive)
			case m.Subject == wished:
				err = tx.Want(m.Content, localstore.WishWhole)
			case m.Subject == large:
				err = tx.Want(m.Content, localstore.WishText)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	p.addSent(70)
	if want.quick {
		p.timeouts = wire.Timeouts{Greeting: 300 * time.Millisecond, Stall: 300 * time.Millisecond, Write: 300 * time.Millisecond}
	}
	if want.small {
		p.limits = wire.Limits{LongLine: 1 << 20, Literal: 1 << 20, Answer: 1 << 20, Unasked: 64 << 10}
	}
	return p
}

func contained(subjects, one string) bool { return strings.Contains(subjects+" ", one+" ") }

// together runs steps over one link, up to the first that fails.
func (p *play) together(steps ...step) error {
	ctx := context.Background()
	l, err := Open(ctx, p.store, p.account, "secret", Options{Clock: p.clock, Batch: 7, Log: slog.New(slog.DiscardHandler), timeouts: p.timeouts, limits: p.limits})
	if err != nil {
		return err
	}
	defer l.Close()
	for _, s := range steps {
		if err := s(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

// wait is a step that idles until the time to poll has come.
func (p *play) wait(ctx context.Context, l *Link) error {
	done := make(chan error)
	go func() { done <- l.Wait(ctx) }()
	for {
		select {
		case err := <-done:
			return err
		default:
			if p.clock.Waiters() > 0 {
				p.clock.Advance(10 * time.Minute)
			}
			runtime.Gosched()
		}
	}
}

// blamed checks what a pass under the scenario ended with.
func (p *play) blamed(pass int, err error) {
	p.Helper()
	if err == nil {
		if p.want.remedies != "" && !p.want.may && pass == 0 {
			p.Errorf("pass %d: no error", pass)
		}
		return
	}
	var f *fault.Error
	if !errors.As(err, &f) || f.Text == "" || !strings.Contains(p.want.remedies, remedies[f.Remedy]) || p.want.remedies == "" {
		p.Errorf("pass %d: %s: %v", pass, remedies[fault.Of(err).Remedy], err)
	}
}

// nothingLost fails unless every mail is on the server, and none more often
// than it must be: a move may be halfway until the end.
func (p *play) nothingLost(end bool) {
	p.Helper()
	there := map[[32]byte]int{}
	for _, box := range p.user.Mailboxes() {
		for _, m := range box.Messages() {
			if !m.Has(`\Deleted`) {
				there[sha256.Sum256(m.Raw)]++
			}
		}
	}
	takes := p.want.takes
	for i, raw := range p.delivered {
		subject, most := subjectOf(fakeserver.Message{Raw: raw}), 1
		if subject == copied || contained(moved, subject) && (!end || p.stays()) {
			most = 2
		}
		n := there[sha256.Sum256(raw)]
		switch {
		case n == 0 && i == len(p.delivered)-1: // it is here, and may not have gone yet
		case n == 0 && takes > 0:
			takes--
		case n == 0:
			p.Errorf("%s is lost", subject)
		case n > most:
			p.Errorf("%s is there %d times", subject, n)
		}
	}
}

// stays tells that a message that was moved stays where it was, too: without
// MOVE it is to be marked, and the server keeps no mark.
func (p *play) stays() bool { return p.want.ignored && slices.Contains(p.hides, "MOVE") }

// unseen tells that the server may have removed what was appended before it was
// seen there: without APPENDUID it is known by nothing, and stays here.
func (p *play) unseen() bool { return p.want.takes > 0 && slices.Contains(p.hides, "UIDPLUS") }

// everythingDone fails unless the server has what was wanted, and nothing waits.
func (p *play) everythingDone() {
	p.Helper()
	if left := p.pendings(); len(left) != 0 {
		p.Errorf("left over: %+v", left)
	}
	if !slices.Contains(p.onServer("Sent"), `letter 70 \Seen`) && !p.unseen() {
		p.Errorf("Sent: %q", p.onServer("Sent"))
	}
	p.read(func(v *localstore.View) error {
		wishes, err := v.Wishes(p.account.ID)
		for _, w := range wishes {
			if w.Error == "" { // else it waits until it is made anew
				p.Errorf("a wish is left over: %+v", w)
			}
		}
		return err
	})
	for _, m := range p.user.Mailbox("INBOX").Messages() {
		subject := subjectOf(m)
		switch {
		case contained(moved, subject) && !m.Has(`\Deleted`) && !p.want.wiped && !p.stays():
			p.Errorf("%s was not moved", subject)
		case contained(flagged, subject) && (!m.Has(`\Seen`) || !m.Has(`\Flagged`)) && !p.want.ignored && !p.want.wiped:
			p.Errorf("%s has the flags %v", subject, m.Flags)
		}
	}
}

// same fails unless the store and the server have the same mail with the same
// flags in the same folders, and every body is the server's, byte for byte.
func (p *play) same() {
	p.Helper()
	here, there := map[string][]string{}, map[string][]string{}
	for _, box := range p.user.Mailboxes() {
		name := box.Status().Name
		for _, m := range box.Messages() {
			if m.Has(`\Deleted`) {
				continue
			}
			var words []imap.Flag
			for _, f := range m.Flags {
				words = append(words, imap.Flag(f))
			}
			had := fromServer(words)
			there[name] = append(there[name], p.line(subjectOf(m), had.flags, had.keywords, fmt.Sprintf("%x", sha256.Sum256(m.Raw))))
		}
	}
	p.write(func(tx *localstore.Tx) error {
		for _, all := range p.everything() {
			for _, m := range all {
				if err := tx.Want(m.Content, localstore.WishWhole); err != nil {
					return err
				}
			}
		}
		return nil
	})
	p.pass()
	for path, all := range p.everything() {
		for _, m := range all {
			if m.Where == localstore.WhereHere && p.unseen() {
				continue
			}
			sum := "without a body"
			if m.Blob != 0 {
				sum = p.sum(m.Blob)
			}
			here[path] = append(here[path], p.line(cmp.Or(strings.TrimPrefix(m.Subject, "by another client"), "?"), m.Flags, m.Keywords, sum))
		}
	}
	for path := range there {
		if _, ok := here[path]; !ok {
			here[path] = nil
		}
	}
	for path := range here {
		slices.Sort(here[path])
		slices.Sort(there[path])
		if !slices.Equal(here[path], there[path]) {
			p.Errorf("%s:\n here %q\nthere %q", path, here[path], there[path])
		}
	}
}

// line describes a message, without flags where the server lied about them
// under a modification number that it still has.
func (p *play) line(subject string, flags localstore.Flags, keywords []string, sum string) string {
	if p.want.lied {
		return subject + " " + sum
	}
	return fmt.Sprintf("%s %v %q %s", subject, flags.Names(), keywords, sum)
}

// everything returns the messages of every folder here, by path.
func (p *play) everything() map[string][]localstore.Message {
	p.Helper()
	var folders []localstore.Folder
	p.read(func(v *localstore.View) (err error) {
		folders, err = v.Folders(p.account.ID)
		return err
	})
	all := map[string][]localstore.Message{}
	for _, f := range folders {
		if f.Total > 0 {
			all[f.Path] = p.messages(f.Path)
		}
	}
	return all
}
