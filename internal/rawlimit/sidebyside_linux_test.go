package rawlimit

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/realserver"
)

// runs is how often each program does the same work; the table shows medians.
const runs = 3

// row is one line of the table: one program at one work, in one run.
type row struct {
	work, who string
	took      time.Duration
	messages  int
	cpu       time.Duration // -1: was not measured
	rss       int           // MiB at most; -1: was not measured
	turns     int           // -1: was not measured
	bytes     int64
}

// BenchmarkSideBySide runs the raw limit, paquebotctl (the program named by
// $PAQUEBOTCTL) and other mail programs, where they are installed, against the
// same servers and prints one table. Runs are interleaved, so that whatever
// else the machine does hits all alike; turns and bytes come from one further
// run each through a counting proxy. The sizes are $BENCH_MAILS (10000) for
// headers and a tenth of it for whole mails.
//
// Run it with -benchtime 1x, as "make bench" does.
func BenchmarkSideBySide(b *testing.B) {
	total := 10000
	if s := os.Getenv("BENCH_MAILS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 10 {
			b.Fatalf("BENCH_MAILS=%q is no number of mails", s)
		}
		total = n
	}
	for b.Loop() {
		s := realserver.Dovecot(b, realserver.Options{Users: 2})
		fill(b, s, "user1", total)
		fill(b, s, "user2", total/10)
		p := realserver.Postfix(b, s)
		var rows []row
		for _, w := range works(s, p) {
			rows = append(rows, w.measure(b)...)
		}
		fmt.Print("\n", table(rows))
	}
}

// fill delivers n mails of believable sizes, 24 KB on average, and reads them
// once, so that the server has made its index and cache.
func fill(b *testing.B, s *realserver.Server, user string, n int) {
	b.Helper()
	text := rand.New(rand.NewPCG(1, 2))
	batch := make([][]byte, 0, 500)
	for i := range n {
		size := 4 << 10
		switch {
		case i%20 == 7:
			size = 300 << 10
		case i%4 == 1:
			size = 24 << 10
		}
		m := fmt.Appendf(nil, "From: Sender %d <s%d@far.example>\r\nTo: %s\r\nSubject: letter number %d\r\nMessage-ID: <%d.%s@far.example>\r\nDate: Mon, 06 Jan 2025 10:00:00 +0000\r\n\r\n", i%50, i%50, realserver.Address(user), i, i, user)
		for len(m) < size { // compresses to about 0.6, as real mail does
			m = fmt.Appendf(m, "%016x %016x %016x %016x\r\n", text.Uint64(), text.Uint64(), text.Uint64(), text.Uint64())
		}
		if batch = append(batch, m); len(batch) == cap(batch) || i == n-1 {
			s.Append(b, user, "INBOX", "", clock.System.Now(), batch...)
			batch = batch[:0]
		}
	}
	t := Target{Addr: s.Addr(s.IMAP), User: user, Password: realserver.Password}
	for _, read := range []func(context.Context, Target, string) (Result, error){IMAPBodies, IMAPHeaders} {
		if _, err := read(b.Context(), t, "INBOX"); err != nil {
			b.Fatal(err)
		}
	}
}

// work is one thing to do, for several programs.
type work struct {
	name string
	addr string // the server's host:port
	raw  func(ctx context.Context, addr string) (Result, error)
	// programs return a command that does the work against addr with an
	// empty folder for what it keeps, having prepared that folder.
	programs map[string]func(b *testing.B, addr, dir string) *exec.Cmd
	// messages counts what a program has left in its folder.
	messages func(b *testing.B, dir string) int
}

// measure runs everybody in turn and then once more through the proxy.
func (w work) measure(b *testing.B) []row {
	b.Helper()
	var rows []row
	names := make([]string, 0, len(w.programs))
	for n := range w.programs {
		names = append(names, n)
	}
	slices.Sort(names)
	for run := range runs + 1 {
		counted := run == runs
		addr, count := w.addr, (*proxy)(nil)
		if counted {
			count = startProxy(b, w.addr)
			addr = count.addr
		}
		if !counted {
			r, err := w.raw(b.Context(), addr)
			if err != nil {
				b.Fatalf("%s, raw: %v", w.name, err)
			}
			rows = append(rows, row{w.name, "raw", r.Took, r.Messages, -1, -1, r.Turns, r.Bytes})
		}
		for _, name := range names {
			rows = append(rows, w.run(b, name, addr, count))
		}
	}
	return rows
}

