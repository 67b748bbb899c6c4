package localstore

import (
	"encoding/json"
	"math"
	"time"
)

// AllAttachments is a PackChoice's Attachments without a limit.
const AllAttachments = math.MaxInt64

// PackChoice says what is to be readable without a network.
//
// The mail that is chosen is that of the folders, not older than Days, and with
// Flagged what is flagged, of any age, in any folder. Flagged alone, without
// folders and days, chooses nothing else.
type PackChoice struct {
	Folders     []FolderID `json:"folders,omitempty"` // none: every folder but Junk, Trash and All mail
	Days        int        `json:"days,omitempty"`    // 0: of any age
	Flagged     bool       `json:"flagged,omitempty"`
	Threads     bool       `json:"threads,omitempty"` // with the rest of every conversation of what is chosen
	Attachments int64      `json:"attachments"`       // bytes: those that are not larger come too; 0: none
	Budget      int64      `json:"budget,omitempty"`  // bytes on the wire, both directions; 0: no limit
}

// Pack is the last journey an account was packed for.
type Pack struct {
	Account AccountID
	Choice  PackChoice
	Begun   time.Time
	Ended   time.Time // zero: under way
	Total   int       // texts and attachments that are, or were, to be fetched
	Open    int       // of these, what is still to come
	Spent   int64     // bytes on the wire, both directions
	receipt string
	choice  string
}

// UnderWay tells whether there is still something to fetch.
func (p Pack) UnderWay() bool { return p.Ended.IsZero() }

var (
	packByAccount = onMail(`SELECT account_id, choice, begun_at, ended_at, total, spent, receipt FROM packs WHERE account_id = ?`)
	openOfPack    = onMail(`SELECT count(*) FROM wanted w INDEXED BY wanted_rank CROSS JOIN contents c ON c.id = w.content_id
		WHERE w.rank > 0 AND w.error = '' AND c.account_id = ?`)
	putPack = onMail(`INSERT INTO packs (account_id, choice, begun_at) VALUES (?, ?, ?)
		ON CONFLICT (account_id) DO UPDATE SET choice = excluded.choice, begun_at = excluded.begun_at,
			ended_at = 0, total = 0, spent = 0, receipt = ''`)
	growPack      = onMail(`UPDATE packs SET total = total + ? WHERE account_id = ?`)
	countPack     = onMail(`UPDATE packs SET total = ? WHERE account_id = ?`)
	spendPack     = onMail(`UPDATE packs SET spent = spent + ? WHERE account_id = ? AND ended_at = 0`)
	endPack       = onMail(`UPDATE packs SET ended_at = ?, receipt = ? WHERE account_id = ?`)
	putPacked     = onMail(`INSERT INTO pack_messages (account_id, message_id, content_id, rank, reason) VALUES (?, ?, ?, ?, ?)`)
	dropPacked    = onMail(`DELETE FROM pack_messages WHERE account_id = ?`)
	dropRanked    = onMail(`DELETE FROM wanted WHERE rank > 0 AND content_id IN (SELECT content_id FROM pack_messages WHERE account_id = ?)`)
	unrankSpoiled = onMail(`DELETE FROM wanted WHERE rank > 0 AND error <> '' AND content_id IN (SELECT content_id FROM pack_messages WHERE account_id = ?)`)
)

// PackOf returns the last pack of an account, under way or ended; ok is false
// when there was none.
func (v *View) PackOf(account AccountID) (p Pack, ok bool, err error) {
	var begun, ended int64
	ok, err = v.one(packByAccount, []any{&p.Account, &p.choice, &begun, &ended, &p.Total, &p.Spent, &p.receipt}, account)
	if err != nil || !ok {
		return p, false, err
	}
	p.Begun = time.UnixMilli(begun).UTC()
	if ended != 0 {
		p.Ended = time.UnixMilli(ended).UTC()
		return p, true, json.Unmarshal([]byte(p.choice), &p.Choice)
	}
	n, err := v.number(openOfPack, account)
	if err != nil {
		return p, false, err
	}
	p.Open = int(n)
	p.Total = max(p.Total, p.Open) // a person may have asked for some of it
	return p, true, json.Unmarshal([]byte(p.choice), &p.Choice)
}

