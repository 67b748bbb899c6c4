package vm

import (
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

func TestStatusInWords(t *testing.T) {
	accounts := []localstore.Account{{ID: 1, Name: "work"}, {ID: 2, Name: "home"}}
	both := func(a, b AccountStatus) []AccountStatus {
		a.Account, b.Account = 1, 2
		return []AccountStatus{a, b}
	}
	const saved = "Everything read is saved here"
	for _, c := range []struct {
		name    string
		all     []AccountStatus
		offline bool
		title   string
		line    string
		online  bool
		notices int
	}{
		{"nothing known", nil, false, "Ready", saved, false, 0},
		{"no network", both(AccountStatus{Phase: Offline}, AccountStatus{Phase: Offline}), false, "Offline", saved, false, 0},
		{"the user's wish", both(AccountStatus{Phase: Offline}, AccountStatus{Phase: Offline}), true, "Working offline", saved, false, 0},
		{"one is away", both(AccountStatus{Phase: Idle}, AccountStatus{Phase: Offline, Text: "The server is away."}), false, "home is offline", "The server is away.", true, 0},
		{"syncing", both(AccountStatus{Phase: Syncing, Done: 1204, Total: 5000}, AccountStatus{Phase: Idle}), false, "Syncing", "1,204 of 5,000", true, 0},
		{"checking", both(AccountStatus{Phase: Syncing}, AccountStatus{Phase: Idle}), false, "Checking for mail…", saved, true, 0},
		{"connecting", both(AccountStatus{Phase: Connecting}, AccountStatus{Phase: Connecting}), false, "Connecting…", saved, false, 0},
		{"all is well", both(AccountStatus{Phase: Idle}, AccountStatus{Phase: Idle}), false, "Up to date", saved, true, 0},
		{"password", both(AccountStatus{Phase: NeedsUser, SignIn: true, Text: "Wrong password."}, AccountStatus{Phase: Idle}), false, "Sign in to work", saved, true, 1},
	} {
		got := condition(accounts, c.all, c.offline)
		if got.Card.Title != c.title || got.Card.Line != c.line || got.Online != c.online || len(got.Notices) != c.notices {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestDatesInLists(t *testing.T) {
	now := noon
	for _, c := range []struct {
		at          time.Time
		short, long string
	}{
		{now.Add(-78 * time.Minute), "10:42", "Today, 10:42"},
		{now.Add(-13 * time.Hour), "Yesterday", "Yesterday, 23:00"},
		{now.AddDate(0, 0, -5), "Fri", "Friday, 12:00"},
		{now.AddDate(0, 0, -7), "18 Nov", "18 November, 12:00"},
		{now.AddDate(-2, 0, 0), "25 Nov 2024", "25 November 2024, 12:00"},
		{now.AddDate(0, 0, 1), "26 Nov", "26 November, 12:00"}, // a clock that is wrong
		{time.Time{}, "", "No date"},
	} {
		if got := shortDate(c.at, now); got != c.short {
			t.Errorf("%v: %q, want %q", c.at, got, c.short)
		}
		if got := longDate(c.at, now); got != c.long {
			t.Errorf("%v: %q, want %q", c.at, got, c.long)
		}
	}
}

func TestNumbersInWords(t *testing.T) {
	for n, want := range map[int64]string{1: "1 byte", 999: "999 bytes", 184_000: "184 KB", 999_600: "1.0 MB", 2_100_000: "2.1 MB", 38_000_000: "38 MB", 4_200_000_000: "4.2 GB"} {
		if got := size(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if got := thousands(1234567); got != "1,234,567" {
		t.Error(got)
	}
}

func TestWhomAnAnswerGoesTo(t *testing.T) {
	for _, c := range []struct{ name, addr, want string }{
		{"Amélie Fournier", "amelie@fournier.example", "Amélie"},
		{"Tom Bannister", "t.bannister@b.example", "Tom Bannister"},
		{"Fournier, Amélie", "amelie.fournier@b.example", "Amélie"},
		{"The Sunday Long Read", "hello@longread.example", "The Sunday Long Read"},
		{"Harbour Choir", "singers@harbourchoir.example", "Harbour Choir"},
		{"", "info@b.example", "info@b.example"},
		{"田中 由紀", "yuki@b.example", "田中 由紀"},
	} {
		if got := givenName(letter.Address{Name: c.name, Addr: c.addr}); got != c.want {
			t.Errorf("%s <%s>: %q, want %q", c.name, c.addr, got, c.want)
		}
	}
}

func TestASecondWindowSaysWhoCarriesTheMail(t *testing.T) {
	w := newWriter(t)
	w.engine.other = true
	s := NewStatus(w.env, w.engine)
	changed := false
	s.Changed = func() { changed = true }
	s.Load()
	w.queue.Until(func() bool { return changed })
	if c := s.Condition(); !c.Elsewhere || !c.Online || c.Card.Line != "Another one carries the mail" {
		t.Errorf("%+v", c)
	}
}

func TestWhatAPassHasToSayIsToldOnce(t *testing.T) {
	w := newWriter(t)
	w.engine.set([]AccountStatus{{Account: w.account, Phase: Idle, Told: []string{"This server removes mail by itself."}}})
	s := NewStatus(w.env, w.engine)
	var told []string
	loads := 0
	s.Changed, s.Told = func() { loads++ }, func(text string) { told = append(told, text) }
	for i := range 3 {
		s.Load()
		w.queue.Until(func() bool { return loads > i })
	}
	if len(told) != 1 || !strings.HasSuffix(told[0], ": This server removes mail by itself.") {
		t.Errorf("told %q", told)
	}
}

func TestADefectIsToldInOneCalmSentence(t *testing.T) {
	if got := Sentence(&Panic{"list"}); got != "Something went wrong inside Paquebot. Nothing is lost; the log has the details." {
		t.Errorf("%q", got)
	}
}
