package main

import (
	"time"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// messageJSON is a message as every command prints it.
type messageJSON struct {
	ID          localstore.MessageID `json:"id"`
	Account     string               `json:"account"`
	Folder      string               `json:"folder"`
	ContentID   localstore.ContentID `json:"content_id"`
	MessageID   string               `json:"message_id"`
	ThreadID    localstore.ThreadID  `json:"thread_id"`
	From        string               `json:"from"`
	To          []string             `json:"to"`
	Cc          []string             `json:"cc"`
	Subject     string               `json:"subject"`
	Date        string               `json:"date"`
	Arrived     string               `json:"arrived"`
	Size        int64                `json:"size"`
	Flags       []string             `json:"flags"`
	State       localstore.State     `json:"state"`
	Body        string               `json:"body"`
	Where       localstore.Where     `json:"where"`
	Attachments []attachmentJSON     `json:"attachments"`
}

type attachmentJSON struct {
	Part string `json:"part"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
	Here bool   `json:"here"`
}

var bodyNames = map[localstore.BodyState]string{localstore.BodyNone: "none", localstore.BodyText: "text", localstore.BodyWhole: "whole"}

// messageRows turns messages into what is printed of them.
func messageRows(v *localstore.View, messages []localstore.Message) ([]messageJSON, error) {
	accounts := map[localstore.AccountID]string{}
	folders := map[localstore.FolderID]string{}
	rows := []messageJSON{}
	for _, m := range messages {
		if _, ok := folders[m.Folder]; !ok {
			f, err := v.Folder(m.Folder)
			if err != nil {
				return nil, err
			}
			a, err := v.Account(m.Account)
			if err != nil {
				return nil, err
			}
			folders[m.Folder], accounts[m.Account] = f.Path, a.Name
		}
		row := messageRow(m, accounts[m.Account], folders[m.Folder])
		if m.Attachments > 0 {
			parts, err := v.Parts(m.Content)
			if err != nil {
				return nil, err
			}
			row.Attachments = attachmentRows(m, parts)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func messageRow(m localstore.Message, account, folder string) messageJSON {
	row := messageJSON{
		ID: m.ID, Account: account, Folder: folder, ContentID: m.Content, ThreadID: m.Thread,
		From: m.Sender, To: addresses(m.Recipients), Cc: addresses(m.Cc), Subject: m.Subject,
		Date: stamp(m.Sent), Arrived: stamp(m.Arrived.UTC()), Size: m.Size,
		Flags: append(m.Flags.Names(), m.Keywords...), State: m.State, Body: bodyNames[m.Body], Where: m.Where,
		Attachments: []attachmentJSON{},
	}
	if m.HeaderID != "" {
		row.MessageID = "<" + m.HeaderID + ">"
	}
	return row
}

// attachmentRows lists the parts with a name.
func attachmentRows(m localstore.Message, parts []localstore.Part) []attachmentJSON {
	rows := []attachmentJSON{}
	for _, p := range parts {
		if p.Name != "" {
			rows = append(rows, attachmentJSON{p.Section, p.Name, mediaType(p.Type), p.Size, p.Blob != 0 || m.Body == localstore.BodyWhole})
		}
	}
	return rows
}

func addresses(list string) []string {
	out := []string{}
	for _, a := range letter.ParseAddresses(list) {
		out = append(out, a.String())
	}
	return out
}

// stamp writes a time as RFC 3339; "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// folderJSON is a folder as folders prints it.
type folderJSON struct {
	Account string          `json:"account"`
	Path    string          `json:"path"`
	Role    localstore.Role `json:"role"`
	Total   int             `json:"total"`
	Unread  int             `json:"unread"`
	Where   string          `json:"where"`
	Fetch   *fetchJSON      `json:"fetch,omitempty"` // of a folder on an IMAP server
	Sync    syncJSON        `json:"sync"`
}

type syncJSON struct {
	UIDValidity uint32 `json:"uidvalidity"`
	UIDNext     uint32 `json:"uidnext"`
	ModSeq      uint64 `json:"modseq"`
	Complete    bool   `json:"complete"`
}

func folderRow(v *localstore.View, account string, f localstore.Folder) (folderJSON, error) {
	row := folderJSON{Account: account, Path: f.Path, Role: f.Role, Total: f.Total, Unread: f.Unread, Where: "here"}
	rf, ok, err := v.RemoteFolderOf(f.ID)
	if err != nil || !ok {
		row.Sync.Complete = err == nil
		return row, err
	}
	if row.Fetch, err = fetchRow(v, f); err != nil {
		return row, err
	}
	todo, err := v.Todo(rf.ID, rf.UIDValidity)
	row.Where = "both"
	row.Sync = syncJSON{rf.UIDValidity, rf.UIDNext, rf.ModSeq, rf.SyncedAt != 0 && len(todo) == 0}
	return row, err
}
