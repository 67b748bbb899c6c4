package realserver

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// suitePostfix is the name under which a missing Postfix is reported.
const suitePostfix = "real Postfix"

// Recipients and senders that make a letter fail on cue. Every address of
// Domain that is no user's is refused with 550 at RCPT TO, and a letter of
// more than MaxLetter bytes with 552.
const (
	Ghost    = "ghost@" + Domain     // 550 at RCPT TO: no such user
	TryLater = "tempfail@" + Domain  // 451 at RCPT TO
	DenyData = "deny-data@" + Domain // as sender: 554 after the letter's last byte

	MaxLetter = 20 << 20
)

// Submission is a running Postfix that takes letters from those who sign in,
// delivers to the users of a Dovecot, and to its user Outside whatever is
// meant for another domain.
type Submission struct {
	Host    string
	Port    int // STARTTLS; sign-in only after it
	TLSPort int // TLS from the first byte

	server  *Server
	process *process
}

// Postfix starts a private submission server beside s, which checks its
// users' passwords. It is stopped when the test ends.
func Postfix(t testing.TB, s *Server) *Submission {
	t.Helper()
	program(t, suitePostfix, "postfix", "postfix")
	needRoot(t, suitePostfix)
	p := &Submission{Host: "127.0.0.1", server: s}
	makeDirs(t, s.dir, "postfix/conf", "postfix/queue", "postfix/data")
	p.writeMaps(t)
	p.Start(t)
	t.Cleanup(func() { p.Stop(t) })
	return p
}

// Start starts the server again after Stop, on new ports. What it had not yet
// delivered is still in its queue.
func (p *Submission) Start(t testing.TB) {
	t.Helper()
	var err error
	for range 3 { // somebody else may take a port before Postfix has it
		if err = p.tryStart(t); err == nil {
			return
		}
	}
	t.Fatalf("Postfix did not start: %v\n%s\n%s", err, tail(p.server.log("postfix")), tail(p.server.log("postfix-start")))
}

// Stop stops the server.
func (p *Submission) Stop(t testing.TB) {
	t.Helper()
	if p.process != nil {
		p.process.stop(t)
	}
}

// Addr returns host:port for a port of this server.
func (p *Submission) Addr(port int) string { return net.JoinHostPort(p.Host, strconv.Itoa(port)) }

func (p *Submission) tryStart(t testing.TB) error {
	t.Helper()
	ports, err := freePorts(p.Host, 2)
	if err != nil {
		return err
	}
	p.Port, p.TLSPort = ports[0], ports[1]
	dir := filepath.Join(p.server.dir, "postfix", "conf")
	writeConf(t, filepath.Join(dir, "main.cf"), "postfix-main.cf", map[string]any{"Dir": p.server.dir, "Domain": Domain})
	writeConf(t, filepath.Join(dir, "master.cf"), "postfix-master.cf", p)
	// "postfix check" completes the queue's folders. The program behind it,
	// master, is started without "postfix start", which would put a shell
	// between it and us.
	if out, err := exec.Command(program(t, suitePostfix, "postfix", "postfix"), "-c", dir, "check").CombinedOutput(); err != nil {
		return fmt.Errorf("postfix check: %w: %s", err, out)
	}
	at, err := exec.Command(program(t, suitePostfix, "postconf", "postfix"), "-c", dir, "-h", "daemon_directory").Output()
	if err != nil {
		return fmt.Errorf("postconf: %w", err)
	}
	master := exec.Command(filepath.Join(strings.TrimSpace(string(at)), "master"), "-c", dir, "-s")
	if p.process, err = start("Postfix", p.server.log("postfix-start"), master); err != nil {
		return err
	}
	if err := p.process.ready(p.Addr(p.Port), "220 "); err != nil {
		p.process.stop(t)
		return err
	}
	return nil
}

// writeMaps writes who has a mailbox, who fails, and where the rest goes.
func (p *Submission) writeMaps(t testing.TB) {
	t.Helper()
	var mailboxes strings.Builder
	for _, u := range append(p.server.Users[:len(p.server.Users):len(p.server.Users)], Outside, "tempfail") {
		mailboxes.WriteString(Address(u) + " OK\n")
	}
	dir := filepath.Join(p.server.dir, "postfix")
	write(t, filepath.Join(dir, "conf", "mailboxes"), mailboxes.String())
	write(t, filepath.Join(dir, "conf", "recipients"), TryLater+" 451 4.3.0 Try again later\n")
	write(t, filepath.Join(dir, "conf", "aliases"),
		"if !/@"+strings.ReplaceAll(Domain, ".", `\.`)+"$/\n/.+@.+/ "+Address(Outside)+"\nendif\n")

	owner, err := user.Lookup("postfix")
	if err != nil {
		t.Fatal(err)
	}
	uid, err := strconv.Atoi(owner.Uid)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(filepath.Join(dir, "data"), uid, -1); err != nil {
		t.Fatal(err)
	}
}
