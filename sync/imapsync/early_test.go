package imapsync

import (
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// knownServer makes a secure server known, with three mails here.
func knownServer(t *testing.T, hide ...string) *harness {
	t.Helper()
	h := newSecureHarness(t, hide...)
	h.deliver("INBOX", 0, 3)
	h.receive()
	if words := h.capabilities(); len(words) == 0 {
		t.Fatal("nothing is remembered of the server")
	}
	return h
}

// capabilities returns what is remembered of the server.
func (h *harness) capabilities() (words []string) {
	h.Helper()
	h.read(func(v *localstore.View) error {
		m, _, err := v.OpenMaildropOf(h.account.ID)
		words = m.Capabilities
		return err
	})
	return words
}

// said returns what the client has said since, and until it listened again.
func (h *harness) said(from int) (lines []string) {
	for _, line := range h.server.Transcript()[from:] {
		if line.Client {
			lines = append(lines, line.Text)
		}
	}
	return lines
}

// TestAKnownServerIsAskedInOneFlight: sign-in and the first questions, and what
// is new is found.
func TestAKnownServerIsAskedInOneFlight(t *testing.T) {
	h := knownServer(t)
	h.deliver("INBOX", 3, 1)
	h.deliver("Archive", 10, 1)
	from := len(h.server.Transcript())
	if r := h.receive(); r.Received != 2 || r.RoundTrips != 2 {
		t.Errorf("%+v", r)
	}
	if said := h.said(from); len(said) < 4 || !strings.Contains(said[0], "AUTHENTICATE PLAIN") || !strings.Contains(said[1], "ENABLE QRESYNC") || !strings.Contains(strings.Join(said[2:4], " "), " LIST ") {
		t.Errorf("%q", said)
	}
	h.noSins()
}

// TestIntentsComeBeforeWhatWasAskedAhead: what Apply does to the server's
// folders is not undone by a list that is older.
func TestIntentsComeBeforeWhatWasAskedAhead(t *testing.T) {
	h := knownServer(t)
	h.write(func(tx *localstore.Tx) error {
		if _, err := tx.CreateFolder(h.account.ID, "Plans"); err != nil {
			return err
		}
		return tx.SetFlags(ids(h.messages("INBOX")[0]), localstore.Flagged, 0)
	})
	h.passAhead()
	if h.user.Mailbox("Plans") == nil || len(h.pendings()) != 0 {
		t.Errorf("%v", h.pendings())
	}
	h.deliver("Plans", 20, 1)
	h.passAhead()
	if got := h.subjects("Plans"); len(got) != 1 {
		t.Errorf("%q", got)
	}
	h.noSins()
}

// passAhead is a pass as the engine makes it.
func (h *harness) passAhead() {
	h.Helper()
	l, err := Open(h.Context(), h.store, h.account, h.secret, Options{Clock: h.clock, Receive: true})
	if err != nil {
		h.Fatal(err)
	}
	defer l.Close()
	if err := l.Apply(h.Context()); err != nil {
		h.Fatal(err)
	}
	if err := l.Receive(h.Context()); err != nil {
		h.Fatal(err)
	}
}

// TestNothingIsSaidEarlyToAServerThatIsNotKnown: nor to one that TLS does not
// vouch for, nor over a connection that is not protected at once.
func TestNothingIsSaidEarlyToAServerThatIsNotKnown(t *testing.T) {
	h := newHarness(t) // without TLS
	h.receive()
	if words := h.capabilities(); len(words) != 0 {
		t.Errorf("remembered without TLS: %q", words)
	}
	k := knownServer(t, "SASL-IR")
	from := len(k.server.Transcript())
	k.receive()
	if said := k.said(from); !strings.HasSuffix(said[0], "AUTHENTICATE PLAIN") {
		t.Errorf("the password went unasked: %q", said[0])
	}

	k = knownServer(t)
	k.account.IMAP.CAFile = "" // nobody vouches for it now
	from = len(k.server.Transcript())
	_, err := Open(t.Context(), k.store, k.account, "secret", Options{Clock: k.clock, Receive: true})
	if f := fault.Of(err); f == nil || f.Cause != fault.Certificate {
		t.Errorf("%v", err)
	}
	if said := k.said(from); len(said) != 0 {
		t.Errorf("it was told %q", said)
	}
}

// TestLoginIsNotUsedEarly: the greeting may forbid it (RFC 9051 §6.2.3).
func TestLoginIsNotUsedEarly(t *testing.T) {
	h := newSecureHarness(t, "AUTH=PLAIN")
	h.receive()
	from := len(h.server.Transcript())
	h.receive()
	greeted := false
	for _, line := range h.server.Transcript()[from:] {
		greeted = greeted || !line.Client
		if line.Client && !greeted {
			t.Fatalf("said before the greeting: %q", line.Text)
		}
	}
	h.noSins()
}

// TestAServerThatIsNotAsBefore is signed in to step by step, in the same pass,
// and for a while from then on.
func TestAServerThatIsNotAsBefore(t *testing.T) {
	for name, change := range map[string]string{
		"does not know the mechanism": "auth-bad-once",
		"breaks off":                  "drop-at-authenticate-once",
	} {
		t.Run(name, func(t *testing.T) {
			h := knownServer(t)
			h.deliver("INBOX", 3, 1)
			if err := h.server.Scenario(change); err != nil {
				t.Fatal(err)
			}
			if r := h.receive(); r.Received != 1 {
				t.Errorf("%+v", r)
			}
			if words := h.capabilities(); len(words) != 0 {
				t.Errorf("still remembered: %q", words)
			}
			h.receive()
			if words := h.capabilities(); len(words) != 0 {
				t.Errorf("trusted again at once: %q", words)
			}
			h.clock.Advance(distrust + time.Second)
			h.receive()
			if words := h.capabilities(); len(words) == 0 {
				t.Error("never trusted again")
			}
		})
	}
}

// TestARefusedPasswordIsSentOnce: a second try could lock the account.
func TestARefusedPasswordIsSentOnce(t *testing.T) {
	h := knownServer(t)
	from := len(h.server.Transcript())
	_, err := Open(t.Context(), h.store, h.account, "wrong", Options{Clock: h.clock, Receive: true})
	if f := fault.Of(err); f == nil || f.Cause != fault.SignIn || f.Remedy != fault.User {
		t.Errorf("%v", err)
	}
	tries := 0
	for _, line := range h.said(from) {
		if strings.Contains(line, "AUTHENTICATE") {
			tries++
		}
	}
	if tries != 1 {
		t.Errorf("tried %d times", tries)
	}
	if r := h.receive(); r.RoundTrips < 2 {
		t.Errorf("%+v", r)
	}
}

// TestCapabilitiesThatWentAreNotUsed: what was asked ahead of its greeting the
// server refuses, and the pass goes on without.
func TestCapabilitiesThatWentAreNotUsed(t *testing.T) {
	for _, gone := range []string{"QRESYNC", "LIST-STATUS", "LIST-EXTENDED", "CONDSTORE", "ENABLE", "SPECIAL-USE"} {
		t.Run(gone, func(t *testing.T) {
			h := knownServer(t)
			h.deliver("INBOX", 3, 2)
			h.user.Mailbox("INBOX").Expunge(1)
			if err := h.server.Scenario("no-" + strings.ToLower(gone)); err != nil {
				t.Fatal(err)
			}
			h.receive()
			if n := len(h.subjects("INBOX")); n != 4 {
				t.Errorf("%d messages", n)
			}
			for _, word := range h.capabilities() {
				if word == gone && word != "CONDSTORE" { // which QRESYNC implies
					t.Errorf("%s is still remembered", gone)
				}
			}
		})
	}
}
