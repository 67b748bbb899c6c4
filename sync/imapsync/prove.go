package imapsync

import (
	"context"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"paquebot.app/internal/intake"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// proveGroup compares the complete headers of messages that are to be moved or
// deleted and that were bound by some fields of their headers alone. It returns
// the intents that may go on. Where another mail lies under the UID nothing is
// done to it: it is received as what it is, and the message stays here. Where the
// server shows no header, or does not open the folder, the intents wait: what is
// not there any more Receive settles.
func (l *Link) proveGroup(ctx context.Context, group []localstore.Pending) ([]localstore.Pending, error) {
	if k := group[0].Kind; k != localstore.PendMove && k != localstore.PendDelete {
		return group, nil
	}
	byFolder, err := l.unproven(ctx, group)
	if err != nil {
		return nil, err
	}
	wrong := map[localstore.MessageID]bool{}
	for _, f := range byFolder {
		valid, err := l.openAs(ctx, f.rf, false)
		if refusal(err) != nil {
			f.wait(wrong)
			continue
		}
		if err != nil {
			return nil, err
		}
		if !valid {
			return nil, errRebind
		}
		seen := map[uint32]shownMail{}
		err = l.sections(ctx, f.uids(), completeHeader, func(h header) {
			l.date(&h)
			c := intake.FromHeader(l.account.ID, h.fields)
			c.Size = h.size
			seen[h.uid] = shownMail{c, h.arrived}
		})
		if refusal(err) != nil {
			f.wait(wrong)
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := l.settleProof(ctx, f, seen, wrong); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(slices.Clone(group), func(p localstore.Pending) bool { return wrong[p.Message] }), nil
}

// shownMail is what a server shows of a mail.
type shownMail struct {
	content localstore.NewContent
	arrived time.Time
}

// doubtsIn are bindings to be proven in one folder.
type doubtsIn struct {
	rf  localstore.RemoteFolder
	all []localstore.Doubtful
}

func (d *doubtsIn) uids() (uids []uint32) {
	for _, one := range d.all {
		uids = append(uids, one.UID)
	}
	return uids
}

// wait keeps the intents of all its messages from going on.
func (d *doubtsIn) wait(kept map[localstore.MessageID]bool) {
	for _, one := range d.all {
		kept[one.Message] = true
	}
}

func (l *Link) unproven(ctx context.Context, group []localstore.Pending) (byFolder []*doubtsIn, err error) {
	err = l.store.Read(ctx, func(v *localstore.View) error {
		var messages []localstore.MessageID
		for _, p := range group {
			messages = append(messages, p.Message)
		}
		all, err := v.Unproven(messages)
		if err != nil {
			return err
		}
		index := map[localstore.RemoteFolderID]*doubtsIn{}
		for _, d := range all {
			in := index[d.RemoteFolder]
			if in == nil {
				rf, mine, err := l.half(v, d.RemoteFolder)
				if err != nil {
					return err
				}
				if !mine {
					continue
				}
				in = &doubtsIn{rf: rf}
				index[d.RemoteFolder], byFolder = in, append(byFolder, in)
			}
			in.all = append(in.all, d)
		}
		return nil
	})
	return byFolder, err
}

// settleProof writes down what headers have shown. Of a message that the server
// did not answer for nothing is known: its intent waits.
func (l *Link) settleProof(ctx context.Context, in *doubtsIn, seen map[uint32]shownMail, wrong map[localstore.MessageID]bool) error {
	others := 0
	err := l.write(ctx, "imap proven", func(tx *localstore.Tx) error {
		others = 0
		for _, d := range in.all {
			mail, came := seen[d.UID]
			switch {
			case !came:
				wrong[d.Message] = true
				continue
			case mail.content.HeaderHash == d.HeaderHash:
				if err := tx.Prove(d.ID); err != nil {
					return err
				}
				continue
			}
			others++
			wrong[d.Message] = true
			if err := tx.Misbound(d.ImapLocation, mail.content, mail.arrived); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && others > 0 {
		l.count(func(r *link.Report) {
			r.Conflicts = append(r.Conflicts, "A message that you moved or deleted is not the one that lies on the server. Both are kept.")
		})
	}
	return err
}

// headersAtOnce is how many complete headers one command asks for.
const headersAtOnce = 500

// completeHeader is all of a header.
var completeHeader = &imap.FetchItemBodySection{Specifier: imap.PartSpecifierHeader, Peek: true}

// sections fetches a section of the header of messages of the open folder, many
// in a flight. take is called with each that came whole, one at a time.
func (l *Link) sections(ctx context.Context, uids []uint32, section *imap.FetchItemBodySection, take func(header)) error {
	options := &imap.FetchOptions{UID: true, InternalDate: true, RFC822Size: true, BodySection: []*imap.FetchItemBodySection{section}}
	commands := slices.Collect(slices.Chunk(uids, headersAtOnce))
	for part := range slices.Chunk(commands, flightCommands) {
		came := make(chan header, 64)
		failed := make(chan error, len(part))
		flown := make(chan error, 1)
		go func() {
			flown <- l.fly(ctx, "fetch headers", func(f *flight) {
				for _, some := range part {
					f.fetch(uidSet(some), options, headerLimit, func(msg *imapclient.FetchMessageData) {
						if h := readHeader(msg, section); h.uid != 0 && h.fields != nil {
							came <- h
						}
					}, func(err error) { failed <- err })
				}
			})
			close(came)
		}()
		for h := range came {
			take(h)
		}
		if err := <-flown; err != nil {
			return err
		}
		close(failed)
		for err := range failed {
			if err != nil && !damaged(err) {
				return l.fault("fetch headers", err)
			}
		}
	}
	return nil
}
