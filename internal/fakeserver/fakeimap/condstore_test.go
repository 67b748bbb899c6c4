package fakeimap_test

import (
	"fmt"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver/fakeimap"
)

func TestQResyncTellsOnlyWhatChanged(t *testing.T) {
	w, u := world(6)
	s := fakeimap.Start(t, w, fakeimap.Options{})
	c := raw(t, s)
	c.ask("LOGIN anna secret", "OK")
	if got := c.ask("ENABLE QRESYNC", "OK"); !strings.HasPrefix(got, "* ENABLED QRESYNC") {
		t.Errorf("ENABLE = %s", got)
	}
	box := u.Mailbox("INBOX")
	validity, modSeq := box.Version()
	box.Expunge(2, 3, 5)
	box.AddFlags(4, `\Seen`)
	got := c.ask(fmt.Sprintf("SELECT INBOX (QRESYNC (%d %d 1:4))", validity, modSeq), "OK [READ-WRITE]")
	_, highest := box.Version()
	for _, want := range []string{"* 3 EXISTS", fmt.Sprintf("[HIGHESTMODSEQ %d]", highest),
		"* VANISHED (EARLIER) 2:3\n", fmt.Sprintf("* 2 FETCH (UID 4 FLAGS (\\Seen) MODSEQ (%d))", highest)} {
		if !strings.Contains(got, want) {
			t.Errorf("SELECT = %s, want %s", got, want)
		}
	}
	if strings.Count(got, "FETCH") != 1 {
		t.Errorf("SELECT = %s", got)
	}
	box.Expunge(1)
	if got := c.ask("NOOP", "OK"); !strings.HasPrefix(got, "* VANISHED 1\n") {
		t.Errorf("NOOP = %s", got)
	}
	got = c.ask(fmt.Sprintf("UID FETCH 1:* (FLAGS) (CHANGEDSINCE %d VANISHED)", modSeq), "OK")
	if !strings.HasPrefix(got, "* VANISHED (EARLIER) 1:3,5\n* 1 FETCH (UID 4 FLAGS (\\Seen) MODSEQ (") || strings.Count(got, "FETCH") != 1 {
		t.Errorf("FETCH = %s", got)
	}
}

func TestConditionalStore(t *testing.T) {
	w, u := world(2)
	s := fakeimap.Start(t, w, fakeimap.Options{})
	c := raw(t, s)
	c.ask("LOGIN anna secret", "OK")
	c.ask("SELECT INBOX (CONDSTORE)", "OK")
	box := u.Mailbox("INBOX")
	_, modSeq := box.Version()
	box.AddFlags(1, `\Answered`)
	got := c.ask(fmt.Sprintf(`UID STORE 1:2 (UNCHANGEDSINCE %d) +FLAGS.SILENT (\Flagged)`, modSeq), "OK [MODIFIED 1]")
	if !strings.Contains(got, `* 1 FETCH (UID 1 FLAGS (\Answered) MODSEQ (`) || !strings.Contains(got, "* 2 FETCH (UID 2 MODSEQ (") {
		t.Errorf("STORE = %s", got)
	}
	if got := c.ask("UID SEARCH MODSEQ 1 UID 2", "OK"); !strings.Contains(got, "* SEARCH 2 (MODSEQ ") {
		t.Errorf("SEARCH = %s", got)
	}
}

func TestLossesWaitForTheirMoment(t *testing.T) {
	w, u := world(3)
	s := fakeimap.Start(t, w, fakeimap.Options{})
	c := raw(t, s)
	c.ask("LOGIN anna secret", "OK")
	c.ask("SELECT INBOX", "OK")
	u.Mailbox("INBOX").Expunge(1)
	if got := c.ask("FETCH 1:3 (UID)", "OK"); strings.Contains(got, "EXPUNGE") || strings.Contains(got, "* 1 FETCH") ||
		!strings.Contains(got, "* 2 FETCH (UID 2)") {
		t.Errorf("FETCH = %s", got)
	}
	if got := c.ask("NOOP", "OK"); !strings.HasPrefix(got, "* 1 EXPUNGE\n") {
		t.Errorf("NOOP = %s", got)
	}
	if got := c.ask("FETCH 1 (UID)", "OK"); !strings.Contains(got, "* 1 FETCH (UID 2)") {
		t.Errorf("FETCH = %s", got)
	}
	u.Mailbox("INBOX").Revalidate(0, 1)
	c.say("NOOP")
	c.until("* BYE")
}
