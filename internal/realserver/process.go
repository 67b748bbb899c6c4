package realserver

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"paquebot.app/internal/clock"
)

// startWithin is how long a server may take until it answers, and stopWithin
// until it is gone. Both are watchdogs, not measures.
const (
	startWithin = 30 * time.Second
	stopWithin  = 20 * time.Second
	tryEvery    = 20 * time.Millisecond
)

// process is a server that runs in the foreground as our child.
type process struct {
	name string
	cmd  *exec.Cmd
	gone chan struct{} // closed when it has ended
	err  error         // what Wait said, readable once gone is closed
}

// start runs a program. Its output goes to logFile.
func start(name, logFile string, cmd *exec.Cmd) (*process, error) {
	log, err := os.OpenFile(logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = withParent()
	p := &process{name: name, cmd: cmd, gone: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel ends the child with the thread that started it, so this
		// goroutine keeps its thread for as long as the child lives.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
		}
		close(p.gone)
	}()
	return p, <-started
}

// stop ends the process and waits until it is gone.
func (p *process) stop(t testing.TB) {
	t.Helper()
	select {
	case <-p.gone:
		return
	default:
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("%s could not be told to stop: %v", p.name, err)
	}
	select {
	case <-p.gone:
	case <-clock.System.After(stopWithin):
		p.cmd.Process.Kill()
		<-p.gone
		t.Errorf("%s had to be killed", p.name)
	}
}

// ready dials until the server greets with the given words, or until it ends
// or the time is over.
func (p *process) ready(addr, greeting string) error {
	late := clock.System.After(startWithin)
	for {
		err := greets(addr, greeting)
		if err == nil {
			return nil
		}
		select {
		case <-p.gone:
			return fmt.Errorf("%s ended: %v", p.name, p.err)
		case <-late:
			return fmt.Errorf("%s does not answer: %w", p.name, err)
		case <-clock.System.After(tryEvery):
		}
	}
}

// greets dials addr and compares the first line.
func greets(addr, greeting string) error {
	c, err := net.DialTimeout("tcp", addr, startWithin)
	if err != nil {
		return err
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(startWithin))
	buf := make([]byte, 512)
	n, err := c.Read(buf)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(string(buf[:n]), greeting) {
		return fmt.Errorf("greeted with %q", buf[:n])
	}
	return nil
}

// freePorts returns n ports of host that nobody listens on at the moment.
func freePorts(host string, n int) ([]int, error) {
	ports := make([]int, n)
	for i := range ports {
		l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
		if err != nil {
			return nil, err
		}
		defer l.Close() // only now, so that no port is given twice
		ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	return ports, nil
}
