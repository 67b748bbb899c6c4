package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"paquebot.app/cmd/internal/demo"
	"paquebot.app/internal/content"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakesmtp"
	"paquebot.app/internal/letter"
	"paquebot.app/internal/outgoing"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
)

// errTour says that checks of the tour failed; they were printed by name.
var errTour = errors.New("the tour found something wrong")

// tour walks through the main job on the demo's servers and checks each step.
type tour struct {
	ctx    context.Context
	world  *demo.World
	out    io.Writer
	store  *localstore.Store
	engine *engine.Engine
	failed int
}

// runTour walks and returns errTour when a check failed.
func runTour(ctx context.Context, d *demo.World, out io.Writer) error {
	store, _, remove, err := temporary(ctx)
	if err != nil {
		return err
	}
	defer remove()
	t := &tour{ctx: ctx, world: d, out: out, store: store}
	t.engine = engine.New(engine.Config{Store: store, Password: demoPassword})
	for _, leg := range []func() error{t.receiveByPOP, t.workOffline, t.sendOnReturn, t.lookByIMAP, t.changeByIMAP, t.verify} {
		if err := leg(); err != nil {
			return err
		}
	}
	if t.failed > 0 {
		fmt.Fprintf(out, "\n%d checks failed.\n", t.failed)
		return silent{errTour}
	}
	fmt.Fprintln(out, "\nEvery check held.")
	return nil
}

func (t *tour) title(s string) { fmt.Fprintf(t.out, "\n%s\n", s) }

// check prints a step and counts it when it did not hold.
func (t *tour) check(name string, ok bool, detail string, args ...any) {
	mark := "ok  "
	if !ok {
		mark = "FAIL"
		t.failed++
	}
	fmt.Fprintf(t.out, "  %s  %-46s %s\n", mark, name, fmt.Sprintf(detail, args...))
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
		ids, err := idsOf(v, localstore.List{Folder: f.ID}, 0, false)
		if err != nil {
			return err
		}
		out, err = v.Messages(ids)
		return err
	})
	return out, err
}

func (t *tour) receiveByPOP() error {
	t.title("A POP account: everything comes here and leaves the server")
	sent := t.world.Home.Mailbox("INBOX").Messages()
	if err := t.store.Write(t.ctx, "tour", t.world.AddHome); err != nil {
		return err
	}
	r, err := t.pass("home")
	if err != nil {
		return err
	}
	t.check("the pass ends without an error", r.Error == nil, "%s", text(r))
	here, err := t.messages("home", localstore.Inbox)
	if err != nil {
		return err
	}
	t.check("every mail of the maildrop is here", len(here) == len(sent), "%d of %d", len(here), len(sent))
	same, err := t.sameBytes(here, sent)
	if err != nil {
		return err
	}
	t.check("byte for byte", same == len(sent), "%d of %d SHA-256 sums agree", same, len(sent))
	left := len(t.world.Home.Mailbox("INBOX").Messages())
	t.check("the maildrop is empty", left == 0, "%d left on the server", left)
	return nil
}

// sameBytes counts how many mails of the server are here with equal bytes, as
// multisets.
func (t *tour) sameBytes(here []localstore.Message, sent []fakeserver.Message) (int, error) {
	sums := map[[32]byte]int{}
	for _, m := range sent {
		sums[sha256.Sum256(m.Raw)]++
	}
	same := 0
	for _, m := range here {
		r, err := t.store.OpenBlob(t.ctx, m.Blob)
		if err != nil {
			return 0, err
		}
		h := sha256.New()
		_, err = io.Copy(h, r.Reader())
		r.Close()
		if err != nil {
			return 0, err
		}
		if sum := [32]byte(h.Sum(nil)); sums[sum] > 0 {
			sums[sum]--
			same++
		}
	}
	return same, nil
}

// replies are written while there is no network.
const replies = 5

