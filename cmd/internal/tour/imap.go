package tour

import (
	"fmt"
	"paquebot.app/internal/content"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/localstore"
	"slices"
)

func (t *tour) lookByIMAP() error {
	t.title("An IMAP account: headers come, bodies when they are asked for")
	if err := t.store.Write(t.ctx, "tour", func(tx *localstore.Tx) error {
		a := t.world.WorkAccount()
		a.Policy = localstore.FetchHeaders
		_, err := tx.AddAccount(a)
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
