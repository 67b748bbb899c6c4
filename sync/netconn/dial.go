package netconn

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// Protocol chooses the words of the STARTTLS upgrade.
type Protocol string

const (
	IMAP Protocol = "imap" // RFC 9051 §6.2.1
	POP  Protocol = "pop"  // RFC 2595 §4
	SMTP Protocol = "smtp" // RFC 3207
)

// Limits of one connection.
const (
	dialLimit      = 30 * time.Second
	handshakeLimit = 30 * time.Second
	stallLimit     = 60 * time.Second
	writeLimit     = 60 * time.Second
	lineLimit      = 8 << 10 // bytes of a line before TLS
	linesLimit     = 100     // lines of a reply before TLS
)

// Dial connects to a server, protects the connection as s says and returns it
// with the server's greeting still to be read. ctx bounds the whole life of
// the connection, and its Meter counts it. Errors are fault.Error with cause Network, Certificate,
// Settings or Server.
func Dial(ctx context.Context, p Protocol, s localstore.Server) (*Conn, error) {
	if err := check(s); err != nil {
		return nil, err
	}
	config, err := tlsConfig(s)
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{Timeout: dialLimit, KeepAlive: 30 * time.Second}
	nc, err := dialer.DialContext(ctx, "tcp", Address(s))
	if err != nil {
		return nil, dialFault(s, err)
	}
	c := newConn(ctx, &metered{nc, MeterOf(ctx)}, p, s, stallLimit)
	if err := c.protect(p, s, config); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// greetings stand for the server's own, which was read before the upgrade.
var greetings = map[Protocol]string{IMAP: "* OK\r\n", POP: "+OK\r\n", SMTP: "220 ready\r\n"}

// protect does the handshake that s asks for.
func (c *Conn) protect(p Protocol, s localstore.Server, config *tls.Config) error {
	if s.Security == localstore.Plain {
		return nil
	}
	ctx, cancel := context.WithTimeout(c.ctx, handshakeLimit)
	defer cancel()
	if s.Security == localstore.STARTTLS {
		bare := c.Conn
		stop := context.AfterFunc(ctx, func() { bare.Close() })
		err := c.upgrade(p)
		stop()
		if err != nil {
			return protectFault(s, err)
		}
	}
	secure := tls.Client(c.Conn, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		return protectFault(s, err)
	}
	c.Conn = secure
	if s.Security == localstore.STARTTLS {
		c.head.WriteString(greetings[p])
	}
	return nil
}

// check refuses settings that could give the password away or that make no sense.
func check(s localstore.Server) error {
	switch {
	case s.Host == "":
		return settings("The account has no server.", nil)
	case s.Port < 1 || s.Port > 65535:
		return settings(fmt.Sprintf("%d is no port.", s.Port), nil)
	case s.Security == localstore.Plain && !s.Insecure && !Loopback(s.Host):
		return settings("Without encryption everybody on the way can read the password of "+s.Host+".", nil)
	case s.Security != localstore.Plain && s.Security != localstore.TLS && s.Security != localstore.STARTTLS:
		return settings(fmt.Sprintf("%q is no kind of protection; there are tls, starttls and plain.", s.Security), nil)
	}
	return nil
}

// tlsConfig trusts the system's authorities and those of the account's own file.
func tlsConfig(s localstore.Server) (*tls.Config, error) {
	config := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12}
	if s.CAFile == "" {
		return config, nil
	}
	pem, err := os.ReadFile(s.CAFile)
	if err != nil {
		return nil, settings("The file of trusted authorities cannot be read.", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, settings("The file of trusted authorities "+s.CAFile+" holds no certificate.", nil)
	}
	config.RootCAs = pool
	return config, nil
}

func settings(text string, err error) error {
	return &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.Settings, Op: "connect", Text: text, Err: err}
}

// dialFault says why a server was not reached. The name of a server that the
// name service does not know is a matter of being online as well as of the
// settings, and is retried.
func dialFault(s localstore.Server, err error) error {
	f := &fault.Error{Remedy: fault.Online, Scope: fault.Account, Cause: fault.Network, Op: "connect", Err: err}
	var dns *net.DNSError
	switch {
	case errors.Is(err, context.Canceled):
		f.Text = "The connection was cancelled."
	case errors.As(err, &dns) && dns.IsNotFound:
		f.Text = "There is no server called " + s.Host + ", or this computer is offline."
	default:
		f.Text = "The server " + s.Host + " cannot be reached."
	}
	return f
}

// protectFault says why a connection could not be protected. A certificate is
// the user's to judge; anything else may be the network's fault.
func protectFault(s localstore.Server, err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return err
	}
	var (
		invalid   x509.CertificateInvalidError
		host      x509.HostnameError
		authority x509.UnknownAuthorityError
		verify    *tls.CertificateVerificationError
		record    tls.RecordHeaderError
	)
	f = &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.Certificate, Op: "protect connection", Err: err}
	switch {
	case errors.As(err, &host):
		f.Text = "The server answered with a certificate for another name than " + s.Host + "."
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		f.Text = "The certificate of " + s.Host + " has expired, or this computer's clock is wrong."
	case errors.As(err, &authority):
		f.Text = "Nobody whom this computer trusts vouches for the certificate of " + s.Host + "."
	case errors.As(err, &invalid), errors.As(err, &verify):
		f.Text = "The certificate of " + s.Host + " cannot be accepted."
	case errors.As(err, &record):
		f.Cause = fault.Settings
		f.Text = s.Host + " does not speak TLS on port " + strconv.Itoa(s.Port) + "."
	default:
		f.Remedy, f.Cause = fault.Online, fault.Network
		f.Text = "The connection to " + s.Host + " broke while it was being protected."
	}
	return f
}
