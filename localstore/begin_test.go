package localstore

import (
	"context"
	"testing"
)

// TestATransactionLeftOpenIsEnded: one that could not be ended stops no other.
func TestATransactionLeftOpenIsEnded(t *testing.T) {
	f := newFixture(t, IMAP)
	ctx := context.Background()
	c, err := f.writer.take(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{"BEGIN IMMEDIATE", "INSERT INTO settings (name, value) VALUES ('left', 'open')"} {
		if err := c.run(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	f.writer.give(c)
	f.write(func(tx *Tx) error { return tx.SetSetting("next", "written") })
	f.read(func(v *View) error {
		next, err := v.Setting("next")
		if err != nil {
			return err
		}
		left, err := v.Setting("left")
		if next != "written" || left != "" {
			t.Errorf("next %q, left %q", next, left)
		}
		return err
	})
}
