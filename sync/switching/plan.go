package switching

import (
	"context"
	"fmt"
	"time"

	"paquebot.app/localstore"
)

// Promise is what every plan says.
const Promise = "Nothing will be deleted or uploaded."

// Plan says what a switch will find and do. What cannot be known without the
// server is nil, and Unknown names it.
type Plan struct {
	From         localstore.Mode `json:"from"`
	To           localstore.Mode `json:"to"`
	Here         int             `json:"here"`
	OnServer     *int            `json:"on_server"`
	Recognised   *int            `json:"recognised"`
	OnlyHere     *int            `json:"only_here"`
	OnlyOnServer *int            `json:"only_on_server"`
	Folders      []FolderPlan    `json:"folders"`
	BytesToFetch *int64          `json:"bytes_to_fetch"`
	FreeDisk     *int64          `json:"free_disk"`
	Waiting      int             `json:"waiting"`      // to POP: changes that the server must be told first
	Stuck        int             `json:"stuck"`        // of these, how many the server refuses for good
	DeletedHere  int             `json:"deleted_here"` // to IMAP: mails that were deleted here and lie on the server: they are shown again
	Turns        int             `json:"-"`            // that recognising has cost
	Promise      string          `json:"promise"`
	Unknown      []string        `json:"unknown"` // sentences
	Refused      *string         `json:"refused"` // why it cannot be done
}

// FolderPlan is what a plan says of one folder.
type FolderPlan struct {
	Path     string `json:"path"`
	Here     int    `json:"here"`
	Whole    int    `json:"whole"`          // of these, here with every byte
	OnServer *int   `json:"on_server"`      // nil: not known, or the server has no such folder
	Bytes    *int64 `json:"bytes_to_fetch"` // nil: not known
	Chosen   bool   `json:"chosen"`         // its mail comes here whole
}

// ToImap plans a switch to IMAP; box is nil without a network.
func ToImap(ctx context.Context, store *localstore.Store, a localstore.Account, box Mailbox, now time.Time) (Plan, error) {
	p := Plan{From: localstore.POP, To: localstore.IMAP, Promise: Promise, Unknown: []string{}, Folders: []FolderPlan{}}
	here, err := load(ctx, store, a, localstore.SwitchChoice{Server: a.IMAP})
	if err != nil {
		return p, err
	}
	p.Here, p.DeletedHere = len(here.messages), here.deletedHere
	byPath := map[string]int{}
	if err := p.foldersHere(ctx, store, a.ID, localstore.SwitchChoice{}, byPath); err != nil {
		return p, err
	}
	if box == nil {
		p.Unknown = append(p.Unknown, "What the IMAP server holds, and what of it is here already, is not known without a connection.")
		return p, nil
	}
	folders, err := box.Folders(ctx)
	if err != nil {
		return p, err
	}
	found, err := recogniseInbox(ctx, here, box)
	if err != nil {
		return p, err
	}
	onServer, recognised := 0, len(found.bindings)+found.before
	var bytes int64
	for _, f := range folders {
		i, known := byPath[f.Path]
		if !known {
			i = len(p.Folders)
			p.Folders = append(p.Folders, FolderPlan{Path: f.Path})
		}
		row := &p.Folders[i]
		row.Chosen = true
		switch {
		case f.Path == localstore.Inbox:
			n := len(found.listing.Mails)
			size := fetchBytes(a, found.unknown, now)
			row.OnServer, row.Bytes = &n, &size
			bytes += size
		case f.Messages >= 0:
			row.OnServer = &f.Messages
			recognised += min(here.asleep[f.Name].in(f.UIDValidity), f.Messages)
		default:
			p.Unknown = append(p.Unknown, fmt.Sprintf("The server does not say how much lies in %s.", f.Path))
			continue
		}
		onServer += *row.OnServer
	}
	if len(folders) > 1 {
		p.Unknown = append(p.Unknown, "Mail in other folders than the inbox is recognised when it is listed, after the switch.")
	}
	onlyHere, onlyThere := p.Here-recognised, onServer-recognised
	p.OnServer, p.Recognised, p.OnlyHere, p.OnlyOnServer, p.BytesToFetch = &onServer, &recognised, &onlyHere, &onlyThere, &bytes
	return p, nil
}

