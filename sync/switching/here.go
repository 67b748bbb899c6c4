package switching

import (
	"context"

	"paquebot.app/localstore"
)

// here is what the store knows that recognition needs.
type here struct {
	account  localstore.AccountID
	messages []localstore.Recognisable
	byID     map[localstore.MessageID]int // into messages
	inbox    localstore.FolderID

	ledger      []localstore.PopLocation         // of the open POP maildrop
	located     map[localstore.MessageID]bool    // has a place in the IMAP maildrop
	inInbox     map[uint32]localstore.MessageID  // by UID, in that maildrop's inbox
	inInboxAt   map[uint32]localstore.LocationID // likewise, where that is written
	validity    uint32                           // under which
	asleep      map[string]asleep                // by the name of its folders
	deletedHere int                              // ledger rows of mail that was deleted here
	waiting     int                              // intents
	stuck       int                              // of these, refused for good
	unread      int                              // headers that were announced and not read
}

// asleep is what a folder of a maildrop held under its UIDVALIDITY.
type asleep struct {
	validity uint32
	messages int
}

func (a asleep) in(validity uint32) int {
	if a.validity != validity {
		return 0
	}
	return a.messages
}

// load reads what is here. The maildrop of the new mode counts only where it is
// that of the server chosen.
func load(ctx context.Context, store *localstore.Store, a localstore.Account, choice localstore.SwitchChoice) (h here, err error) {
	err = store.Read(ctx, func(v *localstore.View) error {
		h = here{account: a.ID, byID: map[localstore.MessageID]int{}, inInbox: map[uint32]localstore.MessageID{}, inInboxAt: map[uint32]localstore.LocationID{}, asleep: map[string]asleep{}}
		if h.messages, err = v.Recognisables(a.ID); err != nil {
			return err
		}
		for i, m := range h.messages {
			h.byID[m.Message] = i
		}
		inbox, err := v.FolderByRole(a.ID, localstore.RoleInbox)
		if err != nil {
			return err
		}
		h.inbox = inbox.ID
		if err := h.loadDrop(v, a, choice); err != nil {
			return err
		}
		if err := h.loadMailbox(v, a, choice); err != nil {
			return err
		}
		pendings, err := v.Pendings(a.ID)
		h.waiting = len(pendings)
		for _, p := range pendings {
			if p.State == localstore.PendStuck {
				h.stuck++
			}
		}
		if err != nil || a.Mode != localstore.IMAP {
			return err
		}
		h.unread, err = v.SwitchUnread(localstore.Switch{Account: a.ID, Choice: choice})
		return err
	})
	return h, err
}

func (h *here) loadDrop(v *localstore.View, a localstore.Account, choice localstore.SwitchChoice) error {
	m, ok, err := v.MaildropOf(a.ID, localstore.POP)
	if err != nil || !ok || a.Mode == localstore.IMAP && !at(m, choice.Server) {
		return err
	}
	h.ledger, err = v.Ledger(m.ID, localstore.PopKept, localstore.PopDeleting, localstore.PopSkipped)
	for _, r := range h.ledger {
		if r.Message == 0 && r.State != localstore.PopSkipped {
			h.deletedHere++
		}
	}
	return err
}

func (h *here) loadMailbox(v *localstore.View, a localstore.Account, choice localstore.SwitchChoice) error {
	m, ok, err := v.MaildropOf(a.ID, localstore.IMAP)
	if err != nil || !ok || a.Mode == localstore.POP && !at(m, choice.Server) {
		return err
	}
	if h.located, err = v.LocatedIn(m.ID); err != nil {
		return err
	}
	halves, err := v.RemoteFolders(m.ID)
	for _, rf := range halves {
		if err != nil {
			return err
		}
		var n int
		if n, err = v.CountImapLocations(rf.ID); err != nil {
			return err
		}
		h.asleep[rf.Name] = asleep{rf.UIDValidity, n}
		if rf.Folder != h.inbox {
			continue
		}
		h.validity = rf.UIDValidity
		var all []localstore.ImapLocation
		all, err = v.ImapLocations(rf.ID)
		for _, l := range all {
			h.inInbox[l.UID], h.inInboxAt[l.UID] = l.Message, l.ID
		}
	}
	return err
}

func at(m localstore.Maildrop, s localstore.Server) bool {
	return m.Host == s.Host && m.Port == s.Port && m.User == s.User
}
