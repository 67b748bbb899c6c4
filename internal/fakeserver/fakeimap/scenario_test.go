package fakeimap_test

import (
	"bufio"
	"compress/flate"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
)

// A play sends commands under a scenario. Each step is a command and what the
// answer must hold; "<EOF>" stands for the end of the connection, "<" for
// silence, "<flood>" for more than any honest answer.
type play []string

var plays = map[string]play{
	"auth-fail":             {"LOGIN anna secret", "NO [AUTHENTICATIONFAILED]", "AUTHENTICATE PLAIN AGFubmEAc2VjcmV0", "NO [AUTH"},
	"auth-unavailable":      {"LOGIN anna secret", "NO [UNAVAILABLE]"},
	"auth-plain-no":         {"LOGIN anna secret", "NO no"},
	"referral":              {"LOGIN anna secret", "NO [REFERRAL imap://evil"},
	"contactadmin":          {"LOGIN anna secret", "NO [CONTACTADMIN]"},
	"alert-flood":           {"LOGIN anna secret", "[ALERT] alert 999"},
	"login-disabled":        {"CAPABILITY", "LOGINDISABLED", "LOGIN anna secret", "NO"},
	"preauth":               {"SELECT INBOX", "OK [READ-WRITE]"},
	"capability-lies":       {"CAPABILITY", "X-UNHEARD-OF", "COMPRESS DEFLATE", "BAD"},
	"hang-at-login":         {"LOGIN anna secret", "<"},
	"drop-at-login":         {"LOGIN anna secret", "<EOF>"},
	"capability-changes":    in("IDLE", "BAD"),
	"no-uidplus":            in("UID EXPUNGE 1", "BAD"),
	"no-move":               in("UID MOVE 1 Trash", "BAD"),
	"mailbox-endless":       in(`LIST "" *`, "<flood>"),
	"mailbox-many":          in(`LIST "" *`, "many/19999"),
	"mailbox-evil":          in(`LIST "" *`, "../../evil"),
	"mailbox-renamed":       in(`LIST "" *`, `"Archive (renamed)"`),
	"create-no":             in("CREATE New", "NO [NOPERM]"),
	"rename-no":             in("RENAME Archive New", "NO [NOPERM]"),
	"delete-no":             in("DELETE Archive", "NO [NOPERM]"),
	"special-use-dup":       in(`LIST "" *`, `(\Archive \Sent \HasNoChildren)`),
	"noselect-inbox":        {"LOGIN anna secret", "OK", `LIST "" INBOX`, `\Noselect`, "SELECT INBOX", "NO"},
	"select-no":             in("SELECT Archive", "NO [UNAVAILABLE]", "SELECT INBOX", "OK"),
	"missing-plain":         in("SELECT Nowhere", "NO no"),
	"delimiter-odd":         in(`LIST "" *`, `"\\"`),
	"names-below-inbox":     in(`LIST "" *`, `"." "INBOX.Trash"`, "CREATE Odd", "NO [CANNOT]", "NAMESPACE", `(("INBOX." "."))`),
	"others-folders":        in("NAMESPACE", `(("Other Users/" "/")) (("&AOk-quipe/" "/"))`),
	"uidvalidity-missing":   in("SELECT INBOX", "!UIDVALIDITY"),
	"uidvalidity-zero":      in("SELECT INBOX", "[UIDVALIDITY 0]"),
	"uidvalidity-change":    in("UID FETCH 2 (BODY.PEEK[HEADER.FIELDS (SUBJECT)])", "letter 1"),
	"uidvalidity-decrease":  in("SELECT INBOX", "[UIDVALIDITY 16999"),
	"uidnotsticky":          in("SELECT INBOX", "[UIDNOTSTICKY]"),
	"uidnext-lies":          in("SELECT INBOX", "[UIDNEXT 1]"),
	"exists-overflow":       in("SELECT INBOX", "* 4294967295 EXISTS"),
	"wipe":                  in("SELECT INBOX", "* 0 EXISTS", "UID SEARCH ALL", "* SEARCH\n", "NOOP", "!EXISTS"),
	"nomodseq":              in("SELECT INBOX", "[NOMODSEQ]"),
	"modseq-overflow":       in("SELECT INBOX", "[HIGHESTMODSEQ 18446744073709551616]"),
	"readonly":              in("SELECT INBOX", "OK [READ-ONLY]", `UID STORE 1 +FLAGS (\Seen)`, "NO [READ-ONLY]"),
	"permanentflags-none":   in("SELECT INBOX", "[PERMANENTFLAGS ()]", `UID STORE 1 +FLAGS (\Seen)`, "FLAGS ()"),
	"search-blind":          in("UID SEARCH HEADER Message-ID 1@fournier.example", "* SEARCH\n"),
	"store-no":              in(`UID STORE 1 +FLAGS (\Seen)`, "NO"),
	"store-later":           in(`UID STORE 1 +FLAGS (\Seen)`, "NO [INUSE]"),
	"store-ignored":         in(`UID STORE 1 +FLAGS (\Seen)`, "FLAGS ()"),
	"drop-after-store":      in(`UID STORE 1 +FLAGS (\Seen)`, "<EOF>"),
	"expunge-during-fetch":  in("UID FETCH 1:3 (FLAGS)", "* 1 FETCH (UID 1 FLAGS ())\n* 1 EXPUNGE\n* 1 FETCH (UID 2 "),
	"expunge-race":          in("UID FETCH 2 (BODY.PEEK[])", "!FETCH ("),
	"fetch-empty-ok":        in("UID FETCH 2 (BODY.PEEK[])", "!FETCH ("),
	"expungeissued":         in("UID FETCH 2 (BODY.PEEK[])", "NO [EXPUNGEISSUED]"),
	"other-client":          in("NOOP", "*", "NOOP", "*", "NOOP", "*"),
	"fetch-wrong-uid":       in("UID FETCH 1 (FLAGS)", "UID 1001"),
	"uid-zero":              in("UID FETCH 1 (FLAGS)", "UID 0"),
	"uid-negative":          in("UID FETCH 1 (FLAGS)", "UID -1"),
	"uid-overflow":          in("UID FETCH 1 (FLAGS)", "UID 4294967297"),
	"uid-last":              in("UID FETCH 1 (FLAGS)", "(FLAGS () UID 1)"),
	"lowercase":             in("UID FETCH 1 (FLAGS)", "* 1 fetch (uid 1 flags ())"),
	"internaldate-nil":      in("UID FETCH 1 (INTERNALDATE)", "INTERNALDATE NIL"),
	"size-negative":         in("UID FETCH 1 (RFC822.SIZE)", "RFC822.SIZE -1"),
	"size-lies":             in("UID FETCH 1 (RFC822.SIZE)", "RFC822.SIZE 2"),
	"fetch-extra-items":     in("UID FETCH 1 (FLAGS)", "X-GM-LABELS"),
	"flags-evil":            in("UID FETCH 1 (FLAGS)", `\*`),
	"flags-flood":           in("UID FETCH 1 (FLAGS)", "keyword19999)"),
	"literal-in-flags":      in("UID FETCH 1 (FLAGS)", "FLAGS ({5}\n\\Seen)"),
	"envelope-garbage":      in("UID FETCH 1 (ENVELOPE)", "Klee"),
	"bodystructure-garbage": in("UID FETCH 1 (BODYSTRUCTURE)", "NIL NIL -1"),
	"deep-parens":           in("UID FETCH 1 (BODYSTRUCTURE)", "(((((((("),
	"truncated-literal":     in("UID FETCH 1 (BODY.PEEK[])", "<EOF>"),
	"hang-in-fetch":         in("UID FETCH 1 (BODY.PEEK[])", "<"),
	"negative-literal":      in("UID FETCH 1 (BODY.PEEK[])", "<"),
	"huge-literal":          in("UID FETCH 1 (BODY.PEEK[])", "<flood>"),
	"overflow-literal":      in("UID FETCH 1 (BODY.PEEK[])", "<flood>"),
	"never-ending-line":     in("UID FETCH 1 (FLAGS)", "<flood>"),
	"endless-untagged":      in("NOOP", "<flood>"),
	"exists-shrinks":        in("NOOP", "* 1 EXISTS"),
	"unasked-fetch":         in("NOOP", "* 3 FETCH (UID 99999"),
	"vanished-bogus":        in("NOOP", "* VANISHED 1:4294967295"),
	"unasked-status":        in("NOOP", `* STATUS "INBOX" (MESSAGES 3 `),
	"move-partial":          in("UID MOVE 1:2 Trash", "<EOF>"),
	"copy-drop":             in("UID COPY 1:2 Trash", "<EOF>"),
	"copy-several-no":       in("UID COPY 1:2 Trash", "NO [LIMIT]"),
	"append-drop":           in("APPEND Sent {1+}\r\nx", "<EOF>"),
	"append-no-cont":        in("APPEND Sent {1}", "<"),
	"append-trycreate":      in("APPEND Sent {1+}\r\nx", "NO [TRYCREATE]"),
	"append-overquota":      in("APPEND Sent {1+}\r\nx", "NO [OVERQUOTA]"),
	"append-toobig":         in("APPEND Sent {1+}\r\nx", "NO [TOOBIG]"),
	"no-appenduid":          in("APPEND Sent {1+}\r\nx", "OK appended", "UID COPY 1 Trash", "OK copied"),
	"appenduid-wrong":       in("APPEND Sent {1+}\r\nx", " 101] appended"),
	"idle-no":               in("IDLE", "NO"),
	"idle-drop":             in("IDLE", "<EOF>"),
	"idle-flood":            in("IDLE", "<flood>"),
}

