package localstore

var (
	settingByName = onMail(`SELECT value FROM settings WHERE name = ?`)
	putSetting    = onMail(`INSERT INTO settings (name, value) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
)

// Setting returns a setting of the profile; "" when it is not set.
func (v *View) Setting(name string) (string, error) {
	var value string
	_, err := v.one(settingByName, []any{&value}, name)
	return value, err
}

// SetSetting stores a setting of the profile.
func (tx *Tx) SetSetting(name, value string) error {
	tx.note(Change{Topic: TopicSettings, Kind: Changed})
	return tx.do(putSetting, name, value)
}
