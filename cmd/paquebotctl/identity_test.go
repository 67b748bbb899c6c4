package main

import (
	"fmt"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver"
)

type identitiesDoc struct {
	Identities []identityJSON `json:"identities"`
}

func TestIdentity(t *testing.T) {
	s, v := newShell(t), startServers(t, 0)
	s.add(v, "imap")
	const account = "anna"
	var list identitiesDoc
	s.json(&list, "identity", "list")
	if len(list.Identities) != 1 || !list.Identities[0].Own || !list.Identities[0].Default || list.Identities[0].Account != account {
		t.Fatalf("%+v", list)
	}
	own := list.Identities[0]
	r := s.run("Anna's shop\nQuay 4\n", "--json", "identity", "add", account, "--address", "shop@demo.example", "--name", "Anna's shop", "--reply-to", "desk@demo.example", "--signature", "-")
	s.checkCode(r, 0, nil)
	s.json(&list, "identity", "list", account)
	shop := list.Identities[1]
	if shop.Address != "shop@demo.example" || shop.Signature != "Anna's shop\nQuay 4" || shop.ReplyTo != "desk@demo.example" || shop.Own || shop.Default {
		t.Fatalf("%+v", shop)
	}
	s.want(65, "identity", "add", account, "--address", "SHOP@demo.example")
	s.want(65, "identity", "add", account, "--address", "nobody")
	s.want(64, "identity", "add", account)
	s.want(66, "identity", "add", "nowhere", "--address", "x@demo.example")
	s.want(66, "identity", "change", "77", "--name", "x")
	s.want(65, "identity", "remove", fmt.Sprint(own.ID))
	s.want(0, "identity", "change", fmt.Sprint(own.ID), "--name", "Anna B.")
	s.want(0, "identity", "change", fmt.Sprint(shop.ID), "--default")
	s.json(&list, "identity", "list")
	if !list.Identities[0].Default || list.Identities[0].ID != shop.ID || list.Identities[1].Name != "Anna B." {
		t.Errorf("%+v", list)
	}
	if out := s.want(0, "--json", "account", "show", account).out; !strings.Contains(out, `"Anna B."`) {
		t.Errorf("the account does not have the name: %s", out)
	}
	s.checkCode(s.run("To: bo@demo.example\nSubject: new\n\nHello\n", "send"), 0, nil)
	s.checkCode(s.run("From: shop@demo.example\nTo: bo@demo.example\nSubject: given\n\nHello\n", "send"), 0, nil)
	s.want(0, "sync")
	all := v.smtp.Accepted()
	if len(all) != 2 || all[0].From != "shop@demo.example" || !strings.Contains(string(all[0].Raw), "From: Anna's shop <shop@demo.example>\r\n") || strings.Contains(string(all[1].Raw), "\r\n-- \r\n") {
		t.Errorf("%+v", all)
	}
	s.want(0, "identity", "remove", fmt.Sprint(shop.ID))
	if s.json(&list, "identity", "list"); len(list.Identities) != 1 || !list.Identities[0].Default {
		t.Errorf("%+v", list)
	}
}

// TestAnswersAreFromTheIdentityTheyWereWrittenTo: and are signed.
func TestAnswersAreFromTheIdentityTheyWereWrittenTo(t *testing.T) {
	s, v := newShell(t), startServers(t, 0)
	v.user.Deliver([]byte("From: Bo <bo@demo.example>\r\nTo: Shop <shop@demo.example>, cy@demo.example\r\nDelivered-To: anna@example.org\r\nSubject: Order\r\nMessage-ID: <o@demo.example>\r\n\r\nTwo, please.\r\n"), fakeserver.Epoch)
	s.add(v, "imap")
	const account = "anna"
	s.checkCode(s.run("The shop", "identity", "add", account, "--address", "shop@demo.example", "--signature", "-"), 0, nil)
	s.want(0, "sync")
	id := s.newest("INBOX")
	s.checkCode(s.run("Gladly.", "reply", id, "--all", "--body", "-"), 0, nil)
	s.checkCode(s.run("As myself.", "reply", id, "--body", "-", "--from", "anna@example.org"), 0, nil)
	s.checkCode(s.run("x", "reply", id, "--body", "-", "--from", "else@example.org"), 66, nil)
	s.want(0, "sync")
	all := v.smtp.Accepted()
	if len(all) != 2 {
		t.Fatalf("%d letters left", len(all))
	}
	raw := string(all[0].Raw)
	if all[0].From != "shop@demo.example" || strings.Join(all[0].To, " ") != "bo@demo.example cy@demo.example" || !strings.HasSuffix(raw, "> Two, please.\r\n\r\n-- \r\nThe shop\r\n") {
		t.Errorf("from %s to %v\n%s", all[0].From, all[0].To, raw)
	}
	if all[1].From != "anna@example.org" || strings.Contains(string(all[1].Raw), "The shop") {
		t.Errorf("from %s\n%s", all[1].From, all[1].Raw)
	}
}
