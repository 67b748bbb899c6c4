package engine

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// trips delivers n mails with a text and an attachment.
func (r *rig) trips(n int) {
	for i := range n {
		r.user.Deliver(fmt.Appendf(nil, "From: Amélie <amelie@fournier.example>\r\nTo: anna@example.org\r\nSubject: trip %d\r\nMessage-ID: <trip%d@fournier.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n%s\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=plan.bin\r\n\r\n%s\r\n--b--\r\n",
			i, i, strings.Repeat("A ferry leaves.\r\n", 200), strings.Repeat("0123456\r\n", 10_000)), fakeserver.Epoch)
	}
	r.write(func(tx *localstore.Tx) error {
		r.account.Policy = localstore.FetchHeaders
		return tx.SetAccount(r.account)
	})
}

func (r *rig) begin(c localstore.PackChoice) {
	r.Helper()
	r.write(func(tx *localstore.Tx) error {
		if err := tx.BeginPack(r.account.ID, c, r.engine.Clock.Now()); err != nil {
			return err
		}
		return tx.SettlePack(r.account.ID)
	})
}

// packed tells whether the account's pack has ended, and how.
func (r *rig) packed(v *localstore.View) (receipt localstore.PackReceipt, ended bool, err error) {
	p, ok, err := v.PackOf(r.account.ID)
	if err != nil || !ok || p.UnderWay() {
		return receipt, false, err
	}
	receipt, err = v.PackReceipt(p)
	return receipt, true, err
}

// TestTheRunningEngineCarriesAPackThatAWindowBegan, also one that was begun
// while it worked offline, and counts what it moved.
func TestTheRunningEngineCarriesAPackThatAWindowBegan(t *testing.T) {
	r := newRig(t)
	r.trips(12)
	r.run()
	r.inbox(12)
	r.engine.WorkOffline(true)
	r.begin(localstore.PackChoice{Attachments: localstore.AllAttachments, Budget: 700_000})
	r.read(func(v *localstore.View) error {
		if _, ended, err := r.packed(v); ended || err != nil {
			t.Errorf("offline it has ended: %v", err)
		}
		return nil
	})
	r.engine.WorkOffline(false)
	var receipt localstore.PackReceipt
	r.until("the pack", func(v *localstore.View) (ended bool, err error) {
		receipt, ended, err = r.packed(v)
		return ended, err
	})
	if receipt.Readable != 12 || receipt.Attachments == 0 || receipt.AttachmentsSkipped == 0 || receipt.Bytes > 735_000 || receipt.Bytes < 600_000 {
		t.Errorf("%+v", receipt)
	}
	r.engine.storeTraffic(context.Background())
	r.read(func(v *localstore.View) error {
		rows, err := v.TrafficSince(r.engine.Clock.Now())
		stats := r.imap.Stats()
		if len(rows) != 1 || rows[0].Up+rows[0].Down > stats.In+stats.Out || rows[0].Down < receipt.Bytes*9/10 {
			t.Errorf("%+v, the server counted %d", rows, stats.In+stats.Out)
		}
		return err
	})
}

func (r *rig) read(f func(*localstore.View) error) {
	r.Helper()
	if err := r.store.Read(context.Background(), f); err != nil {
		r.Fatal(err)
	}
}

// TestPackWithoutANetworkSaysWhatIsMissing and goes on when there is one.
func TestPackWithoutANetworkSaysWhatIsMissing(t *testing.T) {
	r := newRig(t)
	r.trips(3)
	ctx := context.Background()
	if report := r.engine.Pass(ctx, r.account); report.Error != nil {
		t.Fatal(report.Error)
	}
	r.imap.Offline()
	p, receipt, err := r.engine.Pack(ctx, r.account, localstore.PackChoice{Attachments: localstore.AllAttachments})
	if fault.ExitCode(err) != fault.ExitOffline || !p.UnderWay() || len(receipt.Missing) != 3 || receipt.Missing[0].Reason != localstore.PackNotYet {
		t.Errorf("%v, %+v", err, receipt)
	}
	if err := r.imap.Online(); err != nil {
		t.Fatal(err)
	}
	if report := r.engine.Pass(ctx, r.account); report.Error != nil { // any pass goes on with it
		t.Fatal(report.Error)
	}
	r.read(func(v *localstore.View) error {
		receipt, ended, err := r.packed(v)
		if !ended || receipt.Attachments != 3 || len(receipt.Missing) != 0 {
			t.Errorf("%+v", receipt)
		}
		return err
	})
}

// TestPackReconnects: connections that break in the midst cost what was under
// way, and nothing is missing.
func TestPackReconnects(t *testing.T) {
	r := newRig(t)
	r.trips(12)
	var cuts atomic.Int32
	r.imap.Watch(func(l fakeserver.Line) {
		if l.Client && strings.Contains(l.Text, "BODY.PEEK[") && cuts.Add(1)%7 == 3 && cuts.Load() < 30 {
			r.imap.Offline()
			if err := r.imap.Online(); err != nil {
				t.Error(err)
			}
		}
	})
	p, receipt, err := r.engine.Pack(context.Background(), r.account, localstore.PackChoice{Attachments: localstore.AllAttachments, Budget: 5_000_000})
	if err != nil || p.UnderWay() || receipt.Readable != 12 || receipt.Attachments != 12 || len(receipt.Missing) != 0 || cuts.Load() < 10 {
		t.Errorf("%v after %d bodies; %+v", err, cuts.Load(), receipt)
	}
}

// TestAPackIsNotFollowedByWhatThePolicyAsksFor: that is not on its budget.
func TestAPackIsNotFollowedByWhatThePolicyAsksFor(t *testing.T) {
	r := newRig(t)
	r.trips(6)
	r.write(func(tx *localstore.Tx) error {
		r.account.Policy = localstore.FetchAll
		return tx.SetAccount(r.account)
	})
	_, receipt, err := r.engine.Pack(context.Background(), r.account, localstore.PackChoice{Budget: 100_000})
	if err != nil || receipt.Readable != 6 || receipt.Bytes > 105_000 {
		t.Errorf("%v; %+v", err, receipt)
	}
	if stats := r.imap.Stats(); stats.In+stats.Out > 105_000 {
		t.Errorf("%d bytes were moved", stats.In+stats.Out)
	}
}
