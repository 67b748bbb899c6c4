package rawlimit

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strconv"
)

// tag is unlikely to stand in a mail.
const tag = "qZ7"

var exists = regexp.MustCompile(`(?m)^\* (\d+) EXISTS\r$`)

// IMAPBodies reads every message of a folder whole.
func IMAPBodies(ctx context.Context, t Target, folder string) (Result, error) {
	return imap(ctx, t, folder, "(UID FLAGS INTERNALDATE BODY.PEEK[])")
}

// IMAPHeaders reads what a list shows of every message of a folder.
func IMAPHeaders(ctx context.Context, t Target, folder string) (Result, error) {
	return imap(ctx, t, folder, "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE MESSAGE-ID REFERENCES)])")
}

// IMAPSize opens a folder and reads nothing of it but how much is there: the
// least a client does that has everything.
func IMAPSize(ctx context.Context, t Target, folder string) (Result, error) {
	return imap(ctx, t, folder, "")
}

// imap fetches items of all messages with one command.
func imap(ctx context.Context, t Target, folder, items string) (Result, error) {
	return measure(ctx, t, t.TLS, func(c *conn, r *Result) error {
		if _, err := c.expect("* OK"); err != nil {
			return err
		}
		if _, err := c.command("a", fmt.Sprintf("LOGIN %q %q", t.User, t.Password)); err != nil {
			return err
		}
		end, err := c.command("b", fmt.Sprintf("EXAMINE %q", folder))
		if err != nil {
			return err
		}
		m := exists.FindSubmatch(end)
		if m == nil {
			return fmt.Errorf("no EXISTS in %q", end)
		}
		r.Messages, _ = strconv.Atoi(string(m[1]))
		if r.Messages > 0 && items != "" {
			if _, err := c.command("c", "UID FETCH 1:* "+items); err != nil {
				return err
			}
		}
		_, err = c.command("d", "LOGOUT")
		return err
	})
}

// command sends a command and reads until its tagged line. It returns the end
// of the answer, at least the last 4 KiB of it.
func (c *conn) command(n, text string) ([]byte, error) {
	if err := c.send([]byte(tag + n + " " + text + "\r\n")); err != nil {
		return nil, err
	}
	mark := []byte("\n" + tag + n + " ")
	end := []byte("\n")
	for {
		b, err := c.more()
		if err != nil {
			return nil, err
		}
		if len(b) < 4096 {
			end = append(end, b...)
			end = end[max(0, len(end)-8192):]
		} else {
			end = append(end[:0], b[len(b)-4096:]...)
		}
		i := bytes.LastIndex(end, mark)
		if i < 0 || !bytes.HasSuffix(end, []byte("\r\n")) {
			continue
		}
		if answer := end[i+len(mark):]; !bytes.HasPrefix(answer, []byte("OK")) {
			return nil, fmt.Errorf("the server refused: %q", answer)
		}
		return end, nil
	}
}
