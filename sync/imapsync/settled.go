package imapsync

import (
	"fmt"

	"paquebot.app/localstore"
)

// deletedElsewhere ends the user's wish to delete a folder that the server has
// no more.
func (l *Link) deletedElsewhere(tx *localstore.Tx, folder localstore.FolderID) error {
	pendings, err := tx.Pendings(l.account.ID)
	if err != nil {
		return err
	}
	for _, p := range pendings {
		if p.Kind == localstore.PendFolderDelete && p.Target == folder {
			return tx.PendingDone(p)
		}
	}
	return nil
}

// droppedWords tells that messages are gone to which the user had done something
// that the server had not heard of.
func droppedWords(n int) string {
	if n == 1 {
		return "A message that you changed was deleted on the server meanwhile. If it was here whole, search finds it for 30 days."
	}
	return fmt.Sprintf("%d messages that you changed were deleted on the server meanwhile. Search finds those that were here whole for 30 days.", n)
}

// unseenWords tells of messages that the server took and that are in none of its
// folders: somebody deleted them at once, or it did not keep what it took.
func unseenWords(n int) string {
	if n == 1 {
		return "A message that was put on the server is not there: it was deleted at once, or never kept. It stays on this computer. Upload it to put it there again."
	}
	return fmt.Sprintf("%d messages that were put on the server are not there: they were deleted at once, or never kept. They stay on this computer. Upload them to put them there again.", n)
}