func (t *tour) workOffline() error {
	t.title("The network goes")
	t.world.Offline()
	r, err := t.pass("home")
	if err != nil {
		return err
	}
	t.check("a pass says so and keeps everything", !r.Online && r.Error != nil && r.Error.Remedy == "online", "%s", text(r))
	here, err := t.messages("home", localstore.Inbox)
	if err != nil {
		return err
	}
	read := 0
	for _, m := range here {
		mail, err := content.Open(t.ctx, t.store, m.ID)
		if err != nil {
			return err
		}
		if mail.Readable() && strings.TrimSpace(mail.Letter.Text()) != "" {
			read++
		}
		mail.Close()
	}
	t.check("all mail can be read", read == len(here), "%d of %d", read, len(here))
	if len(here) < replies {
		return fmt.Errorf("the demo's maildrop has only %d mails", len(here))
	}
	word := searchWord(here[0].Subject)
	found, err := t.store.Search(t.ctx, localstore.ParseQuery(word, time.UTC), 50)
	if err != nil {
		return err
	}
	t.check("and found", slices.Contains(found.Messages, here[0].ID), "%q is in %d", word, len(found.Messages))
	for i := range replies {
		if err := t.reply(here[i].ID, i+1); err != nil {
			return err
		}
	}
	waiting, err := t.outbox(localstore.OutQueued)
	if err != nil {
		return err
	}
	t.check("five replies wait in the outbox", waiting == replies, "%d", waiting)
	return nil
}

// searchWord returns the longest word of a subject.
func searchWord(subject string) string {
	return slices.MaxFunc(append(strings.FieldsFunc(subject, func(r rune) bool { return !unicode.IsLetter(r) }), ""), func(a, b string) int { return len(a) - len(b) })
}

func (t *tour) reply(id localstore.MessageID, n int) error {
	b, err := outgoing.Reply(t.ctx, t.store, id, false)
	if err != nil {
		return err
	}
	defer b.Close()
	b.Draft.Text = fmt.Sprintf("Reply %d, written at sea.\n\n%s", n, b.Draft.Text)
	_, err = outgoing.Queue(t.ctx, t.store, outgoing.Letter{Account: b.Account, Draft: b.Draft, Answers: b.Answers})
	return err
}

// outbox counts the letters in a state.
func (t *tour) outbox(state localstore.OutboxState) (n int, err error) {
	err = t.store.Read(t.ctx, func(v *localstore.View) error {
		all, err := v.Outbox(0, true)
		for _, l := range all {
			if l.State == state {
				n++
			}
		}
		return err
	})
	return n, err
}

func (t *tour) sendOnReturn() error {
	t.title("The network returns")
	if err := t.world.Online(); err != nil {
		return err
	}
	if err := t.store.Write(t.ctx, "wake letters", func(tx *localstore.Tx) error {
		a, err := tx.AccountByName("home")
		if err != nil {
			return err
		}
		return tx.WakeLetters(a.ID)
	}); err != nil {
		return err
	}
	r, err := t.pass("home")
	if err != nil {
		return err
	}
	t.check("the pass ends without an error", r.Error == nil, "%s", text(r))
	order := arrivals(t.world.SMTP.Accepted())
	t.check("five letters arrived, once each, in order", slices.Equal(order, []int{1, 2, 3, 4, 5}), "%v", order)
	filed, err := t.outbox(localstore.OutFiled)
	if err != nil {
		return err
	}
	t.check("and are filed in Sent", filed == replies, "%d", filed)
	here, err := t.messages("home", localstore.Inbox)
	if err != nil {
		return err
	}
	answered := 0
	for _, m := range here {
		if m.Flags&localstore.Answered != 0 {
			answered++
		}
	}
	t.check("what they answer is marked", answered == replies, "%d answered", answered)
	again, err := t.pass("home")
	if err != nil {
		return err
	}
	t.check("one more pass sends and receives nothing twice", again.Sent == 0 && len(t.world.SMTP.Accepted()) == len(order) && again.Error == nil, "%s", text(again))
	return nil
}

// arrivals returns the numbers of the replies, in the order they were accepted.
func arrivals(letters []fakesmtp.Letter) []int {
	var order []int
	for _, l := range letters {
		var n int
		body := letter.Parse(l.Raw).Text()
		if i := strings.Index(body, "Reply "); i >= 0 {
			if _, err := fmt.Sscanf(body[i:], "Reply %d", &n); err == nil {
				order = append(order, n)
			}
		}
	}
	return order
}