// in is a play in the selected INBOX.
func in(steps ...string) play {
	return append(play{"LOGIN anna secret", "OK", "SELECT INBOX", "OK"}, steps...)
}

func TestScenarios(t *testing.T) {
	for name, steps := range plays {
		t.Run(name, func(t *testing.T) {
			w, u := world(3)
			s := fakeimap.Start(t, w, fakeimap.Options{})
			if err := s.Scenario(name); err != nil {
				t.Fatal(err)
			}
			c := raw(t, s)
			for i := 0; i < len(steps); i += 2 {
				step(t, c, steps[i], steps[i+1])
			}
			after(t, name, u)
		})
	}
}

func step(t *testing.T, c *client, command, want string) {
	t.Helper()
	tag := c.say(command)
	var heard strings.Builder
	buf := make([]byte, 64<<10)
	if want == "<" {
		c.nc.SetReadDeadline(time.Now().Add(30 * time.Millisecond))
	}
	for {
		n, err := c.r.Read(buf)
		heard.Write(buf[:n])
		text := "\n" + strings.ReplaceAll(heard.String(), "\r\n", "\n")
		switch {
		case want == "<flood>" && heard.Len() > 1<<20:
			return
		case err != nil && strings.Contains(err.Error(), "timeout") && want == "<":
			return
		case err != nil && want == "<EOF>" && !strings.Contains(text, "\n"+tag+" "):
			return
		case err != nil:
			t.Fatalf("%s: heard %q, then %v, want %q", command, text, err, want)
		case want == "<" && strings.Contains(text, "\n"+tag+" "):
			t.Fatalf("%s: heard %q, want silence", command, text)
		case want == "<":
		case !strings.Contains(text, "\n"+tag+" ") || !strings.HasSuffix(text, "\n"):
		case strings.HasPrefix(want, "!"):
			if strings.Contains(text, want[1:]) {
				t.Fatalf("%s: heard %q, and not wanted %q", command, text, want[1:])
			}
			return
		case !strings.Contains(text, want):
			t.Fatalf("%s: heard %q, want %q", command, text, want)
		default:
			return
		}
	}
}

