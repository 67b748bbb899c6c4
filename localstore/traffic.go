package localstore

import "time"

// Traffic is what went over the wire for an account on a day.
type Traffic struct {
	Account  AccountID
	Day      string // 2026-03-04, as this computer counts days
	Up, Down int64  // bytes, with everything that protects the connection
}

var (
	addTraffic = onMail(`INSERT INTO traffic (account_id, day, up, down) SELECT id, ?2, ?3, ?4 FROM accounts WHERE id = ?1
		ON CONFLICT (account_id, day) DO UPDATE SET up = up + excluded.up, down = down + excluded.down`)
	trafficSince = onMail(`SELECT account_id, day, up, down FROM traffic WHERE day >= ? ORDER BY day DESC, account_id`)
)

// AddTraffic adds bytes to an account's count of a day. An account that is gone
// has none.
func (tx *Tx) AddTraffic(account AccountID, at time.Time, up, down int64) error {
	tx.note(Change{Topic: TopicTraffic, Kind: Changed, Account: account})
	return tx.do(addTraffic, account, at.Format(time.DateOnly), up, down)
}

// TrafficSince returns what every account moved on the day of a time and later,
// the latest day first.
func (v *View) TrafficSince(since time.Time) ([]Traffic, error) {
	return collect(v.session, trafficSince, func(r scanner) (t Traffic, err error) {
		err = r.Scan(&t.Account, &t.Day, &t.Up, &t.Down)
		return t, err
	}, since.Format(time.DateOnly))
}

// textOnly is the setting for thin lines.
const textOnly = "text-only"

// TextOnly tells whether only texts are fetched unasked, whatever an account's
// policy says.
func (v *View) TextOnly() (bool, error) {
	value, err := v.Setting(textOnly)
	return value == "on", err
}

// SetTextOnly sets what TextOnly tells.
func (tx *Tx) SetTextOnly(on bool) error {
	value := "off"
	if on {
		value = "on"
	}
	return tx.SetSetting(textOnly, value)
}
