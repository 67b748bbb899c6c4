package localstore

import (
	"encoding/json"
	"fmt"
)

const accountColumns = `SELECT id, name, address, mode, generation, incoming, outgoing, secret_ref,
	pop_delete, pop_days, pop_limit, policy, policy_days, fetch_limit, quota FROM accounts `

var (
	allAccounts   = onMail(accountColumns + `WHERE removing = 0 ORDER BY mode = 'local', id`)
	accountByID   = onMail(accountColumns + `WHERE id = ? AND removing = 0`)
	accountByName = onMail(accountColumns + `WHERE name = ? AND removing = 0`)
	localAccount  = onMail(`SELECT min(id) FROM accounts WHERE mode = 'local'`)
	insertAccount = onMail(`INSERT INTO accounts (name, address, mode, incoming, outgoing, secret_ref,
		pop_delete, pop_days, pop_limit, policy, policy_days, fetch_limit, quota) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	updateAccount = onMail(`UPDATE accounts SET name = ?, address = ?, incoming = ?, outgoing = ?, secret_ref = ?,
		pop_delete = ?, pop_days = ?, pop_limit = ?, policy = ?, policy_days = ?, fetch_limit = ?, quota = ? WHERE id = ? AND removing = 0`)
)

// incoming is the JSON of accounts.incoming: both blocks are kept across a
// switch of mode.
type incoming struct {
	IMAP            Server `json:"imap"`
	POP             Server `json:"pop"`
	PasswordCommand string `json:"password_command,omitempty"`
}

// outgoing is the JSON of accounts.outgoing.
type outgoing struct {
	SMTP     Server `json:"smtp"`
	FullName string `json:"full_name,omitempty"`
}

func scanAccount(r scanner) (Account, error) {
	var a Account
	var in, out string
	err := r.Scan(&a.ID, &a.Name, &a.Address, &a.Mode, &a.Generation, &in, &out, &a.SecretRef,
		&a.PopDelete, &a.PopDays, &a.PopLimit, &a.Policy, &a.PolicyDays, &a.FetchLimit, &a.Quota)
	if err != nil {
		return a, err
	}
	var i incoming
	if err := json.Unmarshal([]byte(in), &i); err != nil {
		return a, fmt.Errorf("incoming settings of account %d: %w", a.ID, err)
	}
	var o outgoing
	if err := json.Unmarshal([]byte(out), &o); err != nil {
		return a, fmt.Errorf("outgoing settings of account %d: %w", a.ID, err)
	}
	a.IMAP, a.POP, a.PasswordCommand = i.IMAP, i.POP, i.PasswordCommand
	a.SMTP, a.FullName = o.SMTP, o.FullName
	return a, nil
}

// settings returns the account's columns incoming and outgoing.
func (a Account) settings() (in, out string, err error) {
	i, err := json.Marshal(incoming{a.IMAP, a.POP, a.PasswordCommand})
	if err != nil {
		return "", "", err
	}
	o, err := json.Marshal(outgoing{a.SMTP, a.FullName})
	return string(i), string(o), err
}

// policies returns the account's policies, the usual ones where none are set.
func (a Account) policies() (DeletePolicy, BodyPolicy) {
	if a.PopDelete == "" {
		a.PopDelete = DeleteNow
	}
	if a.Policy == "" {
		a.Policy = FetchText
	}
	return a.PopDelete, a.Policy
}

// Accounts returns all accounts in the order they were added; "On this
// computer" is the last. Those that are being removed are not there.
func (v *View) Accounts() ([]Account, error) {
	return collect(v.session, allAccounts, scanAccount)
}

// Account returns one account; the error of an unknown one has cause Missing.
func (v *View) Account(id AccountID) (Account, error) {
	return v.oneAccount(accountByID, id)
}

// AccountByName finds an account by the user's word for it.
func (v *View) AccountByName(name string) (Account, error) {
	return v.oneAccount(accountByName, name)
}

func (v *View) oneAccount(q *query, key any) (Account, error) {
	found, err := collect(v.session, q, scanAccount, key)
	if err != nil {
		return Account{}, err
	}
	if len(found) == 0 {
		return Account{}, unknown("account", fmt.Sprintf("There is no account %q.", fmt.Sprint(key)))
	}
	return found[0], nil
}

// LocalAccount returns the account "On this computer".
func (v *View) LocalAccount() (AccountID, error) {
	id, err := v.number(localAccount)
	return AccountID(id), err
}

// usualFolders are what every account has from the beginning.
var usualFolders = []struct {
	path string
	role Role
}{
	{Inbox, RoleInbox}, {"Drafts", RoleDrafts}, {"Sent", RoleSent}, {"Outbox", RoleOutbox},
	{"Archive", RoleArchive}, {"Junk", RoleJunk}, {"Trash", RoleTrash},
}

// AddAccount adds an account with its INBOX, Sent, Drafts, Outbox, Trash, Junk
// and Archive folders (local until a server's halves are added). a.ID is
// ignored. A name that exists is refused with cause Data.
func (tx *Tx) AddAccount(a Account) (AccountID, error) {
	in, out, err := a.settings()
	if err != nil {
		return 0, err
	}
	popDelete, policy := a.policies()
	n, err := tx.add(insertAccount, a.Name, a.Address, a.Mode, in, out, a.SecretRef, popDelete, a.PopDays, a.PopLimit, policy, a.PolicyDays, a.FetchLimit, a.Quota)
	if err != nil {
		return 0, accountTaken(err, a.Name)
	}
	id := AccountID(n)
	if a.Mode != Local {
		if err := tx.do(insertOwn, id); err != nil {
			return 0, err
		}
	}
	for _, f := range usualFolders {
		if _, err := tx.EnsureFolder(id, f.path, f.role); err != nil {
			return 0, err
		}
	}
	tx.note(Change{Topic: TopicAccounts, Kind: Added, Account: id})
	return id, nil
}

// accountTaken says in words that a name was refused.
func accountTaken(err error, name string) error {
	if isConstraint(err) {
		return refuse("account", fmt.Sprintf("There is an account %q already.", name))
	}
	return err
}

// SetAccount stores the changed settings of an account. Mode and Generation
// change only by a switch and are not touched. Another policy of deletion holds
// for what lies in the maildrop already; PlanPolicy tells beforehand what it
// does.
func (tx *Tx) SetAccount(a Account) error {
	in, out, err := a.settings()
	if err != nil {
		return err
	}
	was, err := tx.Account(a.ID)
	if err != nil {
		return err
	}
	popDelete, policy := a.policies()
	n, err := tx.touch(updateAccount, a.Name, a.Address, in, out, a.SecretRef, popDelete, a.PopDays, a.PopLimit, policy, a.PolicyDays, a.FetchLimit, a.Quota, a.ID)
	if err != nil {
		return accountTaken(err, a.Name)
	}
	if n == 0 {
		return unknown("account", fmt.Sprintf("There is no account %d.", a.ID))
	}
	tx.note(Change{Topic: TopicAccounts, Kind: Changed, Account: a.ID})
	if popDelete == was.PopDelete && a.PopDays == was.PopDays {
		return nil
	}
	return tx.applyPolicy(a.ID)
}