// after checks what a scenario has left behind in truth.
func after(t *testing.T, name string, u *fakeserver.User) {
	t.Helper()
	for _, c := range []struct{ scenario, box, want string }{
		{"move-partial", "INBOX", "2,3"},
		{"move-partial", "Trash", "1"},
		{"copy-drop", "INBOX", "1,2,3"},
		{"copy-drop", "Trash", "1,2"},
		{"append-drop", "Sent", "1"},
		{"append-overquota", "Sent", ""},
		{"expunge-race", "INBOX", "1,3"},
		{"uidvalidity-change", "INBOX", "2,3,4"},
		{"wipe", "INBOX", "1,2,3"},
	} {
		if got := uids(u, c.box); name == c.scenario && got != c.want {
			t.Errorf("%s holds %q, want %q", c.box, got, c.want)
		}
	}
	if m, _ := u.Mailbox("INBOX").Message(1); m.Has(`\Seen`) != (name == "drop-after-store") && name != "other-client" {
		t.Errorf("flags = %v", m.Flags)
	}
}

func TestIdleSilent(t *testing.T) {
	w, u := world(1)
	s := fakeimap.Start(t, w, fakeimap.Options{})
	s.Scenario("idle-silent")
	c := raw(t, s)
	c.ask("LOGIN anna secret", "OK")
	c.ask("SELECT INBOX", "OK")
	tag := c.say("IDLE")
	c.until("+")
	u.Deliver(letter(2), fakeserver.Epoch)
	c.nc.Write([]byte("DONE\r\n"))
	if got := c.until(tag); strings.Contains(got, "EXISTS") {
		t.Errorf("IDLE = %s", got)
	}
	if got := c.ask("NOOP", "OK"); !strings.Contains(got, "* 2 EXISTS") {
		t.Errorf("NOOP = %s", got)
	}
}

func TestDataBeforeTLS(t *testing.T) {
	w, _ := world(1)
	s := fakeimap.Start(t, w, fakeimap.Options{Transport: fakeserver.Transport{TLS: fakeserver.StartTLS}})
	s.Scenario("pre-tls-data", "starttls-inject")
	c := raw(t, s)
	if l := c.line() + c.line(); !strings.Contains(l, "ALERT") || !strings.Contains(l, "EVIL") {
		t.Errorf("heard %q", l)
	}
	tag := c.say("STARTTLS")
	c.until(tag + " OK")
	if l := c.line(); !strings.Contains(l, "EVIL") {
		t.Errorf("heard %q", l)
	}
}

func TestTheBombIsDeflate(t *testing.T) {
	w, _ := world(1)
	s := fakeimap.Start(t, w, fakeimap.Options{})
	s.Scenario("compress-bomb")
	c := raw(t, s)
	if !strings.Contains(c.greeting, "COMPRESS=DEFLATE") {
		t.Errorf("greeting %q", c.greeting)
	}
	c.ask("COMPRESS DEFLATE", "OK")
	inflated := bufio.NewReader(flate.NewReader(c.r))
	if n, err := inflated.Discard(64 << 20); err != nil {
		t.Errorf("the bomb ended after %d bytes: %v", n, err)
	}
	if in := s.Stats().Out; in > 8<<20 { // what the sockets hold was sent too
		t.Errorf("64 MB cost %d bytes", in)
	}
}
