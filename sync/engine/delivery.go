package engine

import (
	"cmp"
	"context"

	"paquebot.app/internal/content"
	"paquebot.app/localstore"
)

// noteDelivery records what a mail reports of the delivery of one of our
// letters, where it is such a report.
func (e *Engine) noteDelivery(ctx context.Context, m *content.Mail) error {
	d, ok := m.Letter.Delivery()
	if !ok {
		return nil
	}
	var bounces []localstore.Bounce
	for _, r := range d.Recipients {
		if r.Action == "failed" {
			bounces = append(bounces, localstore.Bounce{Address: r.Address, Words: cmp.Or(r.Words, "It could not be delivered.")})
		}
	}
	return e.Store.Write(ctx, "delivery report", func(tx *localstore.Tx) error {
		_, err := tx.Bounced(m.Account, d.HeaderID, bounces)
		return err
	})
}
