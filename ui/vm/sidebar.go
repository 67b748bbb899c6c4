package vm

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"

	"paquebot.app/localstore"
)

// Place is what a list can show: a folder, or all flagged mail of an account.
// The zero value is nothing.
type Place struct {
	Account localstore.AccountID
	Folder  localstore.FolderID // 0 with Flagged
	Role    localstore.Role
	Flagged bool
}

// SidebarRow is a row of the sidebar: a section's title, or a place.
type SidebarRow struct {
	Section string // not empty: the title of an account's section, and nothing else
	Place
	Path   string // of the folder
	Icon   string // name of an icon of assets
	Name   string
	Count  string // "12", "3 waiting"
	Accent bool   // the count calls for a look
	Indent int
	Takes  bool // messages may be moved here
	Ledger bool // a maildrop feeds it, which has a ledger
	// OnServer: an IMAP server has it, and what of it is here can be chosen.
	OnServer bool
}

// Sidebar is the accounts and their folders.
type Sidebar struct {
	// Changed is called when Rows or Ready changed.
	Changed func()

	env   *Env
	jobs  serial
	asked atomic.Bool // a reading is to come
	rows  []SidebarRow
	ready bool
	any   bool
}

// NewSidebar returns an empty sidebar; Load fills it.
func NewSidebar(env *Env) *Sidebar {
	return &Sidebar{env: env, jobs: serial{env: env, what: "sidebar"}, Changed: func() {}}
}

// Rows returns what to show, top to bottom.
func (s *Sidebar) Rows() []SidebarRow { return s.rows }

// Ready tells whether the store was read once.
func (s *Sidebar) Ready() bool { return s.ready }

// Accounts tells whether there is an account other than "On this computer".
func (s *Sidebar) Accounts() bool { return s.any }

// First returns the place to open at the start: the first inbox.
func (s *Sidebar) First() (Place, bool) {
	for _, r := range s.rows {
		if r.Role == localstore.RoleInbox {
			return r.Place, true
		}
	}
	return Place{}, false
}

// Row returns the row of a place.
func (s *Sidebar) Row(p Place) (SidebarRow, bool) {
	for _, r := range s.rows {
		if r.Section == "" && r.Place == p {
			return r, true
		}
	}
	return SidebarRow{}, false
}

// Follow takes changes of the store; it is called off the window's goroutine.
func (s *Sidebar) Follow(c Changes) {
	for _, t := range []localstore.Topic{localstore.TopicAccounts, localstore.TopicFolders, localstore.TopicOutbox, localstore.TopicDrafts} {
		if c.About(t) {
			s.Load()
			return
		}
	}
}

// Load reads the store. What is asked for before it begins is in it, too.
func (s *Sidebar) Load() {
	if s.asked.Swap(true) {
		return
	}
	s.jobs.do(false, func(ctx context.Context) func() {
		s.asked.Store(false)
		var rows []SidebarRow
		anyAccount := false
		err := s.env.Store.Read(ctx, func(v *localstore.View) error {
			rows, anyAccount = nil, false
			accounts, err := v.Accounts()
			if err != nil {
				return err
			}
			for i, a := range accounts {
				section, err := sectionOf(v, a, i == 0)
				if err != nil {
					return err
				}
				anyAccount = anyAccount || a.Mode != localstore.Local
				rows = append(rows, section...)
			}
			return nil
		})
		if err != nil {
			s.env.Failed("sidebar", err)
			return nil
		}
		return func() {
			s.rows, s.ready, s.any = rows, true, anyAccount
			s.Changed()
		}
	})
}

