package imapsync

import (
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/fakeserver/fakesmtp"
	"paquebot.app/internal/fault"
)

func TestServersOfOtherKindsAreNamed(t *testing.T) {
	h := newHarness(t)
	others := map[string]int{
		"pop":  fakepop.Start(t, h.world, fakepop.Options{}).Port(),
		"smtp": fakesmtp.Start(t, h.world, fakesmtp.Options{}).Port(),
	}
	for name, port := range others {
		h.account.IMAP.Port = port
		if f := fault.Of(h.try()); f == nil || f.Cause != fault.Settings || !strings.Contains(f.Text, "does not speak IMAP") {
			t.Errorf("%s: %v", name, f)
		}
	}
}

func TestByeAsGreetingMeansLater(t *testing.T) {
	h := newHarness(t)
	if err := h.server.Scenario("greeting-bye"); err != nil {
		t.Fatal(err)
	}
	if f := fault.Of(h.try()); f == nil || f.Remedy != fault.Later || !strings.Contains(f.Error(), "not now") {
		t.Errorf("%v", f)
	}
}