// run runs one program once. count is nil when only time is wanted, and then
// what it counts is left out; else time is left out.
func (w work) run(b *testing.B, name, addr string, count *proxy) row {
	b.Helper()
	dir, err := os.MkdirTemp("", "pqbench")
	if err != nil {
		b.Fatal(err)
	}
	defer os.RemoveAll(dir)
	cmd := w.programs[name](b, addr, dir)
	if cmd.Env == nil {
		cmd.Env = append(os.Environ(), "HOME="+dir)
	}
	if count != nil {
		count.reset()
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	began := clock.System.Now()
	if err := cmd.Start(); err != nil {
		b.Fatalf("%s, %s: %v", w.name, name, err)
	}
	peak := watchMemory(cmd.Process.Pid)
	err = cmd.Wait()
	r := row{work: w.name, who: name, took: clock.System.Now().Sub(began), turns: -1}
	r.rss = peak()
	if err != nil {
		b.Logf("%s, %s: %v\n%s", w.name, name, err, out.Bytes()[max(0, out.Len()-1000):])
	}
	r.messages = w.messages(b, dir)
	r.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if count != nil {
		r.took = -1
		r.turns, r.bytes = count.totals()
	}
	return r
}

// watchMemory notes how much memory a process has had at most, in MiB, until
// the returned function is called. (What wait4 tells begins with the memory of
// whoever started the process.)
func watchMemory(pid int) func() int {
	stop, peak := make(chan struct{}), make(chan int)
	go func() {
		most := -1
		for {
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			if _, after, ok := strings.Cut(string(status), "VmHWM:"); ok {
				if f := strings.Fields(after); len(f) > 0 {
					kib, _ := strconv.Atoi(f[0])
					most = max(most, kib>>10)
				}
			}
			select {
			case <-stop:
				peak <- most
				return
			case <-clock.System.After(5 * time.Millisecond):
			}
		}
	}()
	return func() int { close(stop); return <-peak }
}

// table lays the medians out, each beside the raw limit of the same work.
func table(rows []row) string {
	type key struct{ work, who string }
	groups := map[key][]row{}
	var order []key
	for _, r := range rows {
		k := key{r.work, r.who}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], r)
	}
	var b strings.Builder
	b.WriteString("| work | who | median s | × raw | CPU s | MiB at most | messages | turns | MB on the wire |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, k := range order {
		g, raw := groups[k], groups[key{k.work, "raw"}]
		took, floor := median(g, func(r row) time.Duration { return r.took }), median(raw, func(r row) time.Duration { return r.took })
		cpu, rss, turns := "", "", ""
		if v := median(g, func(r row) time.Duration { return r.cpu }); v >= 0 {
			cpu = fmt.Sprintf("%.2f", v.Seconds())
		}
		if v := median(g, func(r row) int { return r.rss }); v >= 0 {
			rss = strconv.Itoa(v)
		}
		if v := median(g, func(r row) int { return r.turns }); v >= 0 {
			turns = strconv.Itoa(v)
		}
		mb := float64(median(g, func(r row) int64 { return cmp.Or(r.bytes, -1) })) / 1e6
		fmt.Fprintf(&b, "| %s | %s | %.3f | %.2f | %s | %s | %d | %s | %.1f |\n", k.work, k.who, took.Seconds(), took.Seconds()/floor.Seconds(), cpu, rss, median(g, func(r row) int { return r.messages }), turns, mb)
	}
	return b.String()
}

// median returns the middle of what was measured; -1 where nothing was.
func median[T cmp.Ordered](rows []row, of func(row) T) T {
	var all []T
	var none T
	for _, r := range rows {
		if v := of(r); v >= none {
			all = append(all, v)
		}
	}
	if len(all) == 0 {
		return of(rows[0])
	}
	slices.Sort(all)
	return all[len(all)/2]
}