// sectionOf returns the rows of one account; none where it is to be hidden.
func sectionOf(v *localstore.View, a localstore.Account, first bool) ([]SidebarRow, error) {
	folders, err := v.Folders(a.ID)
	if err != nil {
		return nil, err
	}
	letters, err := v.Outbox(a.ID, false)
	if err != nil {
		return nil, err
	}
	title := a.Address
	switch {
	case a.Mode == localstore.POP:
		title += " · POP"
	case a.Mode == localstore.Local:
		title = "On this computer"
		if empty(folders) {
			return nil, nil
		}
	}
	byRole := map[localstore.Role]localstore.Folder{}
	var own []localstore.Folder
	for _, f := range folders {
		if _, known := roleIcons[f.Role]; known {
			byRole[f.Role] = f
		} else {
			own = append(own, f)
		}
	}
	rows := []SidebarRow{{Section: title, Place: Place{Account: a.ID}}}
	add := func(role localstore.Role) {
		f, ok := byRole[role]
		if !ok || !f.Remote && f.Total == 0 && !alwaysShown(a, role, first) {
			return
		}
		r := folderRow(a.ID, f)
		r.Ledger = a.Mode == localstore.POP && role == localstore.RoleInbox
		if role == localstore.RoleOutbox {
			r.Takes = false
			r.Count, r.Accent = outboxCount(letters)
			if r.Count == "" && !first {
				return
			}
		}
		rows = append(rows, r)
	}
	add(localstore.RoleInbox)
	if a.Mode != localstore.Local && first {
		rows = append(rows, SidebarRow{Place: Place{Account: a.ID, Flagged: true}, Icon: "star", Name: "Flagged"})
	}
	for _, role := range []localstore.Role{localstore.RoleDrafts, localstore.RoleOutbox, localstore.RoleSent, localstore.RoleArchive, localstore.RoleAll} {
		add(role)
	}
	rows = append(rows, tree(a.ID, own)...)
	add(localstore.RoleJunk)
	add(localstore.RoleTrash)
	return rows, nil
}

func empty(folders []localstore.Folder) bool {
	for _, f := range folders {
		if f.Total > 0 {
			return false
		}
	}
	return true
}

// alwaysShown tells which folders of an account stand in the sidebar though
// they are empty and no server has them.
func alwaysShown(a localstore.Account, role localstore.Role, first bool) bool {
	switch role {
	case localstore.RoleInbox, localstore.RoleSent, localstore.RoleTrash:
		return a.Mode != localstore.Local
	case localstore.RoleDrafts, localstore.RoleOutbox, localstore.RoleArchive:
		return a.Mode != localstore.Local && first
	}
	return false
}

var roleIcons = map[localstore.Role]string{
	localstore.RoleInbox: "inbox", localstore.RoleDrafts: "draft", localstore.RoleOutbox: "outbox", localstore.RoleSent: "send",
	localstore.RoleArchive: "archive", localstore.RoleAll: "mail", localstore.RoleJunk: "junk", localstore.RoleTrash: "trash",
}

func folderRow(account localstore.AccountID, f localstore.Folder) SidebarRow {
	r := SidebarRow{
		Place: Place{Account: account, Folder: f.ID, Role: f.Role}, Path: f.Path,
		Icon: roleIcons[f.Role], Name: FolderTitle(f), Takes: true, OnServer: f.Remote,
	}
	if r.Icon == "" {
		r.Icon = "folder"
	}
	n := f.Unread
	switch f.Role {
	case localstore.RoleDrafts:
		n = f.Total
	case localstore.RoleSent, localstore.RoleTrash, localstore.RoleOutbox:
		n = 0
	case localstore.RoleInbox:
		r.Accent = true
	}
	if n > 0 {
		r.Count = thousands(n)
	}
	return r
}

// outboxCount says how many letters wait, or that some need a word first.
func outboxCount(letters []localstore.Letter) (text string, accent bool) {
	waiting, unsettled := 0, 0
	for _, l := range letters {
		switch l.State {
		case localstore.OutQueued, localstore.OutHeld, localstore.OutSending:
			waiting++
		case localstore.OutRefused, localstore.OutUnsure:
			unsettled++
		}
	}
	switch {
	case unsettled > 0:
		return thousands(unsettled) + " to settle", true
	case waiting > 0:
		return thousands(waiting) + " waiting", true
	}
	return "", false
}

// tree gives ordinary folders their indent. A level that is no folder itself
// is left out of the indent and stands in the name of what is below it.
func tree(account localstore.AccountID, folders []localstore.Folder) []SidebarRow {
	key := func(f localstore.Folder) string { return strings.ToLower(strings.ReplaceAll(f.Path, "/", "\x00")) }
	slices.SortFunc(folders, func(a, b localstore.Folder) int { return strings.Compare(key(a), key(b)) })
	depth := map[string]int{} // of the paths shown so far
	var rows []SidebarRow
	for _, f := range folders {
		r := folderRow(account, f)
		parent := f.Path
		for {
			i := strings.LastIndexByte(parent, '/')
			if i < 0 {
				r.Name = f.Path
				break
			}
			parent = parent[:i]
			if d, ok := depth[parent]; ok {
				r.Indent, r.Name = d+1, f.Path[len(parent)+1:]
				break
			}
		}
		depth[f.Path] = r.Indent
		rows = append(rows, r)
	}
	return rows
}
