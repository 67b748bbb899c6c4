package imapsync

import (
	"context"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// Look is a signed-in connection that only looks: it opens folders to read, and
// changes nothing there nor in any store. It shows what an account that is kept
// in another way would find on its IMAP server. It is used by one goroutine.
type Look struct{ l *Link }

// LookedFolder is a folder that can be opened.
type LookedFolder struct {
	Name        string // as the server spells it
	Path        string // ours
	UIDValidity uint32 // 0: the server does not say
	Messages    int    // -1: the server does not say
}

// LookedMail is a message that a folder lists.
type LookedMail struct {
	UID      uint32
	Size     int64
	Flags    localstore.Flags
	Keywords []string
	Arrived  int64 // Unix seconds
}

// OpenLook connects and signs in. ctx bounds the life of the connection.
func OpenLook(ctx context.Context, account localstore.Account, password string, options Options) (*Look, error) {
	l, err := signIn(ctx, account, password, options, nil)
	if err != nil {
		return nil, err
	}
	return &Look{l}, nil
}

// Close says goodbye and ends the connection.
func (k *Look) Close() {
	k.l.client.Logout()
	k.l.Close()
}

// Turns returns how many turns the connection has cost.
func (k *Look) Turns() int { return int(k.l.conn.Stats().Turns) }

// Folders returns the folders that can be opened, in the server's order.
func (k *Look) Folders(ctx context.Context) ([]LookedFolder, error) {
	l := k.l
	defer l.during(ctx)()
	data, _, err := l.listData(ctx)
	if err != nil && !damaged(err) {
		return nil, l.fault("list", err)
	}
	var all []LookedFolder
	var silent []int
	for _, d := range data {
		path, ok := pathOf(d)
		if !ok {
			continue
		}
		f := LookedFolder{Name: d.Mailbox, Path: path, Messages: -1}
		if s := told(d); s != nil {
			f.UIDValidity, f.Messages = s.UIDValidity, int(*s.NumMessages)
		} else {
			silent = append(silent, len(all))
		}
		all = append(all, f)
	}
	if len(silent) == 0 {
		return all, nil
	}
	err = l.fly(ctx, "status", func(f *flight) {
		for _, i := range silent[:min(len(silent), flightStatus)] {
			f.status(all[i].Name, &imap.StatusOptions{NumMessages: true, UIDValidity: true}, func(s *imap.StatusData, _ error) {
				if s != nil {
					all[i].UIDValidity, all[i].Messages = s.UIDValidity, int(*s.NumMessages)
				}
			})
		}
	})
	return all, err
}

// Mails opens a folder to read and returns its UIDVALIDITY and what it lists.
// complete is false where the server has listed less than it says there is.
func (k *Look) Mails(ctx context.Context, name string) (validity uint32, mails []LookedMail, complete bool, err error) {
	l := k.l
	defer l.during(ctx)()
	data, err := l.open(ctx, name, false, true)
	if err != nil || data.NumMessages == 0 {
		if err == nil {
			validity, complete = data.UIDValidity, true
		}
		return validity, nil, complete, err
	}
	var ended error
	seen := map[uint32]bool{}
	err = l.fly(ctx, "list messages", func(f *flight) {
		f.fetch(imap.UIDSet{{Start: 1}}, &imap.FetchOptions{UID: true, Flags: true, InternalDate: true, RFC822Size: true}, marksLimit, func(msg *imapclient.FetchMessageData) {
			h := readHeader(msg, &imap.FetchItemBodySection{})
			if h.uid == 0 || seen[h.uid] {
				return
			}
			seen[h.uid] = true
			l.date(&h)
			mails = append(mails, LookedMail{h.uid, h.size, h.marks.flags, h.marks.keywords, h.arrived.Unix()})
		}, func(err error) { ended = err })
	})
	if err == nil && ended != nil && !damaged(ended) {
		err = l.fault("list messages", ended)
	}
	return data.UIDValidity, mails, ended == nil && len(mails) >= int(data.NumMessages), err
}

// Headers fetches header fields of messages of the folder that was opened last:
// those that identify a mail, or, complete, all of them. take is called with
// each that came.
func (k *Look) Headers(ctx context.Context, uids []uint32, complete bool, take func(uid uint32, header []byte)) error {
	defer k.l.during(ctx)()
	section := completeHeader
	if !complete {
		section = &imap.FetchItemBodySection{Specifier: imap.PartSpecifierHeader, HeaderFields: letter.HeaderFields, Peek: true}
	}
	return k.l.sections(ctx, uids, section, func(h header) { take(h.uid, h.fields) })
}
