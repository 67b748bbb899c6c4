package wire

import (
	"reflect"
	"testing"

	"github.com/emersion/go-imap/v2"
)

// TestWhatTheLibraryCannotAsk: XLIST in the place of LIST, and an item more in a
// FETCH, whose answers are told to whoever asked and to nobody else.
func TestWhatTheLibraryCannotAsk(t *testing.T) {
	asked := make(chan string, 3)
	c, w, rec := dial(t, Config{}, func(s *scripted) {
		s.say("", greeting)
		for _, answer := range []string{
			"* XLIST (\\HasNoChildren \\Inbox) \"/\" \"Posteingang\"\r\n* xlist (\\AllMail) \"/\" \"[Google Mail]/Alle\"\r\nTAG OK done\r\n",
			"* 1 EXISTS\r\nTAG OK done\r\n",
			"* 1 FETCH (UID 7 X-GM-MSGID 1278455344230334865 FLAGS () X-GM-THRID 3)\r\nTAG OK done\r\n",
			"* 1 FETCH (UID 7 X-GM-MSGID 5 FLAGS ())\r\nTAG OK done\r\n",
		} {
			tag, rest := s.command()
			select {
			case asked <- rest:
			default:
			}
			s.say(tag, answer)
		}
		s.hang()
	})
	if err := c.WaitGreeting(); err != nil {
		t.Fatal(err)
	}
	w.XList()
	list, err := c.List("", "*", nil).Collect()
	if err != nil || len(list) != 2 || list[0].Mailbox != "Posteingang" || !reflect.DeepEqual(list[1].Attrs, []imap.MailboxAttr{`\AllMail`}) {
		t.Errorf("%+v %v", list, err)
	}
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	told := map[imap.UID]string{}
	if err := w.AlsoFetch("X-GM-MSGID", func(uid imap.UID, value string) { told[uid] = value }); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second asks for nothing more
		got, err := collect(c, imap.UIDSet{{Start: 1, Stop: 9}}, &imap.FetchOptions{UID: true, Flags: true})
		if err != nil || len(got) != 1 || got[0].UID != 7 {
			t.Errorf("%+v %v", got, err)
		}
	}
	if !reflect.DeepEqual(told, map[imap.UID]string{7: "1278455344230334865"}) {
		t.Errorf("%v", told)
	}
	if lines := []string{<-asked, <-asked, <-asked}; lines[0] != `XLIST "" "*"` || lines[2] != "UID FETCH 1:9 (X-GM-MSGID UID FLAGS)" {
		t.Errorf("%q", lines)
	}
	if extra := only[Extra](rec.all()); !reflect.DeepEqual(extra, []Extra{{1, 7, "X-GM-THRID", "3"}, {1, 7, "X-GM-MSGID", "5"}}) {
		t.Errorf("%+v", extra)
	}
	if w.AlsoFetch("X Y", nil) == nil {
		t.Error("an item with a space")
	}
}
