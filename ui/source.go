package ui

import (
	"paquebot.app/localstore"
	"paquebot.app/ui/msglist"
	"paquebot.app/ui/vm"
)

// source gives the list widget the rows of the list model.
type source struct{ list *vm.List }

// Len implements msglist.Source.
func (s source) Len() int { return s.list.Len() }

// Row implements msglist.Source.
func (s source) Row(i int) (msglist.Row, bool) {
	r, ok := s.list.Row(i)
	if !ok {
		return msglist.Row{}, false
	}
	return msglist.Row{
		ID: int64(r.ID), Sender: r.Who, Subject: r.Subject, Preview: r.Preview, Date: s.list.Date(r), Avatar: r.Avatar,
		Unread: r.Unread, Flagged: r.Flagged, Attachment: r.Attachment, Answered: r.Answered, Forwarded: r.Forwarded,
		OnItsWay: r.OnItsWay, LocalOnly: r.LocalOnly, Held: r.Held,
	}, true
}

// ID implements msglist.Finder.
func (s source) ID(i int) int64 { return int64(s.list.ID(i)) }

// Index implements msglist.Finder.
func (s source) Index(id int64) (int, bool) { return s.list.Index(localstore.MessageID(id)) }
