package localstore

import "strings"

// Bounce says that a letter that a server had taken did not reach a recipient.
type Bounce struct {
	Address string
	Words   string // for people; never empty
}

var (
	lettersByHeader = onMail(letterColumns + `WHERE o.account_id = ? AND o.header_id = ?`)
	setBounced      = onMail(`UPDATE outbox_recipients SET bounced = ? WHERE outbox_id = ? AND address = ?`)
)

// Bounced records a report of delivery about the letter with a Message-ID, if
// the account has one. That there is a report is evidence that the letter went
// out. It marks whom the letter did not reach, and sends and removes nothing:
// anybody can write a report. It returns whether it said anything new.
func (tx *Tx) Bounced(account AccountID, headerID string, bounces []Bounce) (news bool, err error) {
	found, err := tx.letters(lettersByHeader, account, headerID)
	if err != nil || len(found) == 0 {
		return false, err
	}
	settled, err := tx.EvidenceOf(account, []string{headerID})
	if err != nil {
		return false, err
	}
	news = settled > 0
	for _, l := range found {
		for _, b := range bounces {
			r, ok := l.recipient(b.Address)
			if !ok || b.Words == "" || r.Bounced == b.Words {
				continue
			}
			if err := tx.do(setBounced, b.Words, l.N, r.Address); err != nil {
				return news, err
			}
			tx.noteLetter(l)
			news = true
		}
	}
	return news, nil
}

// recipient finds who is meant by an address. Of a letter to one person a report
// may name the address that theirs was forwarded to.
func (l Letter) recipient(address string) (Recipient, bool) {
	for _, r := range l.Recipients {
		if strings.EqualFold(r.Address, address) {
			return r, true
		}
	}
	if len(l.Recipients) == 1 {
		return l.Recipients[0], true
	}
	return Recipient{}, false
}
