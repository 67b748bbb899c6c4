package localstore

import (
	"encoding/json"
	"fmt"
	"math"
)

// PackReceipt says what can be read without a network after a pack.
type PackReceipt struct {
	Messages           int           `json:"messages"` // that were chosen
	Readable           int           `json:"readable"` // of these, the texts that are here
	Missing            []PackMissing `json:"missing"`  // texts and attachments, in the order of the pack
	Attachments        int           `json:"attachments"`
	AttachmentsSkipped int           `json:"attachments_skipped"`
	Bytes              int64         `json:"bytes"` // on the wire, both directions
}

// PackMissing is a text or an attachment that cannot be read.
type PackMissing struct {
	ID      MessageID `json:"id"`
	Part    string    `json:"part,omitempty"` // of an attachment; "" for the text of the mail
	Name    string    `json:"name,omitempty"` // of an attachment
	Subject string    `json:"subject,omitempty"`
	Reason  string    `json:"reason"` // a sentence
	Bytes   int64     `json:"bytes"`  // its size
}

// Reasons of PackMissing. What a server said is one too.
const (
	PackNotYet = "Not fetched yet."
	packGone   = "It was deleted on the server."
	packNone   = "No attachments were asked for."
)

func overBudget(budget int64) string {
	return fmt.Sprintf("There was no room for it in the budget of %s.", bytesOf(budget))
}

func overSize(limit int64) string {
	if limit == 0 {
		return packNone
	}
	return fmt.Sprintf("It is larger than the %s chosen for attachments.", bytesOf(limit))
}

// bytesOf writes a number of bytes for people, as 1.5 MB.
func bytesOf(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 999_500:
		return fmt.Sprintf("%.0f KB", float64(n)/1e3)
	case n < 999_950_000:
		return trimmed(float64(n)/1e6) + " MB"
	}
	return trimmed(float64(n)/1e9) + " GB"
}

// trimmed has one digit after the point unless it is 0.
func trimmed(x float64) string {
	if x = math.Round(x*10) / 10; x == math.Trunc(x) {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.1f", x)
}

var (
	packedNow = onMail(`SELECT p.message_id, p.reason, coalesce(c.id, 0), coalesce(c.body_state, 0), coalesce(c.size, 0),
			coalesce(c.attachments, 0), coalesce(c.subject, ''),
			coalesce((SELECT error FROM wanted WHERE content_id = p.content_id AND section IN ('', 'text') ORDER BY error DESC LIMIT 1), '')
		FROM pack_messages p LEFT JOIN messages m ON m.id = p.message_id LEFT JOIN contents c ON c.id = m.content_id
		WHERE p.account_id = ? ORDER BY p.rank`)
	packReadable = onMail(`SELECT count(*), coalesce(sum(c.body_state > 0), 0) FROM pack_messages p
		LEFT JOIN messages m ON m.id = p.message_id LEFT JOIN contents c ON c.id = m.content_id WHERE p.account_id = ?`)
	partErrors = onMail(`SELECT section, error FROM wanted WHERE content_id = ?`)
)

// packed is a message of a pack as it is now.
type packed struct {
	PackMissing
	content     ContentID // 0: it is gone
	body        BodyState
	attachments int
	failed      string
}

// PackReceipt returns what of a pack can be read: of one under way, now.
func (v *View) PackReceipt(p Pack) (r PackReceipt, err error) {
	if !p.UnderWay() {
		err = json.Unmarshal([]byte(p.receipt), &r)
		return r, err
	}
	r.Bytes, r.Missing = p.Spent, []PackMissing{}
	all, err := collect(v.session, packedNow, func(row scanner) (m packed, err error) {
		err = row.Scan(&m.ID, &m.Reason, &m.content, &m.body, &m.Bytes, &m.attachments, &m.Subject, &m.failed)
		return m, err
	}, p.Account)
	if err != nil {
		return r, err
	}
	for _, m := range all {
		r.Messages++
		switch {
		case m.body == BodyWhole:
			r.Readable++
			r.Attachments += m.attachments
		case m.body == BodyText:
			r.Readable++
			if err := v.receiptParts(&r, m, p.Choice); err != nil {
				return r, err
			}
		default:
			m.Reason = m.why()
			r.Missing = append(r.Missing, m.PackMissing)
		}
	}
	return r, nil
}

// PackReadable counts the messages of a pack under way, and those whose text is
// here. It costs less than its receipt.
func (v *View) PackReadable(account AccountID) (messages, readable int, err error) {
	_, err = v.one(packReadable, []any{&messages, &readable}, account)
	return messages, readable, err
}

// why says why a text is not here.
func (m packed) why() string {
	switch {
	case m.Reason != "":
		return m.Reason
	case m.content == 0:
		return packGone
	case m.failed != "":
		return m.failed
	}
	return PackNotYet
}

// receiptParts adds the attachments of a mail whose text is here.
func (v *View) receiptParts(r *PackReceipt, m packed, choice PackChoice) error {
	parts, err := v.Parts(m.content)
	if err != nil {
		return err
	}
	errors := map[string]string{}
	_, err = collect(v.session, partErrors, func(row scanner) (_ struct{}, err error) {
		var section, failed string
		err = row.Scan(&section, &failed)
		errors[section] = failed
		return struct{}{}, err
	}, m.content)
	if err != nil {
		return err
	}
	for _, p := range attached(parts) {
		if p.Blob != 0 {
			r.Attachments += oneIf(p.Name != "")
			continue
		}
		failed, asked := errors[p.Section]
		missing := PackMissing{ID: m.ID, Part: p.Section, Name: p.Name, Subject: m.Subject, Bytes: p.Size, Reason: failed}
		switch {
		case failed != "":
		case p.Size > choice.Attachments && !asked:
			missing.Reason = overSize(choice.Attachments)
		default:
			missing.Reason = PackNotYet
		}
		r.AttachmentsSkipped++
		r.Missing = append(r.Missing, missing)
	}
	return nil
}
