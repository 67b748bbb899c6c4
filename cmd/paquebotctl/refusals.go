package main

import (
	"fmt"
	"strings"

	"paquebot.app/localstore"
)

// refusalsSeen names the setting that says that the user knows whom a letter
// did not reach.
func refusalsSeen(n localstore.OutboxID) string { return fmt.Sprintf("outbox.%d.refusals-seen", n) }

// refusals names the recipients that were refused a letter which others got, and
// those whom it did not reach as a server reports,
// with the server's words; "" where there are none or the user knows of them.
// Such a letter is filed like any other: nothing else would tell.
func refusals(v *localstore.View, l localstore.Letter) (string, error) {
	var names, back []string
	out := false
	for _, r := range l.Recipients {
		out = out || r.Sent
		if r.State == localstore.RecipientRefused {
			names = append(names, fmt.Sprintf("%s (%s)", r.Address, r.Reply))
		}
		if r.Bounced != "" {
			back = append(back, fmt.Sprintf("%s (%s)", r.Address, r.Bounced))
		}
	}
	if !out || len(names)+len(back) == 0 {
		return "", nil
	}
	seen, err := v.Setting(refusalsSeen(l.N))
	if err != nil || seen != "" {
		return "", err
	}
	var said []string
	if len(names) > 0 {
		said = append(said, "It was refused for "+strings.Join(names, ", ")+".")
	}
	if len(back) > 0 {
		said = append(said, "A server reports that it did not reach "+strings.Join(back, ", ")+".")
	}
	return strings.Join(said, " "), nil
}

// lettersToShow returns the letters of an account (0: of all) that have not
// left, or did not reach everybody; with all every letter.
func lettersToShow(v *localstore.View, account localstore.AccountID, all bool) ([]localstore.Letter, error) {
	letters, err := v.Outbox(account, true)
	if err != nil || all {
		return letters, err
	}
	var shown []localstore.Letter
	for _, l := range letters {
		switch l.State {
		case localstore.OutCancelled:
			continue
		case localstore.OutFiled:
			if missed, err := refusals(v, l); err != nil {
				return nil, err
			} else if missed == "" {
				continue
			}
		}
		shown = append(shown, l)
	}
	return shown, nil
}

// confirmLetter takes the user's word for what became of a letter: of an unsure
// one whether it went out, of one that did not reach everybody that this is
// known.
func confirmLetter(tx *localstore.Tx, n localstore.OutboxID, sent bool) error {
	l, err := tx.Letter(n)
	if err != nil {
		return err
	}
	if l.State == localstore.OutUnsure {
		return tx.ConfirmLetter(n, sent)
	}
	if missed, err := refusals(tx.View, l); err != nil {
		return err
	} else if out := l.State == localstore.OutSent || l.State == localstore.OutFiled; out && sent && missed != "" {
		return tx.SetSetting(refusalsSeen(n), "yes")
	}
	return badData(fmt.Sprintf("Letter %d is %s: there is nothing to confirm.", n, l.State), nil)
}
