package rawlimit

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/realserver"
	"paquebot.app/internal/testmail"
)

// runs is how often each program does the same work, unless the work says
// otherwise; the table shows medians.
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
// run each through a counting proxy. There are mailboxes of $BENCH_MAILS
// (10000), of a tenth of it, of one mail of 38 MB, and an empty one, against
// which the memory is to be held.
//
// $BENCH_WORK leaves the works alone whose name does not hold it.
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
		s := realserver.Dovecot(b, realserver.Options{Users: users})
		fill(b, s, many, total)
		fill(b, s, tenth, total/10)
		s.Append(b, one, "INBOX", "", clock.System.Now(), film(bigMail))
		warm(b, s, one)
		s.Append(b, gone, "INBOX", "", clock.System.Now(), film(1000)) // it makes the folders
		if _, err := POPEmpty(b.Context(), Target{Addr: s.Addr(s.POP3), User: gone, Password: realserver.Password}); err != nil {
			b.Fatal(err)
		}
		p := realserver.Postfix(b, s)
		var rows []row
		for _, w := range works(s, p) {
			rows = append(rows, w.measure(b)...)
		}
		fmt.Print("\n", table(rows))
	}
}

// fill puts n believable mails, 24 KB on average, into a mailbox and reads them
// once, so that the server has made its index and cache. All but one are laid
// into its Maildir: 10,000 deliveries would take longer than all the rest.
func fill(b *testing.B, s *realserver.Server, user string, n int) {
	b.Helper()
	for i, m := range testmail.Generate(testmail.Options{N: n, Seed: 1, MeanSize: 8000, Attachments: 0.2, Threads: 0.4, Charsets: true, HTML: 0.3}) {
		if i == 0 {
			s.Append(b, user, "INBOX", "", m.Arrived, m.Raw)
			continue
		}
		name := filepath.Join(s.Home(user), "Maildir", "cur", fmt.Sprintf("%d.%06d.harbour:2,S", m.Arrived.Unix(), i))
		if err := os.WriteFile(name, m.Raw, 0o644); err != nil {
			b.Fatal(err)
		}
		if err := os.Chtimes(name, m.Arrived, m.Arrived); err != nil {
			b.Fatal(err)
		}
	}
	warm(b, s, user)
}

// refill gives gone every mail that tenth has.
func refill(b *testing.B, s *realserver.Server) {
	b.Helper()
	from, to := filepath.Join(s.Home(tenth), "Maildir", "cur"), filepath.Join(s.Home(gone), "Maildir", "cur")
	mails, err := os.ReadDir(from)
	for _, m := range mails {
		if err == nil {
			err = os.Link(filepath.Join(from, m.Name()), filepath.Join(to, m.Name()))
		}
	}
	if err != nil {
		b.Fatal(err)
	}
	warm(b, s, gone)
}

// warm reads a mailbox, so that the server has made its index and cache.
func warm(b *testing.B, s *realserver.Server, user string) {
	b.Helper()
	t := Target{Addr: s.Addr(s.IMAP), User: user, Password: realserver.Password}
	for _, read := range []func(context.Context, Target, string) (Result, error){IMAPBodies, IMAPHeaders} {
		if _, err := read(b.Context(), t, "INBOX"); err != nil {
			b.Fatal(err)
		}
	}
}

