package imapsync

import (
	"context"

	"paquebot.app/localstore"
)

// toRead returns the folders whose headers are fetched: all but those whose
// policy is none and that nobody has opened lately. During a switch of the
// account they are read too: to POP their mail comes here first, and after one
// to IMAP it is to be known again.
func (l *Link) toRead(ctx context.Context, halves []localstore.RemoteFolder, found []listed) (read []localstore.RemoteFolder, of []listed, err error) {
	reads := map[localstore.FolderID]bool{}
	err = l.store.Read(ctx, func(v *localstore.View) error {
		switching, err := l.switching(v)
		if err != nil {
			return err
		}
		all, err := v.Fetching(l.account)
		for _, f := range all {
			reads[f.Folder] = switching || f.Reads(l.now())
		}
		return err
	})
	for i, rf := range halves {
		if reads[rf.Folder] {
			read, of = append(read, rf), append(of, found[i])
		} else {
			l.unread(found[i])
		}
	}
	return read, of, err
}

// switching tells whether a switch of the account is under way for which all of
// its folders are to be read.
func (l *Link) switching(v *localstore.View) (bool, error) {
	s, open, err := v.OpenSwitch(l.account.ID)
	if err != nil || !open || s.Choice.Paused {
		return false, err
	}
	return s.Begun() || s.To == localstore.POP, nil
}
