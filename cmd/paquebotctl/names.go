package main

import (
	"strconv"
	"strings"

	"paquebot.app/localstore"
)

// messageIDs reads ids from the command line.
func messageIDs(args []string) ([]localstore.MessageID, error) {
	ids := make([]localstore.MessageID, len(args))
	for i, s := range args {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil || n <= 0 {
			return nil, usage("%q is no id; ids are the numbers that list and search print", s)
		}
		ids[i] = localstore.MessageID(n)
	}
	return ids, nil
}

// known reads ids and checks that there is a message for each.
func known(v *localstore.View, args []string) ([]localstore.MessageID, error) {
	ids, err := messageIDs(args)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if _, err := v.Message(id); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// folderOf finds [ACCOUNT/]FOLDER. A name that only one account has needs no
// account.
func folderOf(v *localstore.View, name string) (localstore.Folder, error) {
	accounts, err := v.Accounts()
	if err != nil {
		return localstore.Folder{}, err
	}
	for _, a := range accounts {
		if path, ok := strings.CutPrefix(name, a.Name+"/"); ok {
			f, err := v.FolderByPath(a.ID, path)
			if err == nil || !isMissing(err) {
				return f, err
			}
		}
	}
	var found []localstore.Folder
	for _, a := range accounts {
		f, err := v.FolderByPath(a.ID, name)
		if isMissing(err) || err == nil && a.Mode == localstore.Local && f.Total == 0 {
			continue // “On this computer” is hidden while it is empty
		}
		if err != nil {
			return f, err
		}
		found = append(found, f)
	}
	switch len(found) {
	case 0:
		return localstore.Folder{}, missing("There is no folder %q.", name)
	case 1:
		return found[0], nil
	}
	return localstore.Folder{}, usage("several accounts have a folder %q; write ACCOUNT/%s", name, name)
}

// folderFor finds a folder for messages of an account: its own, else any.
func folderFor(v *localstore.View, account localstore.AccountID, name string) (localstore.Folder, error) {
	f, err := v.FolderByPath(account, name)
	if isMissing(err) {
		return folderOf(v, name)
	}
	return f, err
}

// ofAccount returns the account that arguments name, 0 where they name none: all.
func ofAccount(v *localstore.View, args []string) (localstore.AccountID, error) {
	if len(args) == 0 {
		return 0, nil
	}
	account, err := v.AccountByName(args[0])
	return account.ID, err
}
