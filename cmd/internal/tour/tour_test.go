package tour

import (
	"context"
	"errors"
	"strings"
	"testing"

	"paquebot.app/cmd/internal/demo"
	"paquebot.app/internal/clock"
	"paquebot.app/localstore"
)

// walk walks the tour on the demo's servers after change has had a word.
func walk(t *testing.T, change func(*demo.World) error) (string, error) {
	t.Helper()
	d, err := demo.Start(clock.System)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := change(d); err != nil {
		t.Fatal(err)
	}
	store, err := localstore.Open(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var out strings.Builder
	_, err = Walk(context.Background(), d, store, &out)
	for _, e := range append(append(d.IMAP.Events(), d.POP.Events()...), d.SMTP.Events()...) {
		t.Errorf("a server noticed: %v", e)
	}
	return out.String(), err
}

func TestTourHoldsOnHonestServers(t *testing.T) {
	out, err := walk(t, func(*demo.World) error { return nil })
	if err != nil || strings.Contains(out, "FAIL") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestTourNamesWhatALyingServerDid(t *testing.T) {
	for _, c := range []struct {
		name  string
		lie   func(*demo.World) error
		check string
	}{
		{"a DELE is swallowed", func(d *demo.World) error { return d.POP.Scenario("swallow-dele") }, "the maildrop is empty"},
		{"a letter is accepted twice", func(d *demo.World) error { return d.SMTP.Scenario("accept-twice-once") }, "five letters arrived, once each, in order"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := walk(t, c.lie)
			if !errors.Is(err, ErrFailed) || !strings.Contains(out, "FAIL  "+c.check) {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