// fetchBytes is about what an account's policy fetches of mails unasked.
func fetchBytes(a localstore.Account, mails []Listed, now time.Time) (bytes int64) {
	for _, m := range mails {
		switch a.Policy {
		case localstore.FetchAll:
			bytes += m.Size
		case localstore.FetchText:
			if m.Arrived >= now.AddDate(0, 0, -a.PolicyDays).Unix() {
				bytes += m.Size
			}
		}
	}
	return bytes
}

// ToPop plans a switch to POP; drop is nil without a network. free is how much
// room the disk has, negative where that is not known.
func ToPop(ctx context.Context, store *localstore.Store, a localstore.Account, choice localstore.SwitchChoice, drop Maildrop, free int64) (Plan, error) {
	p := Plan{From: localstore.IMAP, To: localstore.POP, Promise: Promise, Unknown: []string{}, Folders: []FolderPlan{}}
	choice.Server = a.POP
	here, err := load(ctx, store, a, choice)
	if err != nil {
		return p, err
	}
	p.Here, p.Waiting, p.Stuck = len(here.messages), here.waiting, here.stuck
	if err := p.foldersHere(ctx, store, a.ID, choice, map[string]int{}); err != nil {
		return p, err
	}
	var bytes int64
	for i := range p.Folders {
		if f := &p.Folders[i]; f.Chosen {
			bytes += *f.Bytes
		} else {
			f.Bytes = nil
		}
	}
	p.BytesToFetch = &bytes
	if here.unread > 0 {
		p.Unknown = append(p.Unknown, fmt.Sprintf("The headers of %d messages have not been read yet.", here.unread))
	}
	if free >= 0 {
		p.FreeDisk = &free
		if why := tooLittle(free, bytes); why != "" {
			p.Refused = &why
		}
	}
	if drop == nil {
		p.Unknown = append(p.Unknown, "What the POP server holds, and what of it is here already, is not known without a connection.")
		return p, nil
	}
	if why := cannotName(drop); why != "" {
		p.Refused = &why
		return p, nil
	}
	found, err := recogniseDrop(ctx, here, drop)
	if err != nil {
		return p, err
	}
	onServer, recognised := len(drop.Mails()), found.known
	onlyHere, onlyThere := p.Here-recognised, onServer-recognised
	p.OnServer, p.Recognised, p.OnlyHere, p.OnlyOnServer = &onServer, &recognised, &onlyHere, &onlyThere
	return p, nil
}

// spareDisk is what a switch leaves free for everything else.
const spareDisk = 64 << 20

// tooLittle says why a disk does not hold what is to come; "" where it does.
func tooLittle(free, bytes int64) string {
	if bytes == 0 || free >= bytes+bytes/10+spareDisk {
		return ""
	}
	return fmt.Sprintf("The disk has no room for all mail: %d MB are to come, and %d MB are free. Choose fewer folders.", bytes>>20+1, free>>20)
}

// cannotName says why nothing in a maildrop could be recognised; "" where it
// can be.
func cannotName(drop Maildrop) string {
	if drop.HasUIDL() || drop.HasTop() || len(drop.Mails()) == 0 {
		return ""
	}
	return "This POP server gives its mails no names (UIDL) and shows no headers (TOP): all mail would come a second time."
}

func (p *Plan) foldersHere(ctx context.Context, store *localstore.Store, account localstore.AccountID, choice localstore.SwitchChoice, byPath map[string]int) error {
	return store.Read(ctx, func(v *localstore.View) error {
		p.Folders = p.Folders[:0]
		folders, err := v.Folders(account)
		for _, f := range folders {
			if f.Role == localstore.RoleOutbox {
				continue
			}
			row := FolderPlan{Path: f.Path, Chosen: choice.Chosen(f)}
			var missing int64
			if row.Here, row.Whole, missing, err = v.FolderHolds(f.ID); err != nil {
				return err
			}
			row.Bytes = &missing
			byPath[f.Path] = len(p.Folders)
			p.Folders = append(p.Folders, row)
		}
		return err
	})
}
