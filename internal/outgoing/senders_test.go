package outgoing

import (
	"strings"
	"testing"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/intake"
	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

func (d *desk) identity(s localstore.Sender) localstore.Sender {
	d.Helper()
	if s.Account == 0 {
		s.Account = d.account
	}
	id, err := SaveSender(d.ctx, d.store, s)
	if err != nil {
		d.Fatal(err)
	}
	d.read(func(v *localstore.View) (err error) { s, err = v.Sender(id); return err })
	return s
}

func (d *desk) draft(w Writing) *letter.Draft {
	d.Helper()
	l, err := w.Draft(d.ctx, d.store)
	if err != nil {
		d.Fatal(err)
	}
	return l
}

const ordered = "From: Bo <bo@x.example>\nTo: Shop <SHOP@example.org>, mara@example.org, Cy <cy@x.example>\nSubject: Order\nMessage-ID: <o@x.example>\n\nTwo, please.\n"

// TestAnAnswerIsFromWhomItWasWrittenTo: with its name, its Reply-To and its
// signature, and to nobody of ourselves.
func TestAnAnswerIsFromWhomItWasWrittenTo(t *testing.T) {
	d := newDesk(t)
	shop := d.identity(localstore.Sender{Name: "Mara's shop", Address: "shop@example.org", ReplyTo: "Desk <desk@example.org>", Signature: "-- \nThe shop"})
	id := d.deliver(ordered)
	b, err := Reply(d.ctx, d.store, id, true)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	w, err := b.Writing(d.ctx, d.store)
	if err != nil {
		t.Fatal(err)
	}
	if b.Sender.ID != shop.ID || w.Sender != shop.ID || w.Cc != "Cy <cy@x.example>" || w.Signature != "The shop" {
		t.Errorf("%+v", w)
	}
	w.Text = "Gladly."
	n := d.queue(w, 0)
	l, raw := d.letter(n)
	if l.EnvelopeFrom != "shop@example.org" || !strings.Contains(raw, "From: Mara's shop <shop@example.org>\r\nReply-To: Desk <desk@example.org>\r\n") ||
		!strings.HasSuffix(raw, "Gladly.\r\n\r\nBo wrote:\r\n> Two, please.\r\n\r\n-- \r\nThe shop\r\n") {
		t.Errorf("from %s:\n%s", l.EnvelopeFrom, raw)
	}
	_, again, _, err := Reopen(d.ctx, d.store, n, noon)
	if err != nil || again.Sender != shop.ID || again.Signature != "The shop" || again.Text != "Gladly." || !strings.HasSuffix(again.Quote, "> Two, please.") {
		t.Errorf("opened again: %+v, %v", again, err)
	}
	other := d.deliver(strings.Replace(ordered, "SHOP@example.org", "list@x.example", 1))
	f, err := Forward(d.ctx, d.store, other)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if !f.Sender.Own || f.Draft.From.Addr != "mara@example.org" {
		t.Errorf("passed on from %v", f.Draft.From)
	}
}

// deliverFields puts a mail into the inbox of which only fields are known.
func (d *desk) deliverFields(fields string) (id localstore.MessageID) {
	d.Helper()
	d.write(func(tx *localstore.Tx) error {
		inbox, err := tx.FolderByRole(d.account, localstore.RoleInbox)
		if err != nil {
			return err
		}
		c, err := tx.AddContent(intake.FromFields(d.account, []byte(strings.ReplaceAll(fields, "\n", "\r\n"))))
		if err != nil {
			return err
		}
		id, err = tx.AddMessage(localstore.NewMessage{Folder: inbox.ID, Content: c, Arrived: noon})
		return err
	})
	return id
}

// letter returns a letter of the outbox and its bytes.
func (d *desk) letter(n localstore.OutboxID) (l localstore.Letter, raw string) {
	d.Helper()
	var id localstore.Identity
	d.read(func(v *localstore.View) (err error) {
		if l, err = v.Letter(n); err != nil {
			return err
		}
		id, err = v.Identity(l.Content)
		return err
	})
	return l, d.blob(id.Blob)
}

// TestOfAMailThatIsNotHereWholeTheMailboxIsKnown: IMAP brings the header's
// fields first.
func TestOfAMailThatIsNotHereWholeTheMailboxIsKnown(t *testing.T) {
	d := newDesk(t)
	shop := d.identity(localstore.Sender{Address: "shop@example.org"})
	id := d.deliverFields("Delivered-To: shop@example.org\nFrom: bo@x.example\nTo: list@x.example\nSubject: x\nMessage-ID: <l@x.example>\n\n")
	b, err := Reply(d.ctx, d.store, id, false)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if b.Sender.ID != shop.ID {
		t.Errorf("from %+v", b.Sender)
	}
}

func TestNewLettersBeginWithTheDefaultIdentity(t *testing.T) {
	d := newDesk(t)
	shop := d.identity(localstore.Sender{Address: "shop@example.org", Default: true, SignatureHTML: "<p>The <b>shop</b></p><script>x</script>"})
	if shop.Signature != "The shop" {
		t.Errorf("in text the signature is %q", shop.Signature)
	}
	all, err := Senders(d.ctx, d.store)
	if err != nil || len(all) != 2 || all[0].ID != shop.ID {
		t.Errorf("%+v, %v", all, err)
	}
	n := d.queue(Writing{Account: d.account, To: "bo@x.example", Text: "Hello."}, 0)
	if l, _ := d.letter(n); l.EnvelopeFrom != "shop@example.org" {
		t.Errorf("from %s", l.EnvelopeFrom)
	}
	d.write(func(tx *localstore.Tx) error { return tx.RemoveSender(shop.ID) })
	n = d.queue(Writing{Account: d.account, Sender: shop.ID, To: "bo@x.example", Text: "Hello."}, 0)
	if l, _ := d.letter(n); l.EnvelopeFrom != "mara@example.org" {
		t.Errorf("of an identity that is gone: from %s", l.EnvelopeFrom)
	}
}

func TestIdentitiesThatNobodyCanAnswer(t *testing.T) {
	d := newDesk(t)
	for name, s := range map[string]localstore.Sender{
		"none":       {},
		"no address": {Address: "shop"},
		"two":        {Address: "a@x.example, b@x.example"},
		"a header":   {Address: "a@x.example\r\nBcc: e@x.example"},
		"reply-to":   {Address: "a@x.example", ReplyTo: "nobody"},
		"long":       {Address: "a@x.example", Signature: strings.Repeat("x", mostSignature+1)},
	} {
		s.Account = d.account
		_, err := SaveSender(d.ctx, d.store, s)
		if f := fault.Of(err); f == nil || f.Cause != fault.Data || f.Remedy != fault.User {
			t.Errorf("%s: %v", name, err)
		}
	}
}