func (t *tour) lookByIMAP() error {
	t.title("An IMAP account: headers come, bodies when they are asked for")
	if err := t.store.Write(t.ctx, "tour", func(tx *localstore.Tx) error {
		_, err := tx.AddAccount(t.world.WorkAccount())
		return err
	}); err != nil {
		return err
	}
	before := t.world.Work.Mailbox("INBOX").Messages()
	r, err := t.pass("work")
	if err != nil {
		return err
	}
	t.check("the pass ends without an error", r.Error == nil, "%s", text(r))
	here, err := t.messages("work", localstore.Inbox)
	if err != nil {
		return err
	}
	bodies := 0
	for _, m := range here {
		if m.Body != localstore.BodyNone {
			bodies++
		}
	}
	t.check("the headers of the inbox are here", len(here) == len(before), "%d of %d", len(here), len(before))
	t.check("and no body that nobody asked for", bodies == 0, "%d bodies", bodies)
	if len(here) == 0 {
		return nil
	}
	if err := t.store.Write(t.ctx, "tour", func(tx *localstore.Tx) error { return tx.Want(here[0].Content, localstore.WishText) }); err != nil {
		return err
	}
	if r, err = t.pass("work"); err != nil {
		return err
	}
	mail, err := content.Open(t.ctx, t.store, here[0].ID)
	if err != nil {
		return err
	}
	defer mail.Close()
	t.check("one body is fetched when it is looked at", r.Bodies == 1 && mail.Readable(), "%d fetched", r.Bodies)
	t.check("looking changed nothing on the server", unchanged(before, t.world.Work.Mailbox("INBOX").Messages()), "%d messages, flags as before", len(before))
	return nil
}

// unchanged tells whether two listings have the same messages and flags.
func unchanged(a, b []fakeserver.Message) bool {
	return slices.EqualFunc(a, b, func(x, y fakeserver.Message) bool { return x.UID == y.UID && slices.Equal(x.Flags, y.Flags) })
}

func (t *tour) changeByIMAP() error {
	t.title("Changes made offline, and by another client")
	here, err := t.messages("work", localstore.Inbox)
	if err != nil {
		return err
	}
	if len(here) < 3 {
		return fmt.Errorf("the demo's inbox has only %d mails", len(here))
	}
	mine, theirs := here[1], here[2]
	t.world.Offline()
	err = t.store.Write(t.ctx, "tour", func(tx *localstore.Tx) error {
		return tx.SetFlags([]localstore.MessageID{mine.ID}, localstore.Flagged|localstore.Seen, 0)
	})
	if err != nil {
		return err
	}
	if err := t.world.Online(); err != nil {
		return err
	}
	inbox := t.world.Work.Mailbox("INBOX")
	uid := t.uid(theirs)
	inbox.AddFlags(uid, `\Answered`, "seen-by-a-second-client")
	r, err := t.pass("work")
	if err != nil {
		return err
	}
	t.check("the pass ends without an error", r.Error == nil, "%s", text(r))
	i := slices.IndexFunc(inbox.Messages(), func(m fakeserver.Message) bool { return m.UID == t.uid(mine) })
	on := inbox.Messages()[max(i, 0)]
	t.check("flags set offline reached the server", i >= 0 && on.Has(`\Flagged`) && on.Has(`\Seen`), "%v", on.Flags)
	if here, err = t.messages("work", localstore.Inbox); err != nil {
		return err
	}
	got := here[2]
	t.check("a second client's flags reached us", got.Flags&localstore.Answered != 0 && slices.Contains(got.Keywords, "seen-by-a-second-client"), "%v %v", got.Flags.Names(), got.Keywords)
	return nil
}

// uid returns a message's UID on the server; 0 when it has none.
func (t *tour) uid(m localstore.Message) uint32 {
	var uid uint32
	_ = t.store.Read(t.ctx, func(v *localstore.View) error {
		at, err := v.ImapLocationsOf(m.ID)
		if len(at) > 0 {
			uid = at[0].UID
		}
		return err
	})
	return uid
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
