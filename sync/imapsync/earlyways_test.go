package imapsync

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// wayIn is a way to a server.
type wayIn struct {
	name      string
	security  localstore.Security
	auth      localstore.Auth
	mechanism string
}

var waysIn = []wayIn{
	{"STARTTLS", localstore.STARTTLS, localstore.AuthPassword, "PLAIN"},
	{"XOAUTH2", localstore.TLS, localstore.AuthXOAUTH2, "XOAUTH2"},
	{"OAUTHBEARER", localstore.TLS, localstore.AuthOAuthBearer, "OAUTHBEARER"},
	{"OAUTHBEARER after STARTTLS", localstore.STARTTLS, localstore.AuthOAuthBearer, "OAUTHBEARER"},
}

// known makes a server known that is gone to by this way.
func (w wayIn) known(t *testing.T) *harness {
	h := &harness{T: t, world: fakeserver.NewWorld(), clock: clock.NewFake(fakeserver.Epoch)}
	h.user = h.world.AddUser("anna", "secret")
	h.user.CreateUsual()
	o := fakeimap.Options{Mechanisms: []string{w.mechanism}, Transport: fakeserver.Transport{TLS: fakeserver.Implicit}}
	if w.security == localstore.STARTTLS {
		o.TLS = fakeserver.StartTLS
	}
	h.server = fakeimap.Start(t, h.world, o)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, fakeserver.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	h.join(localstore.Server{Host: h.server.Host(), Port: h.server.Port(), Security: w.security, Auth: w.auth, User: "anna", CAFile: ca}, "secret")
	h.deliver("INBOX", 0, 3)
	h.receive()
	if words := h.capabilities(); len(words) == 0 {
		t.Fatal("nothing is remembered of the server")
	}
	return h
}

// TestEveryWayToSignInTakesOneFlight: with a token as with a password, from the
// first byte or after STARTTLS, and nothing secret before TLS.
func TestEveryWayToSignInTakesOneFlight(t *testing.T) {
	for _, way := range waysIn {
		t.Run(way.name, func(t *testing.T) {
			h := way.known(t)
			from := len(h.server.Transcript())
			if r := h.receive(); r.RoundTrips != 1 {
				t.Errorf("%+v", r)
			}
			said := strings.Join(h.said(from), "\n")
			if way.security == localstore.STARTTLS {
				first, rest, _ := strings.Cut(said, "\n")
				if !strings.HasSuffix(first, " STARTTLS") {
					t.Errorf("before TLS: %q", first)
				}
				said = rest
			}
			auth, list := strings.Index(said, "AUTHENTICATE "+way.mechanism), strings.Index(said, " LIST ")
			if auth < 0 || list < auth {
				t.Errorf("%q", said)
			}
			h.noSins()
		})
	}
}

// TestARefusedTokenLeavesNothingBehind: it is the user's to mend, nothing of what
// went with it counts, and the next one that is right is let in.
func TestARefusedTokenLeavesNothingBehind(t *testing.T) {
	for _, way := range waysIn {
		for _, receive := range []bool{true, false} {
			t.Run(way.name, func(t *testing.T) {
				h := way.known(t)
				h.user.Create("Secret")
				_, err := Open(t.Context(), h.store, h.account, "old", Options{Clock: h.clock, Receive: receive})
				if f := fault.Of(err); f == nil || f.Cause != fault.SignIn || f.Remedy != fault.User {
					t.Errorf("%v", err)
				}
				h.read(func(v *localstore.View) error {
					if _, err := v.FolderByPath(h.account.ID, "Secret"); err == nil {
						t.Error("a folder came in spite of the refusal")
					}
					return nil
				})
				for range 2 { // step by step, and as one who is known
					l := h.link()
					for _, c := range []imap.Cap{imap.CapIdle, imap.CapUIDPlus, imap.CapMove} {
						if !l.caps.Has(c) {
							t.Errorf("%s is not known of", c)
						}
					}
					l.Close()
				}
				h.receive()
				if h.folder("Secret") == 0 {
					t.Error("the right token is not let in")
				}
				h.noSins()
			})
		}
	}
}
