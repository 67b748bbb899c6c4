package journey

import (
	"strings"
	"testing"
	"time"

	"paquebot.app/localstore"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func TestAReportInWords(t *testing.T) {
	j := localstore.Journey{Since: noon.AddDate(0, 0, -7), Online: noon, Ended: noon, JourneyReport: localstore.JourneyReport{
		Sent: []localstore.JourneyLetter{{Letter: 1, Subject: "One\nBcc: x", State: localstore.OutFiled, Recipients: []localstore.Recipient{
			{Address: "bo@x.example", State: localstore.RecipientAccepted, Reply: "sent: 2.0.0 Ok: queued as 4ABC", Sent: true},
			{Address: "cy@x.example", State: localstore.RecipientAccepted, Reply: "sent: thank you", Sent: true}}}},
		Waiting: []localstore.JourneyLetter{
			{Letter: 2, State: localstore.OutQueued, Reason: "451 4.7.1 greylisted", Next: noon.Add(time.Minute), Recipients: []localstore.Recipient{{Address: "dee@x.example", State: localstore.RecipientQueued}}},
			{Letter: 3, State: localstore.OutQueued}},
		Received:  []localstore.JourneyFolder{{Path: "INBOX", New: 40, Unread: 7}, {Path: "Lists", New: 2}},
		Applied:   []localstore.JourneyApplied{{Kind: localstore.PendMove, Count: 1}, {Kind: localstore.PendDelete, Count: 30}},
		Conflicts: []localstore.JourneyConflict{{Text: "INBOX: empty", Folder: 1, Choices: []string{localstore.ChoiceKeep, "other"}}, {Text: "told"}},
	}}
	want := `anna: offline since Sat, 7 March 2026 at 12:00
online again Sat, 14 March 2026 at 12:00
Sent 1 of 3, received 42, applied 31, 1 to decide.

Sent
  One Bcc: x
    bo@x.example: accepted as 4ABC
    cy@x.example: accepted (thank you)

Not sent
  No subject (letter 2, queued)
    The server puts off letters from senders it does not know yet. The next try passes. The server said: 451 4.7.1 greylisted
    next try Sat, 14 March 2026 at 12:01
    dee@x.example: waits
  No subject (letter 3, queued)
    It waits for a connection.

Received
  INBOX: 40, 7 of them unread
  Lists: 2, 0 of them unread

Applied
  1 move
  30 deletions

To know and to decide
  INBOX: empty
    Keep here · other
  told
`
	if got := Text(j, "anna", time.UTC); got != want {
		t.Errorf("%s", got)
	}
	if got := Headline(localstore.Journey{}); got != "Nothing happened" {
		t.Errorf("%q", got)
	}
	if ids := QueueIDs(j.Sent[0]); strings.Join(ids, " ") != "4ABC" {
		t.Errorf("%v", ids)
	}
}
