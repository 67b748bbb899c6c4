package netconn

import (
	"fmt"
	"strings"

	"paquebot.app/internal/fault"
)

// upgrade says the protocol's words for "let us speak TLS", on the bare
// connection, a byte at a time so that nothing behind the answer is read here.
// All that the server says before the handshake is thrown away.
func (c *Conn) upgrade(p Protocol) error {
	switch p {
	case IMAP:
		return c.upgradeIMAP()
	case POP:
		return c.upgradePOP()
	default:
		return c.upgradeSMTP()
	}
}

func (c *Conn) upgradeIMAP() error {
	greeting, err := c.greet()
	if err != nil {
		return err
	}
	// A PREAUTH greeting makes STARTTLS impossible (RFC 9051 §6.2.1): whoever
	// sends it here wants the session in clear.
	if fields := strings.Fields(strings.ToUpper(greeting)); len(fields) < 2 || fields[0] != "*" || fields[1] != "OK" {
		return refused("The server would not be greeted before TLS.", greeting)
	}
	if _, err := c.Write([]byte("T1 STARTTLS\r\n")); err != nil {
		return err
	}
	for range linesLimit {
		answer, err := c.line()
		if err != nil {
			return err
		}
		if strings.HasPrefix(answer, "* ") {
			continue
		}
		if strings.HasPrefix(strings.ToUpper(answer), "T1 OK") {
			return nil
		}
		return refused("The server refuses to encrypt; nothing was said to it.", answer)
	}
	return refused("The server does not answer STARTTLS.", "")
}

func (c *Conn) upgradePOP() error {
	greeting, err := c.greet()
	if err != nil {
		return err
	}
	if !strings.HasPrefix(greeting, "+OK") {
		return refused("The server does not greet as a POP server does.", greeting)
	}
	if _, err := c.Write([]byte("STLS\r\n")); err != nil {
		return err
	}
	answer, err := c.line()
	if err != nil {
		return err
	}
	if !strings.HasPrefix(answer, "+OK") {
		return refused("The server refuses to encrypt; nothing was said to it.", answer)
	}
	return nil
}

func (c *Conn) upgradeSMTP() error {
	if err := c.replySMTP("220"); err != nil {
		return err
	}
	if _, err := c.Write([]byte("EHLO localhost\r\n")); err != nil {
		return err
	}
	if err := c.replySMTP("250"); err != nil {
		return err
	}
	if _, err := c.Write([]byte("STARTTLS\r\n")); err != nil {
		return err
	}
	return c.replySMTP("220")
}

// replySMTP reads one reply (RFC 5321 §4.2) and wants the given code.
func (c *Conn) replySMTP(code string) error {
	for range linesLimit {
		answer, err := c.greet()
		if err != nil {
			return err
		}
		if !strings.HasPrefix(answer, code) {
			if strings.HasPrefix(answer, "4") {
				return &fault.Error{Remedy: fault.Later, Scope: fault.Account, Cause: fault.Server, Op: "starttls", Text: "The server asks us to come back later.", Err: fmt.Errorf("%q", answer)}
			}
			return refused("The server refuses to encrypt; nothing was said to it.", answer)
		}
		if len(answer) == 3 || answer[3] == ' ' {
			return nil
		}
	}
	return refused("The server's reply before TLS has no end.", "")
}

// greet reads a line and looks whether the greeting was one of the protocol.
func (c *Conn) greet() (string, error) {
	line, err := c.line()
	if err != nil {
		return "", err
	}
	return line, c.Another()
}

// line reads up to the next line feed.
func (c *Conn) line() (string, error) {
	var b []byte
	one := make([]byte, 1)
	for len(b) < lineLimit {
		if _, err := c.Read(one); err != nil {
			return "", err
		}
		if one[0] == '\n' {
			return strings.TrimRight(string(b), "\r"), nil
		}
		b = append(b, one[0])
	}
	return "", refused("The server's line before TLS has no end.", "")
}

// refused is the error of a server that will not be talked to safely.
func refused(text, words string) error {
	f := &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.Certificate, Op: "starttls", Text: text}
	if words != "" {
		f.Err = fmt.Errorf("%q", words)
	}
	return f
}