// film is a mail of that many bytes, nearly all of them an attachment.
func film(size int) []byte {
	m := []byte("From: far@away.example\r\nTo: robin@harbour.test\r\nSubject: film\r\nMessage-ID: <film@away.example>\r\nDate: Mon, 06 Jan 2025 10:00:00 +0000\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHere it is.\r\n--b\r\nContent-Type: video/mp4; name=film.mp4\r\n" +
		"Content-Disposition: attachment; filename=film.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	line, random := make([]byte, 57), rand.New(rand.NewPCG(1, 2))
	for len(m) < size {
		for i := range line {
			line[i] = byte(random.Uint32())
		}
		m = append(base64.StdEncoding.AppendEncode(m, line), "\r\n"...)
	}
	return append(m, "--b--\r\n"...)
}

// work is one thing to do, for several programs.
type work struct {
	name string
	addr string // the server's host:port
	raw  func(ctx context.Context, addr string) (Result, error)
	// programs return a command that does the work against addr with an
	// empty folder for what it keeps, having prepared that folder.
	programs map[string]program
	// messages counts what a program has left in its folder.
	messages func(b *testing.B, dir string) int
	// keep is for what is done again and again in the same folder, once a run
	// that is not measured has been there.
	keep bool
	// before is called before every run, raw ones too; nil: nothing is to do.
	before func(b *testing.B)
	runs   int           // 0: three
	rtt    time.Duration // how far away the server is; 0: here
}

// measure runs everybody in turn and then once more through the proxy; work
// that is done again goes through it every time.
func (w work) measure(b *testing.B) []row {
	b.Helper()
	var rows []row
	counts := startProxy(b, w.addr, w.rtt)
	if w.rtt > 0 {
		w.addr = counts.addr // for everybody, also in the runs that are timed
	}
	kept := map[string]place{}
	for _, name := range slices.Sorted(maps.Keys(w.programs)) {
		if w.keep {
			kept[name] = w.place(b, name, counts.addr)
			w.run(b, name, kept[name], counts)
		}
	}
	times := cmp.Or(w.runs, runs)
	for run := range times + 1 {
		counted, addr := run == times, w.addr
		if counted {
			addr = counts.addr
		} else {
			w.ready(b)
			r, err := w.raw(b.Context(), addr)
			if err != nil {
				b.Fatalf("%s, raw: %v", w.name, err)
			}
			rows = append(rows, row{w.name, "raw", r.Took, r.Messages, -1, -1, r.Turns, r.Bytes})
		}
		for _, name := range slices.Sorted(maps.Keys(w.programs)) {
			if w.keep {
				rows = append(rows, w.run(b, name, kept[name], counts))
				continue
			}
			p := w.place(b, name, addr)
			r := w.run(b, name, p, counts)
			if counted {
				r.took = -1 // it was held up
			} else {
				r.turns, r.bytes = -1, 0
			}
			rows = append(rows, r)
			os.RemoveAll(p.dir)
		}
	}
	return rows
}

// ready brings the server into the state the work begins with.
func (w work) ready(b *testing.B) {
	if w.before != nil {
		w.before(b)
	}
}

// place is a folder for what a program keeps, and the command that works there.
type place struct {
	dir string
	cmd *exec.Cmd
}

// place prepares a folder; it is removed after the benchmark at the latest.
func (w work) place(b *testing.B, name, addr string) place {
	b.Helper()
	dir, err := os.MkdirTemp("", "pqbench")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	return place{dir, w.programs[name](b, addr, dir)}
}

// run runs one program once.
func (w work) run(b *testing.B, name string, p place, count *proxy) row {
	b.Helper()
	w.ready(b)
	count.reset()
	var out bytes.Buffer
	cmd := exec.Command(p.cmd.Path, p.cmd.Args[1:]...)
	cmd.Env = append(os.Environ(), "HOME="+p.dir)
	cmd.Stdout, cmd.Stderr = &out, &out
	began := clock.System.Now()
	if err := cmd.Start(); err != nil {
		b.Fatalf("%s, %s: %v", w.name, name, err)
	}
	peak := watchMemory(cmd.Process.Pid)
	err := cmd.Wait()
	r := row{work: w.name, who: name, took: clock.System.Now().Sub(began)}
	r.rss = peak()
	if err != nil {
		b.Logf("%s, %s: %v\n%s", w.name, name, err, out.Bytes()[max(0, out.Len()-1000):])
	}
	r.messages = w.messages(b, p.dir)
	r.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	r.turns, r.bytes = count.totals()
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
	b.WriteString("| work | who | median s | × raw | CPU s | MiB at most | messages | turns | kB on the wire |\n|---|---|---|---|---|---|---|---|---|\n")
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
		kb := float64(median(g, func(r row) int64 { return cmp.Or(r.bytes, -1) })) / 1e3
		fmt.Fprintf(&b, "| %s | %s | %.3f | %.2f | %s | %s | %d | %s | %.1f |\n", k.work, k.who, took.Seconds(), took.Seconds()/floor.Seconds(), cpu, rss, median(g, func(r row) int { return r.messages }), turns, kb)
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
