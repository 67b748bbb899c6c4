package main

import (
	"fmt"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/localstore"
)

type ledgerAnswer struct {
	Ledger []ledgerJSON
	Totals totalsJSON
}

// states counts the rows of a ledger by their states.
func (l ledgerAnswer) states() map[localstore.PopState]int {
	n := map[localstore.PopState]int{}
	for _, r := range l.Ledger {
		n[r.State]++
	}
	return n
}

func onServer(v servers) int { return len(v.user.Mailbox("INBOX").Messages()) }

func TestLedgerSaysWhatLiesThereUntilWhenAndWhy(t *testing.T) {
	s, v := newShell(t), startServers(t, 4)
	s.add(v, "pop", "--pop-delete", "days:14")
	var l ledgerAnswer
	s.json(&l, "ledger", "anna")
	if len(l.Ledger) != 0 || l.Totals.Mails != 0 {
		t.Fatalf("before the first connection: %+v", l)
	}
	s.want(0, "sync")
	v.pop.Offline()
	s.json(&l, "ledger", "anna")
	if len(l.Ledger) != 4 || l.Totals.Mails != 4 || l.Totals.LeaveLater != 4 || l.Totals.First == "" || l.Totals.Bytes == 0 {
		t.Fatalf("%+v", l)
	}
	r := l.Ledger[0]
	if r.UIDL == "" || r.State != localstore.PopKept || r.Until == "" || r.Message == 0 || r.Subject != "harbour 3" || r.MessageID != "<3@fournier.example>" || !strings.Contains(r.Why, "until then") {
		t.Errorf("%+v", r)
	}

	// An intent: it works offline, and its DELE is never said.
	s.want(0, "--offline", "account", "set", "anna", "pop-delete=now")
	s.json(&l, "ledger", "anna")
	if l.states()[localstore.PopDeleting] != 4 || l.Totals.Leaving != 4 {
		t.Fatalf("%+v", l)
	}
	s.json(&l, "--offline", "ledger", "anna", "--keep", l.Ledger[1].UIDL, "--keep", l.Ledger[2].UIDL)
	if l.Totals.Leaving != 2 || l.Totals.Pinned != 2 || !l.Ledger[1].Pinned || !strings.Contains(l.Ledger[1].Why, "You keep it") {
		t.Fatalf("%+v", l)
	}
	kept := l.Ledger[1].UIDL
	s.json(&l, "ledger", "anna", "--release", l.Ledger[2].UIDL)
	if l.Totals.Leaving != 3 || l.Totals.Pinned != 1 {
		t.Fatalf("%+v", l)
	}
	people := s.want(0, "ledger", "anna").out
	for _, words := range []string{"4 mails on the server", "3 to be removed with the next connection", "1 kept without a date, 1 of them by your word", "Amélie", "harbour 2", "pinned"} {
		if !strings.Contains(people, words) {
			t.Errorf("no %q in\n%s", words, people)
		}
	}
	if err := v.pop.Online(); err != nil {
		t.Fatal(err)
	}
	s.want(0, "sync")
	s.want(0, "sync")
	if n := onServer(v); n != 1 {
		t.Errorf("%d mails on the server, want the one that is kept", n)
	}
	var gone ledgerAnswer
	s.json(&gone, "ledger", "anna", "--removed")
	if gone.states()[localstore.PopGone] != 3 || len(gone.Ledger) != 3 {
		t.Fatalf("%+v", gone)
	}
	for _, r := range gone.Ledger {
		if r.Message == 0 || r.GoneAt == "" || r.UIDL == kept {
			t.Errorf("%+v", r)
		}
		s.want(0, "show", fmt.Sprint(r.Message)) // the mail here
	}
	if out := s.want(0, "ledger", "anna", "--removed").out; !strings.Contains(out, "here as") {
		t.Errorf("%s", out)
	}
}

func TestLedgerExitCodes(t *testing.T) {
	s, v := newShell(t), startServers(t, 1)
	s.add(v, "pop", "--pop-delete", "never")
	s.want(66, "ledger", "anna", "--keep", "before-the-first-connection")
	s.want(0, "sync")
	s.want(66, "ledger", "nobody")
	s.want(66, "ledger", "anna", "--keep", "no-such-uidl")
	s.want(66, "ledger", "anna", "--keep", "")
	s.want(64, "ledger")
	s.want(64, "ledger", "anna", "--removed", "--keep", "x")
	s.want(0, "account", "add", "work", "--address", "work@example.org", "--mode", "imap", "--user", "anna", "--no-check",
		"--incoming", v.imap.Addr(), "--incoming-tls", "plain", "--password-command", "echo secret")
	if r := s.want(65, "ledger", "work"); !strings.Contains(r.err, "not kept by POP") {
		t.Errorf("%s", r.err)
	}
}

