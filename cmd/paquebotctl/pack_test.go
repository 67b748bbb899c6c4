package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
)

// deliver puts a mail with a text and an attachment into the inbox.
func (v servers) deliver(i, text, attached int) {
	v.user.Deliver(fmt.Appendf(nil, "From: Amélie <amelie@fournier.example>\r\nTo: anna@example.org\r\nSubject: trip %d\r\nMessage-ID: <trip%d@fournier.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n%s\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=plan%d.bin\r\n\r\n%s\r\n--b--\r\n",
		i, i, strings.Repeat("A ferry leaves.\r\n", text/17+1), i, strings.Repeat("0123456\r\n", attached/9)), fakeserver.Epoch)
}

func TestPackAndItsReceipt(t *testing.T) {
	s, v := newShell(t), startServers(t, 3)
	for i := range 4 {
		v.deliver(i, 3000, 5000+i*20_000)
	}
	s.add(v, "imap", "--policy", "headers")
	s.want(0, "sync")
	var plan struct {
		Messages, Readable int
		Bytes              int64
	}
	s.json(&plan, "pack", "--plan", "anna")
	if plan.Messages != 7 || plan.Readable != 0 || plan.Bytes < 140_000 {
		t.Errorf("plan: %+v", plan)
	}
	var r localstore.PackReceipt
	s.json(&r, "pack", "--folder", "INBOX", "--attachments-up-to", "40k")
	if r.Messages != 7 || r.Readable != 7 || r.Attachments != 2 || r.AttachmentsSkipped != 2 || len(r.Missing) != 2 || r.Bytes == 0 {
		t.Errorf("%+v", r)
	}
	for _, m := range r.Missing {
		if m.ID == 0 || m.Part == "" || m.Bytes < 40_000 || !strings.Contains(m.Reason, "larger than the 40 KB") {
			t.Errorf("%+v", m)
		}
	}
	s.want(66, "pack", "--folder", "Nowhere")
	s.want(66, "pack", "nobody")
	s.want(64, "pack", "--days", "0")
	s.want(64, "pack", "--budget", "much")
	v.imap.Offline()
	var list messagesJSON
	s.json(&list, "list", "INBOX")
	for _, m := range list.Messages { // what the receipt promised
		s.want(0, "show", fmt.Sprint(m.ID))
	}
	if got := s.run("", "--json", "pack", "--attachments-up-to", "0"); got.code != 0 && got.code != 69 {
		t.Errorf("exit %d", got.code)
	}
	got := s.run("", "--json", "pack")
	s.checkCode(got, 69, []string{"pack"})
	if !strings.Contains(got.out, `"readable": 7`) || !strings.Contains(got.out, localstore.PackNotYet) {
		t.Errorf("%s", got.out)
	}
	if err := v.imap.Online(); err != nil {
		t.Fatal(err)
	}
	s.want(0, "sync") // the pack goes on with the next connection
	s.json(&r, "pack")
	if r.Attachments != 4 || len(r.Missing) != 0 {
		t.Errorf("%+v", r)
	}
}

// TestPackHoldsItsBudgetFromTheFirstByte counts the pass, and everything else.
func TestPackHoldsItsBudgetFromTheFirstByte(t *testing.T) {
	s, v := newShell(t), startServers(t, 0)
	for i := range 60 {
		v.deliver(i, 3000, 12_000)
	}
	s.add(v, "imap", "--policy", "all", "--no-check")
	p := startProxy(t, v.imap.Addr())
	s.want(0, "account", "set", "anna", "incoming="+p.addr)
	var r localstore.PackReceipt
	s.json(&r, "pack", "--budget", "500k")
	if moved := p.bytes(); moved > 525_000 || moved < 475_000 || r.Bytes > 525_000 || r.Readable != 60 || r.Attachments == 0 {
		t.Errorf("%d bytes on the wire; %+v", moved, r)
	}
	var traffic struct{ Accounts []reportJSON }
	s.json(&traffic, "report", "anna")
	if a := traffic.Accounts[0]; a.Up+a.Down != p.bytes() || len(a.Days) != 1 || a.Days[0].Down != a.Down {
		t.Errorf("%+v, the proxy counted %d", a, p.bytes())
	}
	s.want(0, "sync")
	s.json(&traffic, "report", "--last")
	if last := traffic.Accounts[0].Last; last == nil || last.BytesIn == 0 || traffic.Accounts[0].At == "" {
		t.Errorf("%+v", last)
	}
}

func TestPackOfAMaildropFetchesWhatWasTooLarge(t *testing.T) {
	s, v := newShell(t), startServers(t, 3)
	v.deliver(1, 3000, 90_000)
	s.add(v, "pop", "--pop-delete", "never", "--pop-fetch-up-to", "20k")
	var r localstore.PackReceipt
	s.json(&r, "pack")
	if r.Messages != 4 || r.Readable != 4 || r.Attachments != 1 || len(r.Missing) != 0 {
		t.Errorf("%+v", r)
	}
	s.json(&r, "pack")
	if r.Readable != 4 || len(r.Missing) != 0 {
		t.Errorf("again: %+v", r)
	}
}

func TestTextOnlyIsASwitch(t *testing.T) {
	s, v := newShell(t), startServers(t, 0)
	v.deliver(1, 3000, 90_000)
	s.add(v, "imap", "--policy", "all")
	s.want(0, "text-only", "on")
	s.want(64, "text-only", "maybe")
	if r := s.want(0, "brake"); !strings.HasPrefix(r.out, "on") {
		t.Errorf("the brake is %q", r.out)
	}
	s.want(0, "brake", "off")
	if r := s.want(0, "brake"); !strings.HasPrefix(r.out, "off") {
		t.Errorf("the brake is %q", r.out)
	}
	s.want(0, "sync")
	var list messagesJSON
	s.json(&list, "list", "INBOX")
	if m := list.Messages[0]; m.Body != "text" || len(m.Attachments) != 1 || m.Attachments[0].Here {
		t.Errorf("%+v", m)
	}
	var r localstore.PackReceipt
	s.json(&r, "pack")
	if r.Readable != 1 || r.AttachmentsSkipped != 1 {
		t.Errorf("%+v", r)
	}
	s.json(&r, "pack", "--attachments-up-to", "1M") // who asks for them gets them
	if r.Attachments != 1 {
		t.Errorf("%+v", r)
	}
}

// TestPackWhereAnotherProcessRunsTheEngine leaves it to that one, and follows.
func TestPackWhereAnotherProcessRunsTheEngine(t *testing.T) {
	s, v := newShell(t), startServers(t, 2)
	for i := range 3 {
		v.deliver(i, 3000, 70_000)
	}
	s.add(v, "imap", "--policy", "headers")
	s.want(0, "sync")
	other, err := localstore.Open(t.Context(), s.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	e := engine.New(engine.Config{Store: other, Password: func(context.Context, localstore.Account) (string, error) { return "secret", nil }})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	release, err := other.Lock()
	for err == nil { // until it runs
		release()
		release, err = other.Lock()
	}
	var r localstore.PackReceipt
	s.json(&r, "pack", "anna")
	if r.Readable != 5 || r.Attachments != 3 || len(r.Missing) != 0 || r.Bytes == 0 {
		t.Errorf("%+v", r)
	}
}
