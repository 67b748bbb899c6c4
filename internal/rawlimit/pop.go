package rawlimit

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
)

// popWindow is how many RETR are under way at once.
const popWindow = 100

// POP reads every message of a maildrop, many commands ahead, and deletes
// nothing.
func POP(ctx context.Context, t Target) (Result, error) { return pop(ctx, t, (*conn).retrieve) }

// POPEmpty is POP, and deletes every message once all have come.
func POPEmpty(ctx context.Context, t Target) (Result, error) {
	return pop(ctx, t, func(c *conn, n int) error {
		if err := c.retrieve(n); err != nil {
			return err
		}
		var all bytes.Buffer
		for i := range n {
			fmt.Fprintf(&all, "DELE %d\r\n", i+1)
		}
		if err := c.send(all.Bytes()); err != nil {
			return err
		}
		for done := 0; done < n; {
			answers, err := c.more()
			if err != nil {
				return err
			}
			if bytes.Contains(answers, []byte("-ERR")) {
				return fmt.Errorf("the server said %q to DELE", answers)
			}
			done += bytes.Count(answers, []byte("\n"))
		}
		return nil
	})
}

// POPSize reads how many messages are in a maildrop, and no more: the least a
// client does that has everything.
func POPSize(ctx context.Context, t Target) (Result, error) {
	return pop(ctx, t, func(*conn, int) error { return nil })
}

// pop signs in, reads what is to be read of n messages, and quits.
func pop(ctx context.Context, t Target, read func(c *conn, n int) error) (Result, error) {
	return measure(ctx, t, t.TLS, func(c *conn, r *Result) error {
		if _, err := c.expect("+OK"); err != nil {
			return err
		}
		said := ""
		for _, cmd := range []string{"USER " + t.User, "PASS " + t.Password, "STAT"} {
			if err := c.send([]byte(cmd + "\r\n")); err != nil {
				return err
			}
			var err error
			if said, err = c.expect("+OK"); err != nil {
				return err
			}
		}
		fields := strings.Fields(said)
		if len(fields) < 3 {
			return fmt.Errorf("STAT says %q", said)
		}
		var err error
		if r.Messages, err = strconv.Atoi(fields[1]); err != nil {
			return err
		}
		if err := read(c, r.Messages); err != nil {
			return err
		}
		if err := c.send([]byte("QUIT\r\n")); err != nil {
			return err
		}
		_, err = c.expect("+OK")
		return err
	})
}

// retrieve reads messages 1 to n. Each ends in CRLF.CRLF, which can stand
// nowhere else, because lines of a mail that begin with a dot have it doubled.
func (c *conn) retrieve(n int) error {
	end := []byte("\r\n.\r\n")
	var carry []byte // the end of what was read, in which a mark may begin
	for sent, done := 0, 0; done < n; {
		if sent < n && sent-done <= popWindow/2 {
			var ahead bytes.Buffer
			for ; sent < n && ahead.Len() == 0 || sent < n && sent-done < popWindow; sent++ {
				fmt.Fprintf(&ahead, "RETR %d\r\n", sent+1)
			}
			if err := c.send(ahead.Bytes()); err != nil {
				return err
			}
		}
		b, err := c.more()
		if err != nil {
			return err
		}
		carry = append(carry, b...)
		done += bytes.Count(carry, end)
		if bytes.HasSuffix(carry, end) {
			carry = carry[:0]
			continue
		}
		// What follows the last mark must not be counted again.
		if i := bytes.LastIndex(carry, end); i >= 0 {
			carry = carry[i+len(end):]
		}
		carry = append([]byte(nil), carry[max(0, len(carry)-len(end)+1):]...)
	}
	return nil
}
