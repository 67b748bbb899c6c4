package tour

import (
	"fmt"
	"paquebot.app/internal/content"
	"paquebot.app/internal/outgoing"
	"paquebot.app/localstore"
	"slices"
	"strings"
	"time"
	"unicode"
)

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
