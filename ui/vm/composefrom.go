package vm

import (
	"context"
	"slices"

	"paquebot.app/internal/letter"
	"paquebot.app/internal/outgoing"
	"paquebot.app/localstore"
)

// senders are whom letters can go out from: identities of accounts that have a
// server for sending, and what those servers take.
type senders struct {
	accounts map[localstore.AccountID]localstore.Account
	all      []localstore.Sender
	limits   map[localstore.AccountID]int64 // bytes of a letter, as far as the server has said
}

// senders reads whom letters can go out from.
func (e *Env) senders(ctx context.Context) (senders, error) {
	s := senders{accounts: map[localstore.AccountID]localstore.Account{}, limits: map[localstore.AccountID]int64{}}
	err := e.Store.Read(ctx, func(v *localstore.View) error {
		accounts, err := v.Accounts()
		if err != nil {
			return err
		}
		for _, a := range accounts {
			if a.SMTP.Host == "" {
				continue
			}
			s.accounts[a.ID] = a
			limit, known, err := v.SubmissionLimit(a.ID)
			if err != nil {
				return err
			}
			if known {
				s.limits[a.ID] = limit
			}
		}
		s.all, err = v.Senders(0)
		return err
	})
	s.all = slices.DeleteFunc(s.all, func(one localstore.Sender) bool { _, ok := s.accounts[one.Account]; return !ok })
	return s, err
}

// sender is the index of the identity that the letter goes from; -1: of none.
func (c *Composer) sender() int {
	at := slices.IndexFunc(c.senders.all, func(s localstore.Sender) bool { return s.Account == c.w.Account && s.ID == c.w.Sender })
	if at < 0 {
		at = slices.IndexFunc(c.senders.all, func(s localstore.Sender) bool { return s.Account == c.w.Account && s.Default })
	}
	return at
}

// From returns the addresses the letter can go from and the chosen one, -1
// when none is.
func (c *Composer) From() (names []string, at int) {
	for _, s := range c.senders.all {
		names = append(names, outgoing.Address(s).String())
	}
	return names, c.sender()
}

// SetFrom chooses where the letter goes from. It gets that one's signature,
// unless the one before was left out.
func (c *Composer) SetFrom(at int) {
	was := c.sender()
	if c.busy || at < 0 || at >= len(c.senders.all) || at == was {
		return
	}
	unsigned := was >= 0 && c.w.Signature == "" && c.senders.all[was].Signature != ""
	if c.w.SendFrom(c.senders.all[at]); unsigned {
		c.w.Signature = ""
	}
	c.problems[FieldFrom] = ""
	c.touch()
	c.Changed()
}

// Signature is what goes out below the letter; "" for nothing.
func (c *Composer) Signature() string { return letter.CleanSignature(c.w.Signature) }

// DropSignature leaves the signature out; the undo brings it back.
func (c *Composer) DropSignature() {
	was := c.w.Signature
	if c.busy || was == "" {
		return
	}
	set := func(s string) {
		if !c.closed && !c.busy {
			c.w.Signature = s
			c.touch()
			c.Changed()
		}
	}
	set("")
	c.desk.Said("Signature left out", "Undo", func() { set(was) })
}

func (c *Composer) loadSenders() {
	c.env.Go("senders", func(ctx context.Context) func() {
		s, err := c.env.senders(ctx)
		if err != nil {
			c.env.Failed("senders", err)
			return nil
		}
		return func() {
			if !c.closed {
				c.setSenders(s)
				c.Changed()
			}
		}
	})
}

// setSenders takes the identities there are now. An account that was removed
// took the draft with it or moved it: then the words are saved again.
func (c *Composer) setSenders(s senders) {
	c.senders = s
	if _, ok := s.accounts[c.w.Account]; ok {
		return
	}
	if !c.touched && c.draft == 0 && len(s.all) > 0 {
		c.w.SendFrom(s.all[0])
		c.problems[FieldFrom] = ""
		return
	}
	problem := "The account this was written in is gone. Your words are kept; choose another account to send them from."
	if len(s.all) == 0 {
		problem = "No account can send letters yet. Your words are kept here until one can."
	}
	if c.problems[FieldFrom] == problem {
		return
	}
	c.problems[FieldFrom] = problem
	if c.touched || c.draft != 0 {
		c.touch()
		c.Save()
	}
}

// bigLetter is the size from which many servers refuse a letter.
const bigLetter = 25_000_000

// Weight says that the letter is larger than its server takes, or than many
// servers do; "" where it is not.
func (c *Composer) Weight() string {
	total := int64(0)
	for _, f := range c.files {
		total += f.file.Size * 138 / 100 // in Base64, with line breaks
	}
	for _, p := range c.w.Pictures {
		total += p.Size * 138 / 100
	}
	limit, named := c.senders.limits[c.w.Account]
	switch {
	case named && total > limit:
		return "With these files the letter has about " + size(total) + ", and " + c.senders.accounts[c.w.Account].SMTP.Host + " takes " + size(limit) + " at most."
	case !named && total > bigLetter:
		return "With these files the letter has about " + size(total) + ". Many servers refuse letters of more than " + size(bigLetter) + "."
	}
	return ""
}
