package imapsync

import (
	"fmt"
	"os"
	"testing"
	"time"

	"paquebot.app/localstore"
)

// TestManyFolders: thousands of folders are listed, mail in one of them comes,
// and a pass over them in which nothing is new takes a turn for each flight, not
// for each folder. All 20,000 are tried when everything is asked for; the times
// are told.
func TestManyFolders(t *testing.T) {
	n := 2000
	if os.Getenv("PAQUEBOT_TORTURE") != "" {
		n = 20_000
	}
	for name, hide := range map[string][]string{
		"LIST-STATUS": {"CHILDREN"},
		"CONDSTORE":   {"CHILDREN", "LIST-STATUS", "QRESYNC"},
		"IMAP4rev1":   append([]string{"CHILDREN"}, servers["IMAP4rev1"]...),
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, hide...)
			for i := range n {
				h.user.Create(fmt.Sprintf("Boats %02d/%05d", i%50, i))
			}
			h.deliver("INBOX", 0, 3)
			h.deliver("Boats 07/00007", 10, 2)
			for pass := range 3 {
				began := time.Now()
				l := h.link()
				if err := l.Receive(t.Context()); err != nil {
					t.Fatal(err)
				}
				turns := l.Report().RoundTrips
				t.Logf("pass %d over %d folders: %v, %d turns", pass, n, time.Since(began), turns)
				if pass > 0 && turns > 10+n/20 {
					t.Errorf("pass %d: %d turns for %d folders", pass, turns, n)
				}
				l.Close()
				if pass == 1 {
					h.deliver("Boats 07/00007", 12, 1)
				}
			}
			h.read(func(v *localstore.View) error {
				all, err := v.Folders(h.account.ID)
				if len(all) < n {
					t.Errorf("%d of %d folders", len(all), n)
				}
				return err
			})
			if got := len(h.messages("Boats 07/00007")); got != 3 {
				t.Errorf("%d messages in one of them", got)
			}
			h.noSins()
		})
	}
}