// BeginPack asks for what a choice lacks: a wish for each, ranked after what
// people wait for, unread mail first, the newest first, and every text before
// the first attachment. A pack that is under way with the same choice goes on,
// with what is left of its budget and the mail that is new; any other ends.
// SettlePack is to be called when no more mail is expected. What connections
// that were made at began or later have moved counts for it.
func (tx *Tx) BeginPack(account AccountID, choice PackChoice, began time.Time) error {
	text, err := json.Marshal(choice)
	if err != nil {
		return err
	}
	old, there, err := tx.PackOf(account)
	if err != nil {
		return err
	}
	again := there && old.UnderWay() && old.choice == string(text)
	done := 0
	if again {
		done = old.Total - old.Open
		err = tx.do(unrankSpoiled, account) // it may be had by now
	} else {
		err = tx.unpack(account)
	}
	if err != nil {
		return err
	}
	if !again {
		if err := tx.do(putPack, account, string(text), began.UnixMilli()); err != nil {
			return err
		}
	}
	if err := tx.do(dropPacked, account); err != nil {
		return err
	}
	if err := tx.fillPack(account, choice); err != nil {
		return err
	}
	open, err := tx.number(openOfPack, account)
	if err != nil {
		return err
	}
	if err := tx.do(countPack, int64(done)+open, account); err != nil {
		return err
	}
	tx.note(Change{Topic: TopicBodies, Kind: Changed, Account: account})
	return nil
}

// fillPack makes the wishes of a pack.
func (tx *Tx) fillPack(account AccountID, choice PackChoice) error {
	a, err := tx.Account(account)
	if err != nil {
		return err
	}
	chosen, err := tx.chosen(account, choice)
	if err != nil {
		return err
	}
	left := choice.Budget
	for i, c := range chosen {
		rank := int64(i + 1)
		section, reason := WishText, ""
		if a.Mode == POP { // a maildrop hands out whole mails only
			if section = WishWhole; c.body == BodyNone && choice.Budget > 0 {
				if left -= c.wire(); left < 0 {
					left += c.wire()
					reason = overBudget(choice.Budget)
				}
			}
		}
		if err := tx.do(putPacked, account, c.message, c.content, rank, reason); err != nil {
			return err
		}
		switch {
		case reason != "" || c.body == BodyWhole:
		case c.body == BodyText:
			err = tx.packParts(c.content, rank, choice)
		default:
			err = tx.do(wantRanked, c.content, section, tx.s.clock.Now().UnixMilli(), rank)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// SpendPack adds bytes on the wire to what a pack under way has cost.
func (tx *Tx) SpendPack(account AccountID, bytes int64) error {
	return tx.do(spendPack, bytes, account)
}

// EndPack ends a pack under way: what it still asks for is not asked for any
// more, and its receipt is kept. It does nothing where there is none.
func (tx *Tx) EndPack(account AccountID) error {
	p, ok, err := tx.PackOf(account)
	if err != nil || !ok || !p.UnderWay() {
		return err
	}
	receipt, err := tx.PackReceipt(p)
	if err != nil {
		return err
	}
	text, err := json.Marshal(receipt)
	if err != nil {
		return err
	}
	if err := tx.do(endPack, tx.s.clock.Now().UnixMilli(), string(text), account); err != nil {
		return err
	}
	tx.note(Change{Topic: TopicBodies, Kind: Changed, Account: account})
	return tx.unpack(account)
}

// EndPackOverBudget ends a pack whose budget is spent.
func (tx *Tx) EndPackOverBudget(account AccountID) error {
	p, ok, err := tx.PackOf(account)
	if err != nil || !ok || !p.UnderWay() {
		return err
	}
	open, err := tx.PackWishes(account, p.Open)
	if err != nil {
		return err
	}
	for _, w := range open { // the last one ends it
		if err := tx.FailOverBudget(w.Content, w.Section, p.Choice.Budget); err != nil {
			return err
		}
	}
	return tx.EndPack(account)
}

// unpack forgets what the last pack asked for.
func (tx *Tx) unpack(account AccountID) error {
	if err := tx.do(dropRanked, account); err != nil {
		return err
	}
	return tx.do(dropPacked, account)
}

// SettlePack ends a pack that has nothing more to ask for. So does what fulfils
// the last of its wishes, or fails.
func (tx *Tx) SettlePack(account AccountID) error {
	open, err := tx.PackWishes(account, 1)
	if err != nil || len(open) > 0 {
		return err
	}
	return tx.EndPack(account)
}
