package imapsync

import (
	"context"

	"paquebot.app/localstore"
)

// toRead returns the folders whose headers are fetched: all but those whose
// policy is none and that nobody has opened lately.
func (l *Link) toRead(ctx context.Context, halves []localstore.RemoteFolder, found []listed) (read []localstore.RemoteFolder, of []listed, err error) {
	reads := map[localstore.FolderID]bool{}
	err = l.store.Read(ctx, func(v *localstore.View) error {
		all, err := v.Fetching(l.account)
		for _, f := range all {
			reads[f.Folder] = f.Reads(l.now())
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
