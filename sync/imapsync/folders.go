package imapsync

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"paquebot.app/localstore"
	"paquebot.app/sync/imapsync/wire"
)

// listed is a folder as LIST describes it.
type listed struct {
	name   string // as the server spells it
	path   string // ours: '/' between levels, INBOX for the inbox
	role   localstore.Role
	sure   bool             // the server says what it is for
	fresh  bool             // it is new here and empty, and noted so
	shows  bool             // what other folders hold: flagged, important mail
	status *imap.StatusData // nil where the server does not tell with LIST
}

// list asks for the folders that can be opened, the inbox first, and what they
// are for: a role is given once, and never to the inbox.
// complete is false when names could not be read, were too many or the inbox
// is missing: nothing is concluded from such a list.
func (l *Link) list(ctx context.Context) (found []listed, complete bool, err error) {
	data, all, err := l.listData(ctx)
	if err != nil && !damaged(err) {
		return nil, false, l.fault("list", err)
	}
	complete = err == nil && all
	l.learnDelimiter(data)
	seen := map[string]bool{}
	attrs := map[string][]imap.MailboxAttr{}
	for _, d := range data {
		path, ok := pathOf(d)
		if !ok || seen[path] {
			continue
		}
		seen[path] = true
		f := listed{name: d.Mailbox, path: path, status: told(d), shows: slices.ContainsFunc(d.Attrs, func(a imap.MailboxAttr) bool { return slices.Contains(showing, a) })}
		if path == localstore.Inbox {
			f.name, f.role = localstore.Inbox, localstore.RoleInbox
			found = append([]listed{f}, found...)
			continue
		}
		attrs[f.name] = d.Attrs
		found = append(found, f)
	}
	if err := l.giveRoles(ctx, found, attrs); err != nil {
		return nil, false, err
	}
	// What shows the mail of all others is read behind them, when it is known.
	slices.SortStableFunc(found, func(a, b listed) int {
		return cmp.Compare(shown(a), shown(b))
	})
	return found, complete && len(found) > 0 && found[0].role == localstore.RoleInbox, nil
}

// showing are the attributes of folders that show what lies in others.
var showing = []imap.MailboxAttr{imap.MailboxAttrFlagged, imap.MailboxAttrImportant, xlistStarred}

// shown orders folders: those that show the mail of others come last.
func shown(f listed) int {
	if f.role == localstore.RoleAll {
		return 1
	}
	return 0
}

// listData asks for the list, unless it came with the sign-in. A server that
// refuses to tell more with the names is asked for the names.
func (l *Link) listData(ctx context.Context) (data []*imap.ListData, all bool, err error) {
	if came := l.ahead; came != nil {
		l.ahead = nil
		if came.err == nil {
			return came.list, came.all, nil
		}
	}
	options := l.listOptions()
	data, all, err = l.flyList(ctx, options)
	if (options != nil || l.xlist()) && refusal(err) != nil && !damaged(err) {
		l.noXList = true
		return l.flyList(ctx, nil)
	}
	return data, all, err
}

// flyList asks for the list, and turns QRESYNC on with it.
func (l *Link) flyList(ctx context.Context, options *imap.ListOptions) (data []*imap.ListData, all bool, err error) {
	var enable *wire.Pending
	broken := l.fly(ctx, "list", func(f *flight) {
		enable = l.beginQResync(l.caps)
		f.list(options, func(d []*imap.ListData, a bool, e error) { data, all, err = d, a, e })
		f.namespace(l.caps)
	})
	if broken != nil {
		return nil, false, broken
	}
	l.endQResync(ctx, enable)
	return data, all, err
}

// told returns what LIST said of a folder's state; nil where that is not
// enough.
func told(d *imap.ListData) *imap.StatusData {
	if s := d.Status; s != nil && s.NumMessages != nil && s.UIDValidity != 0 {
		return s
	}
	return nil
}

// listOptions returns what is asked for beside the names: what the server can
// tell, where it knows RETURN at all (RFC 5258 §3). It is nil for a plain LIST.
func (l *Link) listOptions() *imap.ListOptions {
	if !l.caps.Has(imap.CapListExtended) || l.xlist() {
		return nil
	}
	options := imap.ListOptions{ReturnSpecialUse: l.caps.Has(imap.CapSpecialUse)}
	if l.caps.Has(imap.CapListStatus) {
		options.ReturnStatus = &imap.StatusOptions{NumMessages: true, UIDNext: true, UIDValidity: true, HighestModSeq: l.caps.Has(imap.CapCondStore)}
	}
	if !options.ReturnSpecialUse && options.ReturnStatus == nil {
		return nil
	}
	return &options
}

// capXList is the capability of servers that say what folders are for by a command
// of their own, from before SPECIAL-USE (RFC 6154).
const capXList imap.Cap = "XLIST"

// xlist tells whether folders are listed by XLIST.
func (l *Link) xlist() bool {
	return l.caps.Has(capXList) && !l.caps.Has(imap.CapSpecialUse) && !l.noXList
}

// mostFolders bounds what is kept of a list; a server may go on for ever.
const mostFolders = 100_000

// collectList reads the answer to LIST; all is false when it was too long to be
// kept.
func collectList(cmd *imapclient.ListCommand) (data []*imap.ListData, all bool, err error) {
	all = true
	for d := cmd.Next(); d != nil; d = cmd.Next() {
		if all = len(data) < mostFolders; all {
			data = append(data, d)
		}
	}
	return data, all, cmd.Close()
}

// slashWithin stands in our paths for a slash that is part of a name.
const slashWithin = "∕"

// pathOf returns our path of a listed folder; ok is false for one that cannot
// be opened or named. A name is never used as the path of a file.
func pathOf(d *imap.ListData) (path string, ok bool) {
	for _, a := range d.Attrs {
		switch a {
		case imap.MailboxAttrNoSelect, imap.MailboxAttrNonExistent:
			return "", false
		case xlistInbox:
			return localstore.Inbox, true // whatever it is called there
		}
	}
	if d.Mailbox == "" || !utf8.ValidString(d.Mailbox) || strings.ContainsFunc(d.Mailbox, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", false
	}
	if strings.EqualFold(d.Mailbox, localstore.Inbox) {
		return localstore.Inbox, true
	}
	path = d.Mailbox
	if d.Delim != '/' && d.Delim != 0 {
		path = strings.ReplaceAll(path, "/", slashWithin)
		path = strings.ReplaceAll(path, string(d.Delim), "/")
	}
	return path, true
}
