package fakeimap_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver/fakeimap"
)

// client is a raw IMAP client.
type client struct {
	t        *testing.T
	nc       net.Conn
	r        *bufio.Reader
	tag      int
	greeting string
}

func raw(t *testing.T, s *fakeimap.Server) *client {
	t.Helper()
	nc, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	nc.SetDeadline(time.Now().Add(20 * time.Second))
	t.Cleanup(func() { nc.Close() })
	c := &client{t: t, nc: nc, r: bufio.NewReader(nc)}
	c.greeting = c.line()
	return c
}

func (c *client) line() string {
	line, err := c.r.ReadString('\n')
	if err != nil {
		if err == io.EOF && line != "" {
			return line + "<EOF>"
		}
		return "<" + err.Error() + ">"
	}
	return strings.TrimSuffix(line, "\r\n")
}

// until returns all lines before the one that begins with prefix, and that.
func (c *client) until(prefix string) string {
	c.t.Helper()
	var all []string
	for {
		l := c.line()
		all = append(all, l)
		if strings.HasPrefix(l, prefix) {
			return strings.Join(all, "\n")
		}
		if strings.HasSuffix(l, "EOF>") || strings.HasPrefix(l, "<") {
			c.t.Fatalf("heard %q, want %q", strings.Join(all, "\n"), prefix)
		}
	}
}

// say sends a command and returns its tag.
func (c *client) say(command string) string {
	c.tag++
	tag := fmt.Sprintf("a%d", c.tag)
	fmt.Fprintf(c.nc, "%s %s\r\n", tag, command)
	return tag
}

// ask sends a command and demands how it ends.
func (c *client) ask(command, want string) string {
	c.t.Helper()
	tag := c.say(command)
	got := c.until(tag + " ")
	if last := got[strings.LastIndex(got, "\n")+1:]; !strings.HasPrefix(last, tag+" "+want) {
		c.t.Fatalf("%s was answered %q, want %s", command, last, want)
	}
	return got
}