func TestLedgerNamesWhatIsNotFetchedAndWhatAnotherProgramTook(t *testing.T) {
	s, v := newShell(t), startServers(t, 2)
	v.user.Deliver([]byte("From: big@example.org\r\nSubject: big\r\nMessage-ID: <big@example.org>\r\n\r\n"+strings.Repeat("A long line of a large mail.\r\n", 4000)), fakeserver.Epoch)
	s.add(v, "pop", "--pop-delete", "never", "--pop-fetch-up-to", "50k")
	s.want(0, "sync")
	var l ledgerAnswer
	s.json(&l, "ledger", "anna")
	if n := l.states(); n[localstore.PopSkipped] != 1 || n[localstore.PopKept] != 2 || l.Totals.Skipped != 1 || l.Totals.Mails != 3 {
		t.Fatalf("%+v", l)
	}
	for _, r := range l.Ledger {
		if r.Why == "" || r.State == localstore.PopSkipped && (r.Subject != "big" || !strings.Contains(r.Why, "larger")) {
			t.Errorf("%+v", r)
		}
	}
	s.want(0, "account", "set", "anna", "pop-fetch-up-to=0")
	s.want(0, "sync")
	s.json(&l, "ledger", "anna")
	if l.Totals.Skipped != 0 || l.Totals.Kept != 3 {
		t.Errorf("without a limit: %+v", l)
	}
	totals := totalsJSON{}
	totals.add([]localstore.PopLocation{{State: localstore.PopForeign, Size: 7}, {State: localstore.PopKept, Size: -1}})
	if totals.Foreign != 1 || totals.Mails != 1 || totals.Bytes != 0 || !strings.Contains(strings.Join(totals.words("anna"), "\n"), "Another program has removed 1 mail ") {
		t.Errorf("%+v", totals)
	}
}

// TestAChangedPolicyShowsItsPlan: --plan changes nothing, and what it said is
// what happens.
func TestAChangedPolicyShowsItsPlan(t *testing.T) {
	s, v := newShell(t), startServers(t, 60) // so many that the first removals wait
	s.add(v, "pop")
	s.want(0, "sync")
	if n := onServer(v); n != 60 {
		t.Fatalf("%d mails on the server, want all", n)
	}
	var p struct{ Plan *planJSON }
	s.json(&p, "account", "set", "anna", "pop-delete=days:30", "--plan")
	if p.Plan == nil || p.Plan.OnServer != 60 || p.Plan.Later != 60 || p.Plan.First == "" || p.Plan.Remove != 0 || p.Plan.PopDelete != "days:30" || !p.Plan.Waits {
		t.Fatalf("%+v", p.Plan)
	}
	var shown accountJSON
	s.json(&shown, "account", "show", "anna")
	if shown.PopDelete != "now" || shown.Plan != nil {
		t.Errorf("the plan was carried out: %+v", shown)
	}
	if out := s.want(0, "account", "set", "anna", "pop-delete=now", "--plan").out; !strings.Contains(out, "60 (") || !strings.Contains(out, "account set anna --yes") {
		t.Errorf("%s", out)
	}
	s.json(&shown, "account", "set", "anna", "pop-delete=now")
	if shown.Plan == nil || shown.Plan.Remove != 60 || !shown.Plan.Waits {
		t.Fatalf("%+v", shown.Plan)
	}
	s.want(0, "sync")
	if n := onServer(v); n != 60 {
		t.Fatalf("%d mails on the server: naming a policy is not the first yes", n)
	}
	var l ledgerAnswer
	if s.json(&l, "ledger", "anna"); !l.Totals.Waits || !strings.Contains(l.Ledger[0].Why, "say yes") {
		t.Errorf("%+v", l.Totals)
	}
	s.json(&shown, "account", "set", "anna", "pop-delete=now", "--yes")
	if shown.Plan == nil || shown.Plan.Waits {
		t.Errorf("%+v", shown.Plan)
	}
	s.want(0, "sync")
	if n := onServer(v); n != 0 {
		t.Errorf("%d mails left on the server", n)
	}

	s.want(64, "account", "set", "anna", "full-name=Anna", "--plan")
	s.want(64, "account", "set", "anna", "pop-delete=now", "--plan", "--yes")
	s.want(64, "account", "set", "anna", "pop-delete=sometimes", "--plan")
	s.want(66, "account", "set", "nobody", "pop-delete=now", "--plan")
}

// TestAServerThatRemovesByItselfIsNamed in the ledger and with the account.
func TestAServerThatRemovesByItselfIsNamed(t *testing.T) {
	for _, expire := range []string{"0", "30"} {
		s, v := newShell(t), startServers(t, 2)
		v.pop = fakepop.Start(t, v.pop.World(), fakepop.Options{Expire: expire})
		s.add(v, "pop", "--pop-delete", "never")
		s.want(0, "sync")
		var l ledgerAnswer
		s.json(&l, "ledger", "anna")
		var a accountJSON
		s.json(&a, "account", "show", "anna")
		if is := expire == "0"; l.Totals.ExpireZero != is || a.ExpireZero != is ||
			strings.Contains(s.want(0, "ledger", "anna").out, expireZero) != is || strings.Contains(s.want(0, "account", "show", "anna").out, expireZero) != is {
			t.Errorf("EXPIRE %s: %+v, %+v", expire, l.Totals, a)
		}
	}
}

