package submit

import (
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver/fakesmtp"
	"paquebot.app/localstore"
)

func TestInternationalAddresses(t *testing.T) {
	r := newRig(t, fakesmtp.Options{})
	n := r.queue("jörg@example.org", "bo", "bo@bücher.example")
	domain := r.queue("bo@bücher.example")
	if _, err := r.run(); err != nil {
		t.Fatal(err)
	}
	r.want("where SMTPUTF8 is offered", n, filed)
	r.want("a domain alone", domain, filed)
	all := r.server.Accepted()
	if len(all) != 2 || !all[0].UTF8 || strings.Join(all[0].To, " ") != "bo@demo.example bo@xn--bcher-kva.example jörg@example.org" || !strings.Contains(string(all[0].Raw), "jörg@example.org") {
		t.Fatalf("accepted %+v", all)
	}
	if all[1].UTF8 {
		t.Error("SMTPUTF8 was asked for without need")
	}
	r.wantNoSins("in the end")
	r.wantCleanOnTheWire(n)
}

func TestWithoutSMTPUTF8OnlyThoseAreRefusedWhoNeedIt(t *testing.T) {
	for _, scenario := range []string{"no-smtputf8", "no-8bitmime"} {
		r := newRig(t, fakesmtp.Options{})
		r.play(scenario)
		mixed, alone := r.queue("jörg@example.org", "bo", "cy"), r.queue("用户@example.org")
		if _, err := r.run(); err != nil {
			t.Fatal(err)
		}
		r.want(scenario, mixed, filed)
		r.want(scenario, alone, refused)
		if got := r.accepted(mixed); got["bo"] != 1 || got["cy"] != 1 || len(got) != 2 {
			t.Errorf("%s: accepted for %v", scenario, got)
		}
		for _, p := range r.letter(mixed).Recipients {
			if p.Address == "jörg@example.org" && (p.State != localstore.RecipientRefused || !strings.Contains(p.Reply, "SMTPUTF8")) {
				t.Errorf("%s: %+v", scenario, p)
			}
		}
		if l := r.letter(alone); !strings.Contains(l.Error, "SMTPUTF8") || strings.HasPrefix(l.Error, "553") {
			t.Errorf("%s: told %q", scenario, l.Error)
		}
		r.wantNoSins(scenario)
	}
}

func TestASenderWhoNeedsSMTPUTF8(t *testing.T) {
	r := newRig(t, fakesmtp.Options{})
	r.sender = "jörg@demo.example"
	r.play("no-smtputf8")
	n := r.queue("bo")
	r.sender = ""
	after := r.queue("cy")
	if _, err := r.run(); err != nil {
		t.Fatal(err)
	}
	r.want("without SMTPUTF8", n, refused)
	r.want("the next letter", after, filed)
	if l := r.letter(n); !strings.Contains(l.Error, "jörg@demo.example") {
		t.Errorf("told %q", l.Error)
	}
	r.wantNoSins("in the end")
}
