package localstore

import (
	"encoding/json"
	"slices"
	"strings"
)

// afterTexts is what an attachment's rank has more than its letter's, so that
// every text comes before the first attachment.
const afterTexts = 1 << 32

// packTries is how many connections may break while a wish of a pack is waited
// for: once in company, twice alone.
const packTries = 3

// afterAll is what the rank of a wish has more at which a connection broke that
// asked for nothing else, so that it comes last.
const afterAll = 1 << 40

var (
	wantRanked = onMail(`INSERT INTO wanted (content_id, section, asked_at, rank) VALUES (?, ?, ?, ?)
		ON CONFLICT (content_id, section) DO UPDATE SET rank = excluded.rank, error = '', tries = 0
		WHERE rank > 0 OR error <> ''`)
	rankedWishes = onMail(`SELECT c.account_id, w.content_id, w.section, w.asked_at, w.error, w.rank, w.tries
		FROM wanted w INDEXED BY wanted_rank CROSS JOIN contents c ON c.id = w.content_id
		WHERE w.rank > 0 AND w.error = '' AND c.account_id = ? ORDER BY w.rank, w.content_id, w.section LIMIT ?`)
	packsWith = onMail(`SELECT m.account_id, m.rank, p.choice FROM pack_messages m CROSS JOIN packs p ON p.account_id = m.account_id
		WHERE m.content_id = ? AND p.ended_at = 0`)
	tryRanked   = onMail(`UPDATE wanted SET tries = tries + 1, rank = CASE tries WHEN 1 THEN rank + ?1 ELSE rank END WHERE content_id = ?2 AND section = ?3 AND rank > 0`)
	triedRanked = onMail(`SELECT tries FROM wanted WHERE content_id = ? AND section = ? AND rank > 0`)
)

// PackWishes returns up to limit wishes of the account's pack under way, in the
// order in which they are to be fulfilled.
func (v *View) PackWishes(account AccountID, limit int) ([]Wish, error) {
	return collect(v.session, rankedWishes, scanWish, account, limit)
}

// TryPack notes that a connection broke while a wish of a pack was waited for.
// From the first time on it is to be asked for alone, from the second time on
// after all others, and at the third it fails.
func (tx *Tx) TryPack(id ContentID, section, why string) error {
	if err := tx.do(tryRanked, int64(afterAll), id, section); err != nil {
		return err
	}
	var tries int
	if _, err := tx.one(triedRanked, []any{&tries}, id, section); err != nil || tries < packTries {
		return err
	}
	return tx.FailWish(id, section, why)
}

// packPlace is a place in a pack under way.
type packPlace struct {
	account AccountID
	rank    int64
	choice  string
}

func (v *View) packsWith(id ContentID) ([]packPlace, error) {
	return collect(v.session, packsWith, func(r scanner) (p packPlace, err error) {
		err = r.Scan(&p.account, &p.rank, &p.choice)
		return p, err
	}, id)
}

// packCame goes on with the packs that a content is in, of which more is here:
// once its text is, its attachments are known.
func (tx *Tx) packCame(id ContentID) error {
	in, err := tx.packsWith(id)
	if err != nil || len(in) == 0 {
		return err
	}
	content, err := tx.Identity(id)
	if err != nil {
		return err
	}
	for _, p := range in {
		if content.Body != BodyText {
			continue
		}
		var choice PackChoice
		if err := json.Unmarshal([]byte(p.choice), &choice); err != nil {
			return err
		}
		if err := tx.packParts(id, p.rank, choice); err != nil {
			return err
		}
	}
	return tx.packLess(id)
}

// packLess ends the packs for which a wish that was fulfilled, or failed, was
// the last one.
func (tx *Tx) packLess(id ContentID) error {
	in, err := tx.packsWith(id)
	for _, p := range in {
		if err := tx.SettlePack(p.account); err != nil {
			return err
		}
	}
	return err
}

// packParts asks for the attachments of a content that a choice includes.
func (tx *Tx) packParts(id ContentID, rank int64, choice PackChoice) error {
	parts, err := tx.Parts(id)
	if err != nil {
		return err
	}
	account, err := tx.number(contentAccount, id)
	if err != nil {
		return err
	}
	asked := 0
	for _, p := range attached(parts) {
		if p.Blob != 0 || p.Size > choice.Attachments {
			continue
		}
		n, err := tx.touch(wantRanked, id, p.Section, tx.s.clock.Now().UnixMilli(), afterTexts+rank)
		if err != nil {
			return err
		}
		asked += n
	}
	return tx.do(growPack, asked, account)
}

// attached returns the parts that are not the letter itself: its attachments,
// and the pictures in its text. What is inside an attached message is not
// fetched by itself, and another form of the text not at all.
func attached(parts []Part) (out []Part) {
	var inside []string
	for _, p := range parts {
		kind, _, _ := strings.Cut(p.Type, ";")
		kind = strings.TrimSpace(kind)
		if strings.HasPrefix(kind, "multipart/") || p.Name == "" && strings.HasPrefix(kind, "text/") ||
			slices.ContainsFunc(inside, func(outer string) bool { return strings.HasPrefix(p.Section, outer) }) {
			continue
		}
		if kind == "message/rfc822" || kind == "message/global" {
			inside = append(inside, p.Section+".")
		}
		out = append(out, p)
	}
	return out
}

// FailOverBudget notes that a wish does not fit into what is left of a budget.
func (tx *Tx) FailOverBudget(id ContentID, section string, budget int64) error {
	return tx.FailWish(id, section, overBudget(budget))
}
