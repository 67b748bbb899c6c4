package imapsync

import (
	"context"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/localstore"
)

// provider is what is known of a large provider and not said by its server: that
// it files in Sent what goes out through it.
type provider struct {
	name  string
	caps  []imap.Cap // any of them says that it is this one
	hosts []string   // what its hosts end in
}

// filing are the providers that file sent mail themselves, often after the
// letter has gone.
var filing = []provider{
	{"Gmail", []imap.Cap{"X-GM-EXT-1"}, []string{"gmail.com", "googlemail.com", "google.com"}},
	{"Outlook", nil, []string{"outlook.com", "office365.com", "office365.us", "hotmail.com", "live.com", "outlook.cn"}},
	{"Yahoo", []imap.Cap{"XYMHIGHESTMODSEQ"}, []string{"yahoo.com", "yahoodns.net", "ymail.com", "aol.com", "yahoo.co.jp"}},
}

// of tells whether a host is one of the provider's.
func (p provider) of(host string) bool {
	host = "." + strings.ToLower(strings.TrimSuffix(host, "."))
	for _, end := range p.hosts {
		if strings.HasSuffix(host, "."+end) {
			return true
		}
	}
	return false
}

// filesSent tells whether the provider files what the account sends: mail comes
// from it and goes out through it.
func filesSent(a localstore.Account, caps imap.CapSet) bool {
	for _, p := range filing {
		is := p.of(a.IMAP.Host)
		for _, c := range p.caps {
			is = is || caps.Has(c)
		}
		if is && p.of(a.SMTP.Host) {
			return true
		}
	}
	return false
}

// filedWithin is how long such a provider may take to file a letter.
const filedWithin = 90 * time.Second

// leavesFiling puts off the copy of a sent letter that the provider files
// itself, and has not yet. When it is due the folder is looked at once more
// before anything is appended.
func (l *Link) leavesFiling(ctx context.Context, p localstore.Pending) (bool, error) {
	until := p.Created.Add(filedWithin)
	if now := l.now(); p.State == localstore.PendSent || !filesSent(l.account, l.caps) || !now.Before(until) || p.Created.After(now) {
		return false, nil
	}
	sent := false
	err := l.store.Read(ctx, func(v *localstore.View) error {
		f, err := v.Folder(p.Target)
		if err != nil || f.Role != localstore.RoleSent {
			return err
		}
		_, sent, err = v.LetterOf(p.Message)
		return err
	})
	if err != nil || !sent {
		return false, err
	}
	return true, l.write(ctx, "imap sent copy", func(tx *localstore.Tx) error { return tx.PutOff(p.ID, "", until) })
}
