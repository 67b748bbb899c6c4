package localstore

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// childTask and childDir tell a test program that it is another process of a
// test: what to do, and on which profile.
const (
	childTask = "LOCALSTORE_CHILD"
	childDir  = "LOCALSTORE_DIR"
)

// tasks are what a child can do. It says what happened on its standard output
// and goes on when it reads a line.
var tasks = map[string]func(s *Store, in *bufio.Reader) error{
	"lock":  childLocks,
	"write": childWrites,
	"mail":  childStoresMail,
	"read":  childReads,
}

func TestMain(m *testing.M) {
	task := os.Getenv(childTask)
	if task == "" {
		os.Exit(m.Run())
	}
	s, err := Open(context.Background(), os.Getenv(childDir))
	if err == nil {
		fmt.Println("open")
		err = tasks[task](s, bufio.NewReader(os.Stdin))
	}
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
}

// child is another process that has the profile open.
type child struct {
	t   testing.TB
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

// startChild runs a task in another process and waits until it has opened the
// profile.
func startChild(t testing.TB, task, dir string) *child {
	t.Helper()
	c := &child{t: t, cmd: exec.Command(os.Args[0])}
	c.cmd.Env = append(os.Environ(), childTask+"="+task, childDir+"="+dir)
	c.cmd.Stderr = os.Stderr
	var err error
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.out = bufio.NewScanner(out)
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.cmd.Process.Kill()
		c.cmd.Wait()
	})
	c.want("open")
	return c
}

// line returns the next line that the child says; ok is false at its end.
func (c *child) line() (line string, ok bool) {
	ok = c.out.Scan()
	return c.out.Text(), ok
}

func (c *child) want(prefix string) string {
	c.t.Helper()
	line, _ := c.line()
	if !strings.HasPrefix(line, prefix) {
		c.t.Fatalf("the other process says %q, want %q", line, prefix)
	}
	return line
}

// goOn lets the child do its next step.
func (c *child) goOn() {
	c.t.Helper()
	if _, err := io.WriteString(c.in, "\n"); err != nil {
		c.t.Fatal(err)
	}
}

func childLocks(s *Store, in *bufio.Reader) error {
	release, err := s.Lock()
	if err != nil {
		return err
	}
	defer release()
	fmt.Println("locked")
	_, err = in.ReadString('\n')
	return err
}

func childWrites(s *Store, in *bufio.Reader) error {
	for {
		if _, err := in.ReadString('\n'); err != nil {
			return nil
		}
		err := s.Write(context.Background(), "test", func(tx *Tx) error {
			_, err := tx.Wake(0)
			return err
		})
		if err != nil {
			return err
		}
		fmt.Println("written")
	}
}

func childReads(s *Store, in *bufio.Reader) error {
	err := s.Read(context.Background(), func(v *View) error {
		all, err := v.Accounts()
		fmt.Println("read-only", s.ReadOnly(), "accounts", len(all))
		return err
	})
	if err != nil {
		return err
	}
	err = s.Write(context.Background(), "test", func(tx *Tx) error { return tx.SetSetting("a", "b") })
	fmt.Println("write:", err)
	_, err = s.Lock()
	fmt.Println("lock:", err)
	return nil
}
