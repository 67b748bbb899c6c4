package imapsync

import (
	"strings"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/localstore"
	"paquebot.app/sync/imapsync/wire"
)

// namespaces are the prefixes of a server's names (RFC 2342). The zero value is
// that of a server which says nothing: all names are the user's own, without a
// prefix.
type namespaces struct {
	asked     bool
	personal  string   // of the user's own folders: "INBOX." or ""; the inbox has none
	delimiter rune     // of those; 0: none, or not said
	own       []string // further prefixes of his own
	others    []string // of other users' and of shared folders; "" too: what has no other prefix
}

// readNamespaces reads the answer to NAMESPACE. A prefix that cannot be read is
// left out.
func readNamespaces(data *imap.NamespaceData) namespaces {
	s := namespaces{asked: true}
	for i, d := range data.Personal {
		prefix, ok := wire.DecodeName(d.Prefix)
		switch {
		case !ok:
		case i == 0:
			s.personal, s.delimiter = prefix, d.Delim
			if strings.EqualFold(prefix, localstore.Inbox+string(d.Delim)) {
				s.personal = localstore.Inbox + string(d.Delim)
			}
		default:
			s.own = append(s.own, prefix)
		}
	}
	if len(data.Personal) == 0 {
		return namespaces{asked: true} // none is the user's own: that cannot be
	}
	for _, list := range [][]imap.NamespaceDescriptor{data.Other, data.Shared} {
		for _, d := range list {
			if prefix, ok := wire.DecodeName(d.Prefix); ok {
				s.others = append(s.others, prefix)
			}
		}
	}
	return s
}

// foreign tells whether a folder belongs to another user or to many: its
// longest prefix says so. Such folders are listed, nothing of them is fetched
// until somebody opens them, and none gets a role.
func (s *namespaces) foreign(name string, delimiter rune) bool {
	if strings.EqualFold(name, localstore.Inbox) {
		return false
	}
	if delimiter != 0 {
		name += string(delimiter) // the folder above all of them has no delimiter at its end
	}
	best, foreign := -1, false
	for _, prefix := range append([]string{s.personal}, s.own...) {
		if strings.HasPrefix(name, prefix) {
			best = max(best, len(prefix))
		}
	}
	for _, prefix := range s.others {
		if len(prefix) > best && strings.HasPrefix(name, prefix) {
			best, foreign = len(prefix), true
		}
	}
	return foreign
}

// spaced puts a new name under the user's own prefix, unless it has a prefix.
func (s *namespaces) spaced(name string) string {
	if s.personal == "" || strings.EqualFold(name, localstore.Inbox) || strings.HasPrefix(name, s.personal) {
		return name
	}
	for _, prefix := range append(s.own, s.others...) {
		if prefix != "" && strings.HasPrefix(name, prefix) {
			return name
		}
	}
	return s.personal + name
}

// namespace begins to ask for the prefixes, once a link.
func (f *flight) namespace(caps imap.CapSet) {
	l := f.l
	if l.spaces.asked || !caps.Has(imap.CapNamespace) {
		return
	}
	cmd := l.client.Namespace()
	f.readers.Go(func() {
		if data, err := cmd.Wait(); err == nil {
			l.spaces = readNamespaces(data)
		}
	})
}

// learnDelimiter learns from a list what separates levels of names: of the
// user's own folders where the server says it, else of the inbox, else of any.
func (l *Link) learnDelimiter(data []*imap.ListData) {
	l.delimiter = '/'
	inbox := false
	for _, d := range data {
		if d.Delim == 0 || inbox {
			continue
		}
		inbox = strings.EqualFold(d.Mailbox, localstore.Inbox)
		if inbox || !l.spaces.foreign(d.Mailbox, d.Delim) {
			l.delimiter = d.Delim
		}
	}
	if l.spaces.delimiter != 0 {
		l.delimiter = l.spaces.delimiter
	}
	l.topLevel = false
	for _, d := range data {
		if !strings.EqualFold(d.Mailbox, localstore.Inbox) && !strings.HasPrefix(strings.ToUpper(d.Mailbox), localstore.Inbox+string(l.delimiter)) {
			l.topLevel = true
		}
	}
}

// nameOf writes our path as the server spells names: the opposite of pathOf.
func (l *Link) nameOf(path string) string {
	if l.delimiter == 0 || l.delimiter == '/' {
		return path
	}
	return strings.ReplaceAll(strings.ReplaceAll(path, "/", string(l.delimiter)), slashWithin, "/")
}

// newName is what a folder of that path is called when it is made on the
// server.
func (l *Link) newName(path string) string { return l.spaces.spaced(l.nameOf(path)) }

// pathOfName returns our path of a name of the server.
func (l *Link) pathOfName(name string) string {
	path, _ := pathOf(&imap.ListData{Mailbox: name, Delim: l.delimiter})
	return path
}
