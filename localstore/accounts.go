package localstore

// Accounts returns all accounts in the order they were added; "On this
// computer" is the last.
func (v *View) Accounts() ([]Account, error) { panic("not built") }

// Account returns one account; the error of an unknown one has cause Missing.
func (v *View) Account(id AccountID) (Account, error) { panic("not built") }

// AccountByName finds an account by the user's word for it.
func (v *View) AccountByName(name string) (Account, error) { panic("not built") }

// AddAccount adds an account with its INBOX, Sent, Drafts, Outbox, Trash, Junk
// and Archive folders (local until a server's halves are added). a.ID is
// ignored. A name that exists is refused with cause Data.
func (tx *Tx) AddAccount(a Account) (AccountID, error) { panic("not built") }

// SetAccount stores the changed settings of an account. Mode and Generation
// change only by a switch and are not touched.
func (tx *Tx) SetAccount(a Account) error { panic("not built") }

// RemoveAccount takes an account away. With keep its messages move to "On this
// computer" (stubs without a body go); else they go with it. It is refused
// with cause Data while letters wait in its outbox.
func (tx *Tx) RemoveAccount(id AccountID, keep bool) error { panic("not built") }

// Setting returns a setting of the profile; "" when it is not set.
func (v *View) Setting(name string) (string, error) { panic("not built") }

// SetSetting stores a setting of the profile.
func (tx *Tx) SetSetting(name, value string) error { panic("not built") }
