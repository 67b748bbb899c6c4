package imapsync

import (
	"context"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/localstore"
)

// selection is the folder that is open on the connection.
type selection struct {
	name     string
	writable bool
	data     *imap.SelectData
}

// open selects a folder: by EXAMINE unless it is to be written. A folder that
// is open already is opened again only to learn its present state (fresh) or
// to write in it.
func (l *Link) open(ctx context.Context, name string, writable, fresh bool) (*imap.SelectData, error) {
	s := &l.selected
	if s.data != nil && s.name == name && !fresh && (s.writable || !writable) {
		return s.data, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, l.fault("select", err)
	}
	*s = selection{}
	l.setLimits(limits{})
	data, err := l.client.Select(name, &imap.SelectOptions{ReadOnly: !writable, CondStore: l.caps.Has(imap.CapCondStore)}).Wait()
	if err != nil {
		return nil, l.fault("select", err)
	}
	*s = selection{name, writable, data}
	return data, nil
}

// openAs selects a folder for commands by UID and checks that its UIDVALIDITY
// is the one those UIDs belong to; ok is false when it is not.
func (l *Link) openAs(ctx context.Context, rf localstore.RemoteFolder, writable bool) (ok bool, err error) {
	data, err := l.open(ctx, rf.Name, writable, false)
	if err != nil {
		return false, err
	}
	return data.UIDValidity == rf.UIDValidity, nil
}

// uidSet returns a set of these UIDs.
func uidSet(uids []uint32) imap.UIDSet {
	var set imap.UIDSet
	for _, u := range uids {
		set.AddNum(imap.UID(u))
	}
	return set
}
