package vm

import "paquebot.app/localstore"

// missing says of a letter whose text is on the server how it comes here: by
// itself, or, of one larger than what its account fetches, when it is asked for.
func (l *Letter) missing(a localstore.Account, wishes []localstore.Wish) {
	asked := false
	for _, w := range wishes {
		if w.Content == l.Message.Content {
			asked, l.Problem = asked || w.Error == "", w.Error
		}
	}
	l.State = Coming
	large := a.Mode == localstore.POP && a.PopLimit > 0 && l.Message.Size > a.PopLimit && l.Message.Where != localstore.WhereHere
	if large && !asked {
		l.State, l.Fetch = Offered, "Fetch it ("+size(l.Message.Size)+")"
	}
}

// Fetch asks for the letter that is Offered.
func (r *Reader) Fetch() {
	if r.shown != nil && r.state == Offered {
		r.asked = true
		r.Want(localstore.WishWhole)
	}
}
