package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/realserver"
	"paquebot.app/internal/testmail"
	"paquebot.app/localstore"
)

// TestPackOfDovecotHoldsItsBudget: 2 MB stay under 2.1 MB, counted by a proxy,
// TLS and the headers of a mailbox seen for the first time and all, also when
// the program is killed in the midst; and what the receipt promises is read
// without a server.
func TestPackOfDovecotHoldsItsBudget(t *testing.T) {
	server := realserver.Dovecot(t, realserver.Options{})
	arrived := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	const mails = 150
	for i := range mails {
		raw := fmt.Appendf(nil, "From: Amélie <amelie@fournier.example>\r\nTo: anna@example.org\r\nSubject: trip %d\r\nMessage-ID: <trip%d@fournier.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n%s\r\n--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=plan%d.pdf\r\n\r\n", i, i, strings.Repeat("A ferry leaves the harbour.\r\n", 150), i)
		data := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{byte(i), 7, 9}, 5000+i*100))
		for len(data) > 76 {
			raw = append(raw, data[:76]+"\r\n"...)
			data = data[76:]
		}
		raw = append(raw, data+"\r\n--b--\r\n"...)
		m := testmail.Mail{Raw: raw, Arrived: arrived.Add(time.Duration(i) * time.Minute)}
		if i%2 == 1 {
			m.Flags = []string{`\Seen`}
		}
		if i == 0 {
			server.Append(t, "user1", "INBOX", "", m.Arrived, m.Raw)
			continue
		}
		layMail(t, server, "user1", i, m)
	}
	for _, killed := range []bool{false, true} {
		t.Run(map[bool]string{false: "at once", true: "killed"}[killed], func(t *testing.T) {
			v := &voyage{newShell(t), server, startProxy(t, server.Addr(server.IMAP)), mails}
			if killed {
				v.proxy.fates = []fate{{fromServer: true, after: 400_000, kill: true}, {fromServer: true, after: 700_000, kill: true}}
			}
			v.join(server, nil, user{name: "user1", mode: "imap", incoming: v.proxy.addr, tls: "starttls", more: []string{"--policy", "all", "--no-check"}})
			for killed && v.proxy.waiting() > 0 {
				v.mortal(v.proxy.arm, "pack", "--budget", "2M")
			}
			before := v.proxy.bytes()
			out := v.want(0, "--json", "pack", "--budget", "2M")
			var r localstore.PackReceipt
			if err := json.Unmarshal([]byte(out.out), &r); err != nil {
				t.Fatal(err)
			}
			moved := v.proxy.bytes()
			t.Logf("%d bytes on the wire (%d before), %d in the receipt; %d of %d texts, %d attachments, %d skipped", moved, before, r.Bytes, r.Readable, r.Messages, r.Attachments, r.AttachmentsSkipped)
			if moved > 2_100_000 || moved < 1_900_000 || r.Readable != mails || r.Attachments == 0 || r.AttachmentsSkipped == 0 {
				t.Errorf("%d bytes on the wire for a budget of 2 MB; %d of %d", moved, r.Readable, r.Messages)
			}
			missing := map[localstore.MessageID]bool{}
			for _, m := range r.Missing {
				missing[m.ID] = true
				if !strings.Contains(m.Reason, "budget of 2 MB") {
					t.Errorf("%+v", m)
				}
			}
			var list messagesJSON
			v.json(&list, "--offline", "list", "INBOX", "--limit", "0")
			for i, m := range list.Messages {
				if len(m.Attachments) != 1 || m.Attachments[0].Here == missing[m.ID] {
					t.Errorf("%s: attachments %+v, missing %v", m.Subject, m.Attachments, missing[m.ID])
				}
				if i%30 == 0 {
					v.want(0, "--offline", "show", fmt.Sprint(m.ID))
				}
				if i < 2 && m.Subject == "trip 148" && missing[m.ID] {
					t.Error("the attachment of the newest unread mail is not here")
				}
			}
		})
	}
}
