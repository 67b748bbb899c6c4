package realserver

import (
	"crypto/tls"
	"crypto/x509"
	"embed"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"text/template"
)

// Domain is where the users of a private mail server have their addresses.
const Domain = "harbour.test"

// Password is everybody's password.
const Password = "s3cret of the harbour"

// Outside is the user who is given all mail for other domains.
const Outside = "outside"

// suiteDovecot is the name under which a missing Dovecot is reported.
const suiteDovecot = "real Dovecot"

//go:embed conf/*
var confFiles embed.FS

var conf = template.Must(template.ParseFS(confFiles, "conf/*"))

// Options is what a test may ask of a Dovecot. The zero value is a capable
// server with one user and Maildir storage.
type Options struct {
	Users          int    // user1 … userN, besides Outside; 0 means 1
	Mdbox          bool   // Dovecot's own storage instead of Maildir
	IMAPCapability string // announce just this, as a poor server would
	RefusePlain    bool   // refuse to sign anybody in without TLS
	Extra          string // further lines of configuration
}

// Server is a running Dovecot.
type Server struct {
	Host                     string // an address of loopback
	IMAP, IMAPS, POP3, POP3S int    // ports
	Users                    []string
	CAFile                   string // the authority that signed its certificate, PEM
	CA                       *x509.CertPool

	dir     string
	opts    Options
	process *process
}

// Dovecot starts a private Dovecot, which is stopped when the test ends.
func Dovecot(t testing.TB, o Options) *Server {
	t.Helper()
	program(t, suiteDovecot, "dovecot", "dovecot-imapd dovecot-pop3d dovecot-lmtpd")
	for _, part := range []string{"imap", "pop3", "lmtp"} {
		program(t, suiteDovecot, part, "dovecot-imapd dovecot-pop3d dovecot-lmtpd")
	}
	needRoot(t, suiteDovecot)

	// Dovecot takes a connection whose two ends have the same address for a
	// safe one, so a server that is to refuse plain passwords sits elsewhere.
	s := &Server{Host: "127.0.0.1", dir: privateDir(t), opts: o}
	if o.RefusePlain {
		s.Host = "127.0.0.2"
	}
	makeDirs(t, s.dir, "run", "state", "log", "mail")
	s.CA, s.CAFile = makeCertificates(t, s.dir), filepath.Join(s.dir, "tls", "ca.pem")
	for i := range max(1, o.Users) {
		s.Users = append(s.Users, fmt.Sprintf("user%d", i+1))
	}
	s.makeUsers(t)
	s.Start(t)
	t.Cleanup(func() { s.Stop(t) })
	return s
}

// Start starts the server again after Stop, with the same mail on new ports.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	var err error
	for range 3 { // somebody else may take a port before Dovecot has it
		if err = s.tryStart(t); err == nil {
			return
		}
	}
	t.Fatalf("Dovecot did not start: %v\n%s\n%s", err, tail(s.log("dovecot")), tail(s.log("start")))
}

// Stop stops the server. Whoever is connected loses the connection.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if s.process != nil {
		s.process.stop(t)
	}
}

// TLS returns a configuration that trusts this server alone.
func (s *Server) TLS() *tls.Config {
	return &tls.Config{RootCAs: s.CA, ServerName: "localhost"}
}

// Addr returns host:port for a port of this server.
func (s *Server) Addr(port int) string { return net.JoinHostPort(s.Host, strconv.Itoa(port)) }

// Address returns a user's mail address.
func Address(user string) string { return user + "@" + Domain }

// Home returns the folder in which a user's mail lies, in a subfolder Maildir
// or mdbox.
func (s *Server) Home(user string) string { return filepath.Join(s.dir, "mail", user) }

func (s *Server) log(name string) string { return filepath.Join(s.dir, "log", name+".log") }

func (s *Server) tryStart(t testing.TB) error {
	t.Helper()
	ports, err := freePorts(s.Host, 4)
	if err != nil {
		return err
	}
	s.IMAP, s.IMAPS, s.POP3, s.POP3S = ports[0], ports[1], ports[2], ports[3]
	file := filepath.Join(s.dir, "dovecot.conf")
	writeConf(t, file, dovecotConf(), map[string]any{"Server": s, "Dir": s.dir, "Options": s.opts, "Domain": Domain})
	s.process, err = start("Dovecot", s.log("start"), exec.Command(program(t, suiteDovecot, "dovecot", "dovecot-core"), "-F", "-c", file))
	if err != nil {
		return err
	}
	for port, greeting := range map[int]string{s.IMAP: "* OK", s.POP3: "+OK"} {
		if err := s.process.ready(s.Addr(port), greeting); err != nil {
			s.process.stop(t)
			return err
		}
	}
	return nil
}

// dovecotConf returns which configuration this Dovecot reads: 2.4 understands
// nothing that was written for 2.3.
func dovecotConf() string {
	out, err := exec.Command("dovecot", "--version").Output()
	if err == nil && (strings.HasPrefix(string(out), "2.3.") || strings.HasPrefix(string(out), "2.2.")) {
		return "dovecot-2.3.conf"
	}
	return "dovecot-2.4.conf"
}

// makeUsers writes the password file and the users' folders.
func (s *Server) makeUsers(t testing.TB) {
	t.Helper()
	uid, gid := unprivileged(t)
	var lines strings.Builder
	for _, u := range append(s.Users[:len(s.Users):len(s.Users)], Outside) {
		fmt.Fprintf(&lines, "%s:{PLAIN}%s::::::\n", u, Password)
		makeDirs(t, s.dir, "mail/"+u)
		if err := os.Chown(s.Home(u), uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(s.dir, "users"), lines.String())
}

// unprivileged returns the user and group that own the mail.
func unprivileged(t testing.TB) (uid, gid int) {
	t.Helper()
	u, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err1 != nil || err2 != nil {
		t.Fatalf("user nobody is %s:%s", u.Uid, u.Gid)
	}
	return uid, gid
}

// writeConf fills in a template below conf.
func writeConf(t testing.TB, file, name string, data any) {
	t.Helper()
	var b strings.Builder
	if err := conf.ExecuteTemplate(&b, name, data); err != nil {
		t.Fatal(err)
	}
	write(t, file, b.String())
}
