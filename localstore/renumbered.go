package localstore

import (
	"fmt"
	"maps"
	"slices"
)

// unrecognisedWords say why a folder is paused that a server numbered anew.
const unrecognisedWords = "The server numbered this folder anew, and %d of %d messages were not found in it again. They stay here until you decide."

var oldLocationsIn = onMail(locationColumns + `WHERE l.remote_folder_id = ?1 AND l.uidvalidity < ?2 AND l.gone_at = 0
	UNION ALL ` + locationColumns + `WHERE l.remote_folder_id = ?1 AND l.uidvalidity > ?2 AND l.gone_at = 0`)

// OldImapLocations returns the locations of a folder under its earlier
// UIDVALIDITYs that VanishLocations has not settled.
func (v *View) OldImapLocations(rf RemoteFolderID, uidvalidity uint32) ([]ImapLocation, error) {
	return collect(v.session, oldLocationsIn, scanLocation, rf, uidvalidity)
}

var renumberedOf = onMail(`SELECT EXISTS (SELECT 1 FROM imap_locations l
	JOIN remote_folders r ON r.id = l.remote_folder_id AND r.uidvalidity <> l.uidvalidity
	JOIN maildrops d ON d.id = r.maildrop_id JOIN accounts a ON a.id = d.account_id
	WHERE l.message_id = ? AND l.gone_at = 0 AND d.closed_at = 0 AND d.protocol = a.mode)`)

// Renumbered tells whether a message lay in a folder that has another
// UIDVALIDITY now, and whether it lies there still is not settled.
func (v *View) Renumbered(message MessageID) (waits bool, err error) {
	_, err = v.one(renumberedOf, []any{&waits}, message)
	return waits, err
}

// renumbering is what became of the messages of a folder whose UIDVALIDITY
// changed. A message may have locations of several earlier ones.
type renumbering struct {
	folder  FolderID
	all     map[MessageID]bool
	missing map[MessageID]bool
	losses  []loss // of those that are missing
}

type renumberings map[RemoteFolderID]*renumbering

// count adds a message that was there before.
func (r renumberings) count(l loss) {
	rf := l.location.RemoteFolder
	if r[rf] == nil {
		r[rf] = &renumbering{l.listed, map[MessageID]bool{}, map[MessageID]bool{}, nil}
	}
	r[rf].all[l.location.Message] = true
}

// missed adds a message that was not recognised.
func (r renumberings) missed(l loss) {
	of := r[l.location.RemoteFolder]
	of.missing[l.location.Message] = true
	of.losses = append(of.losses, l)
}

// settleRenumbered ends a change of UIDVALIDITY. Who recognises less than half
// of a folder asks; else what was not recognised is only on this computer now,
// and DropLostStubs takes what was never downloaded.
func (tx *Tx) settleRenumbered(all renumberings, report *VanishReport) error {
	for _, rf := range slices.Sorted(maps.Keys(all)) {
		of := all[rf]
		f, err := tx.Folder(of.folder)
		if err != nil {
			return err
		}
		n, total := len(of.missing), len(of.all)
		if n == 0 {
			continue
		}
		recognising, err := tx.Recognising(f.Account)
		if err != nil {
			return err
		}
		asks := f.Paused != "" || !recognising && 2*n > total && (total > pauseAbove || someBody(of.losses))
		now := tx.s.clock.Now().Unix()
		for _, l := range of.losses {
			if asks {
				err = tx.do(setGone, now, l.location.ID)
			} else {
				err = tx.do(deleteLocation, l.location.ID)
			}
			if err == nil {
				err = tx.noteMessage(l.location.Message, Changed)
			}
			if err != nil {
				return err
			}
		}
		if !asks {
			err = tx.Journal(Note{Account: f.Account, Step: "renumbered", Ref: f.Path,
				Result: fmt.Sprintf("The server numbered the folder anew; %d of %d messages were not found in it again.", n, total)})
			if err != nil {
				return err
			}
			continue
		}
		report.Unrecognised = append(report.Unrecognised, f.ID)
		if f.Paused != "" {
			continue
		}
		if err := tx.PauseFolder(f.ID, fmt.Sprintf(unrecognisedWords, n, total)); err != nil {
			return err
		}
	}
	return nil
}
