package letter

import (
	"strings"
	"testing"
)

const bounce = `From: Mail Delivery System <mailer-daemon@x.example>
To: mara@example.org
Subject: Undelivered Mail Returned to Sender
Message-ID: <dsn@x.example>
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

I could not deliver it.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.x.example
Arrival-Date: Sat, 14 Mar 2026 10:00:00 +0000

Original-Recipient: rfc822;Bo@y.example
Final-Recipient: rfc822; bo@mailbox.y.example
Action: Failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <bo@mailbox.y.example>:
    no such user

Final-Recipient: rfc822; cy@y.example
Action: delayed (so far)
Status: 4.4.1
--b
Content-Type: text/rfc822-headers

Message-ID: <one@example.org>
Subject: One
--b--
`

func TestReportsOfDelivery(t *testing.T) {
	d, ok := Parse(crlf(bounce)).Delivery()
	if !ok || d.HeaderID != "one@example.org" || len(d.Recipients) != 2 ||
		d.Recipients[0] != (DeliveryTo{"Bo@y.example", "failed", "550 5.1.1 <bo@mailbox.y.example>: no such user"}) ||
		d.Recipients[1] != (DeliveryTo{"cy@y.example", "delayed", "4.4.1"}) {
		t.Errorf("%+v, %v", d, ok)
	}
	for name, change := range map[string][2]string{
		"another type":      {"multipart/report", "multipart/mixed"},
		"no letter":         {"Message-ID: <one@example.org>\n", ""},
		"nobody":            {"Action:", "X-Action:"},
		"no status at all":  {"message/delivery-status", "text/plain"},
		"inside of another": {"From: Mail", "Content-Type: message/rfc822\n\nFrom: Mail"},
	} {
		if d, ok := Parse(crlf(strings.ReplaceAll(bounce, change[0], change[1]))).Delivery(); ok {
			t.Errorf("%s: %+v", name, d)
		}
	}
	large := strings.Replace(bounce, "Action: delayed", strings.Repeat("X: y\n", 100_000)+"Action: delayed", 1)
	if d, _ := Parse(crlf(large)).Delivery(); len(d.Recipients) > 2 {
		t.Errorf("%d recipients", len(d.Recipients))
	}
}

func FuzzDelivery(f *testing.F) {
	f.Add(bounce)
	f.Add("Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n\n\nFinal-Recipient:\n")
	f.Fuzz(func(t *testing.T, raw string) {
		d, ok := Parse([]byte(raw)).Delivery()
		if ok && (d.HeaderID == "" || len(d.Recipients) == 0 || len(d.Recipients) > mostDeliveries) {
			t.Errorf("%+v", d)
		}
		for _, r := range d.Recipients {
			if strings.ContainsAny(r.Address+r.Action+r.Words, "\r\n\x00") {
				t.Errorf("%+v", r)
			}
		}
	})
}
