package rawlimit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/realserver"
)

// program makes a command for one work; see work.
type program = func(b *testing.B, addr, dir string) *exec.Cmd

// letters is how many letters the outbox sends.
const letters = 100

// Who owns which mailbox.
const (
	many  = "user1" // $BENCH_MAILS mails
	tenth = "user2" // a tenth of them
	one   = "user3" // one mail of bigMail bytes
	none  = "user4" // nothing
	gone  = "user5" // what tenth has, before every run
	users = 5
)

// bigMail is the size of the mail that must not be held in memory.
const bigMail = 38 << 20

// works returns what is measured and by whom.
func works(s *realserver.Server, p *realserver.Submission) []work {
	type reading = func(context.Context, Target) (Result, error)
	inbox := func(read func(context.Context, Target, string) (Result, error)) reading {
		return func(ctx context.Context, t Target) (Result, error) { return read(ctx, t, "INBOX") }
	}
	receive := func(name string, port int, user string, raw reading, programs map[string]program) work {
		return work{name: name, addr: s.Addr(port), messages: received, programs: programs, raw: func(ctx context.Context, addr string) (Result, error) {
			return raw(ctx, Target{Addr: addr, User: user, Password: realserver.Password})
		}}
	}
	again := func(w work) work {
		w.keep = true
		return w
	}
	once := func(w work) work {
		w.runs = 1
		return w
	}
	away := func(w work) work {
		w.name, w.rtt = w.name+", 150 ms away", 150*time.Millisecond
		return w
	}
	imap := func(user, policy string) map[string]program {
		return map[string]program{"paquebotctl": ctlReceive("imap", user, "--policy", policy)}
	}
	whole := func(user string) map[string]program {
		return map[string]program{"paquebotctl": ctlReceive("imap", user, "--policy", "all"), "mbsync": mbsync(user), "offlineimap": offlineimap(user)}
	}
	quick := func(programs map[string]program) map[string]program {
		delete(programs, "offlineimap") // it would take longer than all the rest
		return programs
	}
	secure := func(w work, user string) work {
		w.name, w.addr = w.name+", TLS", s.Addr(s.IMAPS)
		w.raw = func(ctx context.Context, addr string) (Result, error) {
			return IMAPSize(ctx, Target{Addr: addr, User: user, Password: realserver.Password, TLS: s.TLS()}, "INBOX")
		}
		w.programs = map[string]program{"paquebotctl": ctlReceive("imap", user, "--policy", "headers", "--incoming-tls", "tls", "--ca-file", s.CAFile)}
		return w
	}
	pop := func(user string) map[string]program {
		return map[string]program{"paquebotctl": ctlReceive("pop", user, "--pop-delete", "never"), "mpop": mpop(user, "on")}
	}
	emptied := receive("POP, emptied", s.POP3, gone, POPEmpty, map[string]program{"paquebotctl": ctlEmpty(gone), "mpop": mpop(gone, "off")})
	emptied.before = func(b *testing.B) { refill(b, s) }
	letter := bytes.Repeat([]byte("A line of ordinary text of some length here.\r\n"), 120)
	all := []work{
		receive("IMAP headers", s.IMAP, many, inbox(IMAPHeaders), imap(many, "headers")),
		away(receive("IMAP headers", s.IMAP, many, inbox(IMAPHeaders), imap(many, "headers"))),
		again(receive("IMAP headers, nothing new", s.IMAP, many, inbox(IMAPSize), imap(many, "headers"))),
		away(secure(again(receive("IMAP headers, nothing new", s.IMAP, many, nil, nil)), many)),
		receive("IMAP whole", s.IMAP, tenth, inbox(IMAPBodies), whole(tenth)),
		once(receive("IMAP whole, all mails", s.IMAP, many, inbox(IMAPBodies), quick(whole(many)))),
		away(once(receive("IMAP whole", s.IMAP, tenth, inbox(IMAPBodies), whole(tenth)))),
		again(receive("IMAP whole, nothing new", s.IMAP, tenth, inbox(IMAPSize), whole(tenth))),
		away(again(receive("IMAP whole, nothing new", s.IMAP, tenth, inbox(IMAPSize), whole(tenth)))),
		receive("POP", s.POP3, tenth, POP, pop(tenth)),
		once(receive("POP, all mails", s.POP3, many, POP, pop(many))),
		away(receive("POP", s.POP3, tenth, POP, pop(tenth))),
		away(once(receive("POP, all mails", s.POP3, many, POP, pop(many)))),
		emptied,
		away(emptied),
		again(receive("POP, nothing new", s.POP3, tenth, POPSize, pop(tenth))),
		receive("IMAP, no mail", s.IMAP, none, inbox(IMAPBodies), whole(none)),
		receive("IMAP, 38 MB in one", s.IMAP, one, inbox(IMAPBodies), whole(one)),
		receive("POP, no mail", s.POP3, none, POP, pop(none)),
		receive("POP, 38 MB in one", s.POP3, one, POP, pop(one)),
		sending(s, p, letter),
		away(once(sending(s, p, letter))),
	}
	if only := os.Getenv("BENCH_WORK"); only != "" {
		all = slices.DeleteFunc(all, func(w work) bool { return !strings.Contains(w.name, only) })
	}
	missing := map[string]bool{}
	for _, w := range all {
		for name := range w.programs {
			if !installed(name) {
				missing[name] = true
				delete(w.programs, name)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		fmt.Printf("%s is not here and is left out\n", name)
	}
	return all
}

// sending is the work of emptying an outbox: over one connection, or one for
// each letter.
func sending(s *realserver.Server, p *realserver.Submission, letter []byte) work {
	return work{
		name: "send letters", addr: p.Addr(p.Port), messages: func(*testing.B, string) int { return letters },
		raw: func(ctx context.Context, addr string) (Result, error) {
			t := Target{Addr: addr, User: none, Password: realserver.Password, TLS: s.TLS()}
			return SMTP(ctx, t, realserver.Address(none), realserver.Address(realserver.Outside), append([]byte("Subject: raw\r\n\r\n"), letter...), letters)
		},
		programs: map[string]program{"paquebotctl": ctlSend(s, letter), "msmtp": msmtp(s, letter)},
	}
}

// installed tells whether a program can be measured here.
func installed(name string) bool {
	if name == "paquebotctl" {
		return os.Getenv("PAQUEBOTCTL") != ""
	}
	_, err := exec.LookPath(name)
	return err == nil
}

// ctl returns a command of paquebotctl on the profile in dir.
func ctl(dir string, args ...string) *exec.Cmd {
	return exec.Command(os.Getenv("PAQUEBOTCTL"), append([]string{"--profile", filepath.Join(dir, "profile")}, args...)...)
}

// passwordCommand prints everybody's password.
const passwordCommand = "echo '" + realserver.Password + "'"

// prepare runs a command that is not measured.
func prepare(b *testing.B, cmd *exec.Cmd) {
	b.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
}

// ctlReceive is a sync of a new account.
func ctlReceive(mode, user string, options ...string) program {
	return func(b *testing.B, addr, dir string) *exec.Cmd {
		prepare(b, ctl(dir, append([]string{"account", "add", "bench", "--address", realserver.Address(user), "--mode", mode,
			"--incoming", addr, "--incoming-tls", "plain", "--user", user, "--no-check", "--password-command", passwordCommand}, options...)...))
		return ctl(dir, "sync", "bench")
	}
}

// ctlEmpty is a sync that downloads and deletes. At first sight the maildrop is
// empty, so that no deletion waits for a yes.
func ctlEmpty(user string) program {
	return func(b *testing.B, addr, dir string) *exec.Cmd {
		cmd := ctlReceive("pop", user, "--pop-delete", "now")(b, addr, dir)
		prepare(b, ctl(dir, "sync", "bench"))
		return cmd
	}
}

// ctlSend sends letters that were written offline.
func ctlSend(s *realserver.Server, letter []byte) program {
	return func(b *testing.B, addr, dir string) *exec.Cmd {
		_, port, _ := net.SplitHostPort(addr)
		prepare(b, ctl(dir, "account", "add", "bench", "--address", realserver.Address(none), "--mode", "pop",
			"--incoming", s.Addr(s.POP3), "--incoming-tls", "plain", "--outgoing", "localhost:"+port, "--outgoing-tls", "starttls", "--ca-file", s.CAFile,
			"--user", none, "--pop-delete", "never", "--no-check", "--password-command", passwordCommand))
		for i := range letters {
			cmd := ctl(dir, "--offline", "send", "-t", "--account", "bench")
			cmd.Stdin = strings.NewReader(fmt.Sprintf("To: %s\r\nSubject: letter %d\r\n\r\n%s", realserver.Address(realserver.Outside), i, letter))
			prepare(b, cmd)
		}
		return ctl(dir, "sync", "bench")
	}
}

// msmtp sends the same letters, each by a process of its own, as cron and git do.
func msmtp(s *realserver.Server, letter []byte) program {
	return func(b *testing.B, addr, dir string) *exec.Cmd {
		_, port, _ := net.SplitHostPort(addr)
		mail := filepath.Join(dir, "letter")
		text := fmt.Sprintf("To: %s\nSubject: letter\n\n%s", realserver.Address(realserver.Outside), strings.ReplaceAll(string(letter), "\r\n", "\n"))
		if err := os.WriteFile(mail, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
		loop := fmt.Sprintf("for i in $(seq %d); do msmtp -C \"$1\" -a l -t <\"$2\" || exit 1; done", letters)
		return configured(b, dir, fmt.Sprintf("account l\nhost localhost\nport %s\nfrom %s\nauth plain\nuser %s\npassword %s\ntls on\ntls_starttls on\ntls_trust_file %s\n",
			port, realserver.Address(none), none, realserver.Password, s.CAFile), "sh", "-c", loop, "sh", "CONFIG", mail)
	}
}

// mbsync mirrors the inbox into a Maildir.
func mbsync(user string) program {
	return func(b *testing.B, addr, dir string) *exec.Cmd {
		host, port, _ := net.SplitHostPort(addr)
		return configured(b, dir, fmt.Sprintf("IMAPAccount l\nHost %s\nPort %s\nUser %s\nPass %q\nSSLType None\nAuthMechs LOGIN\nTimeout 0\n\n"+
			"IMAPStore r\nAccount l\n\nMaildirStore m\nPath %[5]s/m/\nInbox %[5]s/m/INBOX\n\n"+
			"Channel c\nFar :r:\nNear :m:\nPatterns INBOX\nCreate Near\nSyncState %[5]s/state/\n",
			host, port, user, realserver.Password, dir), "mbsync", "-q", "-c", "CONFIG", "c")
	}
}

// offlineimap mirrors the inbox into a Maildir, and changes nothing there.
func offlineimap(user string) program {
	return func(b *testing.B, addr, dir string) *exec.Cmd {
		host, port, _ := net.SplitHostPort(addr)
		return configured(b, dir, fmt.Sprintf("[general]\naccounts = l\nmetadata = %[5]s/state\n\n[Account l]\nlocalrepository = m\nremoterepository = r\n\n"+
			"[Repository m]\ntype = Maildir\nlocalfolders = %[5]s/m\n\n"+
			"[Repository r]\ntype = IMAP\nremotehost = %[1]s\nremoteport = %[2]s\nremoteuser = %[3]s\nremotepass = %[4]s\nssl = no\nstarttls = no\n"+
			"auth_mechanisms = LOGIN\nreadonly = True\nfolderfilter = lambda f: f == 'INBOX'\n",
			host, port, user, realserver.Password, dir), "offlineimap", "-o", "-u", "quiet", "-c", "CONFIG")
	}
}

// mpop downloads the maildrop into a Maildir. keep is "on" or "off".
func mpop(user, keep string) program {
	return func(b *testing.B, addr, dir string) *exec.Cmd {
		host, port, _ := net.SplitHostPort(addr)
		return configured(b, dir, fmt.Sprintf("account l\nhost %s\nport %s\nuser %s\npassword %q\nauth user\ntls off\nkeep %[6]s\npipelining auto\n"+
			"received_header off\nuidls_file %[5]s/uidls\ndelivery maildir %[5]s/m/INBOX\n",
			host, port, user, realserver.Password, dir, keep), "mpop", "-q", "-C", "CONFIG", "l")
	}
}

// configured writes a configuration file and the folders of a Maildir, and
// returns the command with the file's name in place of CONFIG.
func configured(b *testing.B, dir, text string, args ...string) *exec.Cmd {
	b.Helper()
	for _, d := range []string{"state", "m/INBOX/cur", "m/INBOX/new", "m/INBOX/tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o700); err != nil {
			b.Fatal(err)
		}
	}
	file := filepath.Join(dir, "config")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	for i, a := range args {
		if a == "CONFIG" {
			args[i] = file
		}
	}
	return exec.Command(args[0], args[1:]...)
}

// received counts the mails that a program has stored: files of a Maildir, or
// what the profile lists.
func received(b *testing.B, dir string) int {
	b.Helper()
	if _, err := os.Stat(filepath.Join(dir, "profile")); err == nil {
		out, err := ctl(dir, "--offline", "--json", "list", "bench/INBOX", "--limit", "1").Output()
		var list struct{ Total int }
		if err != nil || json.Unmarshal(out, &list) != nil {
			b.Errorf("paquebotctl list: %v\n%.300s", err, out)
		}
		return list.Total
	}
	n := 0
	filepath.WalkDir(filepath.Join(dir, "m"), func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Base(filepath.Dir(name)) != "tmp" && !strings.HasPrefix(d.Name(), ".") {
			n++
		}
		return nil
	})
	return n
}
