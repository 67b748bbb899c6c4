package imapsync

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// tries is how often an intent is refused before it is given up.
const tries = 3

// lasting are the codes (RFC 5530 §3, RFC 7889) of refusals that time does
// mostly not mend. Marks and folders are put back at once then, and can be asked
// for again; where a mail lies is worth three tries.
var lasting = []imap.ResponseCode{imap.ResponseCodeNoPerm, imap.ResponseCodeCannot, imap.ResponseCodeAlreadyExists, imap.ResponseCodeHasChildren, "READ-ONLY", imap.ResponseCodeTooBig}

// notNow are the codes of refusals that are not about what was asked: somebody
// else has the mailbox, or the server is busy. They are not counted.
var notNow = []imap.ResponseCode{imap.ResponseCodeInUse, imap.ResponseCodeUnavailable}

// cures say what can be done about a refusal.
var cures = map[imap.ResponseCode]string{
	imap.ResponseCodeOverQuota: " The mailbox on the server is full: delete what you do not need there, or empty its Trash.",
	imap.ResponseCodeTooBig:    " It is larger than what the server takes.",
}

// code returns the response code of a refusal; "" for none.
func code(err error) imap.ResponseCode {
	if e := refusal(err); e != nil {
		return e.Code
	}
	return ""
}

// refused counts the server's refusal on each intent of a group. One that is
// refused for good is given up, and the user is told what was put back.
func (l *Link) refused(ctx context.Context, group []localstore.Pending, f *fault.Error) error {
	l.options.Log.Warn("intent refused", "kind", group[0].Kind, "err", f)
	moved := group[0].Message != 0 && group[0].Kind != localstore.PendFlags
	forGood := slices.Contains(lasting, code(f)) || f.Remedy == fault.Never
	soon := moved && (forGood || code(f) == imap.ResponseCodeOverQuota) // worth telling before it is given up
	if slices.Contains(notNow, code(f)) {
		return l.write(ctx, "imap intent put off", func(tx *localstore.Tx) error {
			for _, p := range group {
				if err := tx.PutOff(p.ID, f.Error(), l.now().Add(refusedPause)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	var told []string
	err := l.write(ctx, "imap intent refused", func(tx *localstore.Tx) error {
		told = nil
		for _, p := range group {
			given := forGood && !moved || p.Attempts+1 >= tries
			if given || soon {
				words, err := refusalWords(tx, p, f, given)
				if err != nil {
					return err
				}
				told = append(told, words)
			}
			if given {
				words, err := staysWords(tx, p)
				if err != nil {
					return err
				}
				told = append(told, words)
			}
			var err error
			if given {
				err = tx.GiveUp(p.ID, f.Error())
			} else {
				err = tx.PendingRefused(p.ID, f.Error(), l.now().Add(refusedPause))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, words := range told {
		if words != "" {
			l.tell(words)
		}
	}
	return nil
}

// refusalWords tells the user what a refused intent was, and what became of it.
func refusalWords(tx *localstore.Tx, p localstore.Pending, f *fault.Error, given bool) (string, error) {
	place := p.Target
	if p.Kind == localstore.PendFlags || p.Kind == localstore.PendDelete {
		m, err := tx.Message(p.Message)
		if err != nil {
			return "", missingIsNone(err)
		}
		place = m.Folder
	}
	folder, err := tx.Folder(place)
	if err != nil {
		return "", missingIsNone(err)
	}
	why := f.Text
	if why == "" {
		why = f.Error()
	}
	why += cures[code(f)]
	var what string
	switch p.Kind {
	case localstore.PendFlags:
		what = "Marks of messages in the folder “%s” were put back. %s"
	case localstore.PendFolderCreate:
		what = "The folder “%s” could not be made on the server; what was to go there is where it was. %s"
	case localstore.PendFolderRename:
		what = "The folder “%s” could not be given this name on the server; it has its old one again. %s"
	case localstore.PendFolderDelete:
		what = "The folder “%s” was not deleted on the server, and is still here. %s"
	case localstore.PendDelete:
		what = "Messages of the folder “%s” could not be deleted on the server. %s"
	case localstore.PendMove, localstore.PendCopy:
		what = "Messages could not be put into the folder “%s” on the server. %s"
	case localstore.PendAppend:
		what = "Messages could not be put into the folder “%s” on the server. They stay on this computer. %s"
	}
	if !given {
		what += " It is tried again."
	}
	return fmt.Sprintf(what, folder.Path, why), nil
}

// staysWords tells that a folder is not deleted, because a message that is given
// up does not leave it; "" where nobody wants that.
func staysWords(tx *localstore.Tx, p localstore.Pending) (string, error) {
	leaving, ok, err := tx.LeavesFolder(p)
	if err != nil || !ok {
		return "", err
	}
	f, err := tx.Folder(leaving.Target)
	if err != nil {
		return "", missingIsNone(err)
	}
	return fmt.Sprintf("The folder “%s” was not deleted, because messages could not leave it.", f.Path), nil
}

// missingIsNone forgets the error of what is gone meanwhile.
func missingIsNone(err error) error {
	var f *fault.Error
	if errors.As(err, &f) && f.Cause == fault.Missing {
		return nil
	}
	return err
}
