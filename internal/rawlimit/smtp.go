package rawlimit

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
)

// SMTP sends n copies of a letter over one connection, to a server that offers
// PIPELINING: MAIL, RCPT and DATA of a letter go out together with the end of
// the one before. letter must end in CRLF and have no line that begins with a
// dot. Bytes counts what was written.
func SMTP(ctx context.Context, t Target, from, to string, letter []byte, n int) (Result, error) {
	if bytes.HasPrefix(letter, []byte(".")) || bytes.Contains(letter, []byte("\n.")) || !bytes.HasSuffix(letter, []byte("\r\n")) {
		return Result{}, errors.New("the letter needs dots doubled or ends without CRLF")
	}
	return measure(ctx, t, nil, func(c *conn, r *Result) error {
		if err := c.signIn(t); err != nil {
			return err
		}
		envelope := fmt.Sprintf("MAIL FROM:<%s>\r\nRCPT TO:<%s>\r\nDATA\r\n", from, to)
		answers := []int{250, 250, 354}
		if err := c.send([]byte(envelope)); err != nil {
			return err
		}
		for ; r.Messages < n; r.Messages++ {
			if err := c.replies(answers...); err != nil {
				return err
			}
			body := append(append([]byte(nil), letter...), ".\r\n"...)
			next := "QUIT\r\n"
			if r.Messages+1 < n {
				next = envelope
			}
			if err := c.send(append(body, next...)); err != nil {
				return err
			}
			answers = []int{250, 250, 250, 354}
		}
		err := c.replies(250, 221)
		r.Bytes = c.wrote
		return err
	})
}

// signIn says hello, starts TLS if the target has it, and signs in.
func (c *conn) signIn(t Target) error {
	if err := c.replies(220); err != nil {
		return err
	}
	say := func(line string, code int) error {
		if err := c.send([]byte(line + "\r\n")); err != nil {
			return err
		}
		return c.replies(code)
	}
	if err := say("EHLO localhost", 250); err != nil {
		return err
	}
	if t.TLS != nil {
		if err := say("STARTTLS", 220); err != nil {
			return err
		}
		c.Conn = tls.Client(c.Conn, t.TLS)
		if err := say("EHLO localhost", 250); err != nil {
			return err
		}
	}
	token := base64.StdEncoding.EncodeToString([]byte("\x00" + t.User + "\x00" + t.Password))
	return say("AUTH PLAIN "+token, 235)
}

// replies reads that many answers, of one or more lines each, and demands
// their codes. Nothing may follow them.
func (c *conn) replies(codes ...int) error {
	var said []byte
	for len(codes) > 0 {
		i := bytes.IndexByte(said, '\n')
		if i < 0 {
			b, err := c.more()
			if err != nil {
				return err
			}
			said = append(said, b...)
			continue
		}
		line := said[:i]
		said = said[i+1:]
		if !bytes.HasPrefix(line, fmt.Appendf(nil, "%d", codes[0])) {
			return fmt.Errorf("the server said %q, want %d", line, codes[0])
		}
		if len(line) < 4 || line[3] != '-' {
			codes = codes[1:]
		}
	}
	if len(said) > 0 {
		return fmt.Errorf("the server says more than it was asked: %q", said)
	}
	return nil
}
