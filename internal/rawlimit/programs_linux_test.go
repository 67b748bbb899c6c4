package rawlimit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"paquebot.app/internal/realserver"
)

// program makes a command for one work; see work.
type program = func(b *testing.B, addr, dir string) *exec.Cmd

// letters is how many letters the outbox sends.
const letters = 100

// works returns what is measured and by whom.
func works(s *realserver.Server, p *realserver.Submission) []work {
	sign := func(addr, user string) Target {
		return Target{Addr: addr, User: user, Password: realserver.Password}
	}
	letter := bytes.Repeat([]byte("A line of ordinary text of some length here.\r\n"), 120)
	all := []work{
		{
			name: "IMAP headers", addr: s.Addr(s.IMAP), messages: received,
			raw: func(ctx context.Context, addr string) (Result, error) {
				return IMAPHeaders(ctx, sign(addr, "user1"), "INBOX")
			},
			programs: map[string]program{"paquebotctl": ctlReceive("imap", "user1", "headers")},
		},
		{
			name: "IMAP whole", addr: s.Addr(s.IMAP), messages: received,
			raw: func(ctx context.Context, addr string) (Result, error) {
				return IMAPBodies(ctx, sign(addr, "user2"), "INBOX")
			},
			programs: map[string]program{"paquebotctl": ctlReceive("imap", "user2", "all"), "mbsync": mbsync},
		},
		{
			name: "POP keep", addr: s.Addr(s.POP3), messages: received,
			raw: func(ctx context.Context, addr string) (Result, error) {
				return POP(ctx, sign(addr, "user2"))
			},
			programs: map[string]program{"paquebotctl": ctlReceive("pop", "user2", "all"), "mpop": mpop},
		},
		{
			name: "send letters", addr: p.Addr(p.Port), messages: func(*testing.B, string) int { return letters },
			raw: func(ctx context.Context, addr string) (Result, error) {
				t := sign(addr, "user2")
				t.TLS = s.TLS()
				return SMTP(ctx, t, realserver.Address("user2"), realserver.Address(realserver.Outside), append([]byte("Subject: raw\r\n\r\n"), letter...), letters)
			},
			programs: map[string]program{"paquebotctl": ctlSend(s, letter)},
		},
	}
	for _, w := range all {
		for name := range w.programs {
			if !installed(name) {
				fmt.Printf("%s: %s is not here, left out\n", w.name, name)
				delete(w.programs, name)
			}
		}
	}
	return all
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

// ctlReceive is a first sync of a new account.
func ctlReceive(mode, user, policy string) program {
	return func(b *testing.B, addr, dir string) *exec.Cmd {
		prepare(b, ctl(dir, "account", "add", "bench", "--address", realserver.Address(user), "--mode", mode,
			"--incoming", addr, "--incoming-tls", "plain", "--outgoing", addr, "--outgoing-tls", "plain",
			"--user", user, "--policy", policy, "--pop-delete", "never", "--no-check", "--password-command", passwordCommand))
		return ctl(dir, "sync", "bench")
	}
}

// ctlSend sends letters that were written offline.
func ctlSend(s *realserver.Server, letter []byte) program {
	return func(b *testing.B, addr, dir string) *exec.Cmd {
		_, port, _ := net.SplitHostPort(addr)
		prepare(b, ctl(dir, "account", "add", "bench", "--address", realserver.Address("user2"), "--mode", "pop",
			"--incoming", s.Addr(s.POP3), "--incoming-tls", "plain", "--outgoing", "localhost:"+port, "--outgoing-tls", "starttls", "--ca-file", s.CAFile,
			"--user", "user2", "--policy", "all", "--pop-delete", "never", "--no-check", "--password-command", passwordCommand))
		prepare(b, ctl(dir, "sync", "bench")) // so that only sending is left
		for i := range letters {
			cmd := ctl(dir, "--offline", "send", "-t", "--account", "bench")
			cmd.Stdin = strings.NewReader(fmt.Sprintf("To: %s\r\nSubject: letter %d\r\n\r\n%s", realserver.Address(realserver.Outside), i, letter))
			prepare(b, cmd)
		}
		return ctl(dir, "sync", "bench")
	}
}

// mbsync mirrors the inbox into a Maildir.
func mbsync(b *testing.B, addr, dir string) *exec.Cmd {
	host, port, _ := net.SplitHostPort(addr)
	return configured(b, dir, fmt.Sprintf("IMAPAccount l\nHost %s\nPort %s\nUser user2\nPass %q\nSSLType None\nAuthMechs LOGIN\nTimeout 0\n\n"+
		"IMAPStore r\nAccount l\n\nMaildirStore m\nPath %[4]s/m/\nInbox %[4]s/m/INBOX\n\n"+
		"Channel c\nFar :r:\nNear :m:\nPatterns INBOX\nCreate Near\nSyncState %[4]s/state/\n",
		host, port, realserver.Password, dir), "mbsync", "-q", "-c", "CONFIG", "c")
}

// mpop downloads the maildrop into a Maildir.
func mpop(b *testing.B, addr, dir string) *exec.Cmd {
	host, port, _ := net.SplitHostPort(addr)
	return configured(b, dir, fmt.Sprintf("account l\nhost %s\nport %s\nuser user2\npassword %q\nauth user\ntls off\nkeep on\npipelining auto\n"+
		"received_header off\nuidls_file %[4]s/uidls\ndelivery maildir %[4]s/m/INBOX\n",
		host, port, realserver.Password, dir), "mpop", "-q", "-C", "CONFIG", "l")
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
