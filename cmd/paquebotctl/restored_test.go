package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestARestoredProfileSendsNothingTwice: two copies of one profile, each with
// the letter that the other has sent.
func TestARestoredProfileSendsNothingTwice(t *testing.T) {
	for _, mode := range []string{"imap", "pop"} {
		t.Run(mode, func(t *testing.T) {
			s, v := newShell(t), startServers(t, 3)
			if mode == "imap" {
				s.add(v, mode)
			} else {
				s.add(v, mode, "--pop-delete", "now")
			}
			s.letter("once", "bo@example.net")
			backup := &shell{t, filepath.Join(t.TempDir(), "backup")}
			if err := os.CopyFS(backup.dir, os.DirFS(s.dir)); err != nil {
				t.Fatal(err)
			}
			r := backup.want(0, "sync")
			if !strings.Contains(r.err, "outbox release") || len(v.smtp.Accepted()) != 0 {
				t.Fatalf("said %q, sent %d", r.err, len(v.smtp.Accepted()))
			}
			if mode == "pop" && onServer(v) != 3 {
				t.Errorf("a copy took mail off the server: %d left", onServer(v))
			}
			if l := backup.outbox()[0]; l.State != "held" || l.Reason != "restored" {
				t.Errorf("%+v", l)
			}
			s.want(0, "sync")
			if len(v.smtp.Accepted()) != 1 {
				t.Fatalf("the original sent %d", len(v.smtp.Accepted()))
			}
			if mode == "imap" {
				backup.want(0, "sync") // Sent shows that it went out
				if l := backup.outbox()[0]; l.State != "sent" {
					t.Errorf("with the letter in Sent it is %s: %s", l.State, l.Error)
				}
			}
			backup.letter("fresh", "bo@example.net")
			backup.want(0, "sync")
			backup.want(0, "outbox", "release")
			backup.want(65, "outbox", "release")
			backup.want(0, "sync")
			want := map[string]int{"imap": 2, "pop": 3}[mode] // POP has no Sent: the word is all there is
			if all := v.smtp.Accepted(); len(all) != want {
				t.Errorf("%d letters accepted, want %d", len(all), want)
			}
			if copies := len(v.user.Mailbox("Sent").Messages()); mode == "imap" && copies != 2 {
				t.Errorf("%d copies in Sent", copies)
			}
			if mode == "pop" && onServer(v) != 0 {
				t.Errorf("%d mails left on the server after the word", onServer(v))
			}
		})
	}
}