// TestTheLedgerSaysWhatIsTriedAgain, when and how often it was tried.
func TestTheLedgerSaysWhatIsTriedAgain(t *testing.T) {
	for scenario, words := range map[string]string{"retr-err": "cannot read this message", "swallow-dele": "agrees to remove it and lists it again"} {
		s, v := newShell(t), startServers(t, 2)
		if err := v.pop.Scenario(scenario); err != nil {
			t.Fatal(err)
		}
		s.add(v, "pop", "--pop-delete", "now")
		for range 3 {
			s.want(0, "sync")
		}
		var l ledgerAnswer
		s.json(&l, "ledger", "anna")
		found := false
		for _, r := range l.Ledger {
			found = found || r.RetryAt != "" && r.Tries+r.Deletes > 0 && strings.Contains(r.Why, words) && strings.Contains(r.Why, "tried again after 2")
		}
		if !found || !strings.Contains(s.want(0, "ledger", "anna").out, "It is tried again after") {
			t.Errorf("%s: %+v", scenario, l.Ledger)
		}
	}
}

// TestWhatTheServerHasRemovedIsNotCountedThere, although only the next
// connection shows that it is gone.
func TestWhatTheServerHasRemovedIsNotCountedThere(t *testing.T) {
	s, v := newShell(t), startServers(t, 3)
	s.add(v, "pop", "--pop-delete", "now")
	s.want(0, "sync")
	if n := onServer(v); n != 0 {
		t.Fatalf("%d mails on the server", n)
	}
	var l ledgerAnswer
	s.json(&l, "ledger", "anna")
	if l.states()[localstore.PopDeleting] != 3 || l.Totals != (totalsJSON{Agreed: 3}) {
		t.Errorf("%+v", l)
	}
	words := s.want(0, "ledger", "anna").out
	if !strings.Contains(words, "0 mails on the server, ") || strings.Contains(words, "to be removed") || !strings.Contains(words, "The server has agreed to remove 3 mails: the next connection confirms it.") {
		t.Error(words)
	}
}

// TestAPlanForAServerThatWasNeverSeen speaks of that one, not of the one before.
func TestAPlanForAServerThatWasNeverSeen(t *testing.T) {
	s, v := newShell(t), startServers(t, 3)
	s.add(v, "pop", "--pop-delete", "never")
	s.want(0, "sync")
	var p struct{ Plan *planJSON }
	s.json(&p, "account", "set", "anna", "pop-delete=now", "--plan")
	if p.Plan.Waits || p.Plan.Unseen || p.Plan.Remove != 3 {
		t.Errorf("a small maildrop: %+v", p.Plan)
	}
	for _, settings := range [][]string{{"incoming=127.0.0.1:1", "pop-delete=now"}, {"pop-delete=days:3", "user=bo"}, {"incoming=127.0.0.1:1"}} {
		s.json(&p, append([]string{"account", "set", "anna", "--plan"}, settings...)...)
		if p.Plan == nil || !p.Plan.Unseen || p.Plan.Remove+p.Plan.Later+p.Plan.OnServer > 0 || p.Plan.Waits != (len(settings) > 1) {
			t.Errorf("%q: %+v", settings, p.Plan)
		}
	}
	if out := s.want(0, "account", "set", "anna", "incoming=127.0.0.1:1", "pop-delete=now", "--plan").out; !strings.Contains(out, "is not known yet") || !strings.Contains(out, "wait for your yes") {
		t.Errorf("%s", out)
	}
	if out := s.want(0, "account", "set", "anna", "pop-delete=days:3", "--plan").out; strings.Contains(out, "yes") {
		t.Errorf("%s", out)
	}
}

func TestAYesToAnAccountWithoutMaildropIsRefused(t *testing.T) {
	s, v := newShell(t), startServers(t, 0)
	s.add(v, "imap")
	s.want(65, "account", "set", "anna", "--yes")
}

func TestSizes(t *testing.T) {
	for said, want := range map[string]int64{"0": 0, "500k": 500_000, "5M": 5_000_000, "1g": 1_000_000_000, "17": 17} {
		if got, err := parseSize("x", said); got != want || err != nil {
			t.Errorf("%q: %d, %v", said, got, err)
		}
	}
	for _, said := range []string{"", "k", "-1", "5MB", "5kk", "1.5M", "99999999999999999999", "1000000000000g"} {
		if got, err := parseSize("x", said); err == nil {
			t.Errorf("%q: %d", said, got)
		}
	}
}
