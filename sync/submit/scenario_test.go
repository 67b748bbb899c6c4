package submit

import (
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver/fakesmtp"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

const (
	queued  = localstore.OutQueued
	refused = localstore.OutRefused
	unsure  = localstore.OutUnsure
	filed   = localstore.OutFiled
)

// scenario is what becomes of a letter to two people, bo and cy, while the
// server fails in one way, and when it is honest again.
type scenario struct {
	state  localstore.OutboxState // after the first run
	remedy string                 // of the run's error; "": none
	end    localstore.OutboxState // when the server is honest again
	copies [2]int                 // that bo and cy get in all
	quick  bool
}

var once = [2]int{1, 1}

var scenarios = map[string]scenario{
	"smtp-drop-after-data": {unsure, "", unsure, once, false},
	"hang-after-dot":       {unsure, "", unsure, once, true},
	"delay-250":            {unsure, "", unsure, once, true},
	"accept-twice":         {filed, "", filed, [2]int{2, 2}, false},
	"drop-mid-data":        {queued, "", filed, once, false},
	"drop-after-354":       {queued, "", filed, once, false},
	"data-451":             {queued, "", filed, once, false},
	"data-554":             {refused, "", refused, [2]int{}, false},
	"421-after-dot":        {queued, "", filed, once, false},

	"greylist-451": {queued, "", filed, once, false},
	"rcpt-421":     {queued, "", filed, once, false},
	"per-rcpt-550": {filed, "", filed, [2]int{1, 0}, false},
	"per-rcpt-451": {queued, "", filed, once, false},
	"rcpt-452":     {filed, "", filed, once, false},
	"all-rcpt-550": {refused, "", refused, [2]int{}, false},
	"mail-550":     {refused, "", refused, [2]int{}, false},
	"mail-530":     {queued, "user", filed, once, false},
	"mail-451":     {queued, "", filed, once, false},
	"size-552":     {refused, "", refused, [2]int{}, false},

	"auth-535":       {queued, "user", filed, once, false},
	"auth-454":       {queued, "later", filed, once, false},
	"auth-538":       {queued, "user", filed, once, false},
	"auth-missing":   {queued, "user", filed, once, false},
	"auth-334-flood": {queued, "online later", filed, once, false},

	"connect-421":    {queued, "later", filed, once, false},
	"connect-554":    {queued, "later", filed, once, false},
	"greeting-hang":  {queued, "online", filed, once, true},
	"greeting-flood": {queued, "online", filed, once, false},
	"ehlo-502":       {queued, "user", filed, once, false},
	"ehlo-endless":   {queued, "online", filed, once, false},
	"line-endless":   {queued, "online", filed, once, false},
	"ehlo-lowercase": {filed, "", filed, once, false},
	"code-overflow":  {queued, "online later", filed, once, false},

	"no-8bitmime":   {filed, "", filed, once, false},
	"no-smtputf8":   {filed, "", filed, once, false},
	"no-pipelining": {filed, "", filed, once, false},
	"no-size":       {filed, "", filed, once, false},

	"pipelining-lost": {filed, "", filed, once, true},
	"data-anyway":     {filed, "", filed, once, false},

	"hang-at-ehlo": {queued, "online", filed, once, true}, "drop-at-ehlo": {queued, "online", filed, once, false},
	"hang-at-auth": {queued, "online", filed, once, true}, "drop-at-auth": {queued, "online", filed, once, false},
	"hang-at-mail": {queued, "", filed, once, true}, "drop-at-mail": {queued, "", filed, once, false},
	"hang-at-rcpt": {queued, "", filed, once, true}, "drop-at-rcpt": {queued, "", filed, once, false},
	"hang-at-data": {queued, "", filed, once, true}, "drop-at-data": {queued, "", filed, once, false},
	"hang-at-quit": {filed, "", filed, once, true}, "drop-at-quit": {filed, "", filed, once, false},
}

// elsewhere are scenarios that are about dialling: the tests of netconn play them.
var elsewhere = []string{"no-starttls", "starttls-454", "starttls-inject", "starttls-caps", "hang-at-starttls", "drop-at-starttls"}

var remedies = map[fault.Remedy]string{fault.Bug: "bug", fault.Online: "online", fault.Later: "later", fault.User: "user", fault.Never: "never"}

func TestEveryScenario(t *testing.T) {
	for _, name := range fakesmtp.Scenarios() {
		if _, ok := scenarios[name]; !ok && !slices.Contains(elsewhere, name) {
			t.Errorf("nothing is expected of the scenario %s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(scenarios)) {
		t.Run(name, func(t *testing.T) { playScenario(t, name, scenarios[name]) })
	}
}

func playScenario(t *testing.T, name string, want scenario) {
	r := newRig(t, fakesmtp.Options{})
	if want.quick {
		r.options.stall, r.options.dot = 150*time.Millisecond, 150*time.Millisecond
	}
	n := r.queue("bo", "cy")
	r.play(name)
	_, err := r.run()
	if e := fault.Of(err); e == nil && want.remedy != "" || e != nil && (want.remedy == "" || !strings.Contains(want.remedy, remedies[e.Remedy])) {
		t.Errorf("error %v, want %q", err, want.remedy)
	}
	r.want("while it fails", n, want.state)
	if l := r.letter(n); l.State != filed && want.remedy == "" && l.Error == "" {
		t.Error("nobody is told why")
	}
	r.play()
	r.options.stall, r.options.dot = 20*time.Second, 20*time.Second
	for range 3 {
		r.clock.Advance(10 * time.Minute)
		if _, err := r.run(); err != nil {
			t.Errorf("when the server is honest again: %v", err)
		}
	}
	r.want("in the end", n, want.end)
	if got := r.accepted(n); got["bo"] != want.copies[0] || got["cy"] != want.copies[1] {
		t.Errorf("copies: %v, want %v", got, want.copies)
	}
	r.wantNoSins("in the end")
	r.wantCleanOnTheWire(n)
}

// wantCleanOnTheWire fails unless what the server took is what is stored,
// without Bcc, and has the same Date and Message-ID at every attempt.
func (r *rig) wantCleanOnTheWire(n localstore.OutboxID) {
	r.t.Helper()
	stored := r.blob(n)
	for _, l := range r.server.Accepted() {
		raw := string(l.Raw)
		if strings.Contains(raw, "Bcc:") || strings.ReplaceAll(raw, "\r\n", "") != strings.ReplaceAll(strings.ReplaceAll(raw, "\r", ""), "\n", "") {
			r.t.Errorf("on the wire: %q", raw)
		}
		if strings.Contains(raw, "<"+r.letter(n).HeaderID+">") && withoutBcc(stored) != raw {
			r.t.Errorf("stored\n%q\naccepted\n%q", stored, raw)
		}
	}
}

func withoutBcc(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		if !strings.HasPrefix(line, "Bcc:") {
			io.WriteString(&b, line)
		}
	}
	return b.String()
}

// TestRecipientsChooseTheFailure sends a letter of each kind between two good
// ones: a bad letter blocks nothing.
func TestRecipientsChooseTheFailure(t *testing.T) {
	for name, want := range map[string]localstore.OutboxState{
		"temp": queued, "refuse": refused, "full": queued, "greylist": queued, "too-big": refused, "refuse-data": refused,
		"temp-data": queued, "drop-mid-data": filed, "drop-after-data": unsure, "twice": filed,
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, fakesmtp.Options{})
			before, bad, after := r.queue("bo"), r.queue(name), r.queue("cy")
			if _, err := r.run(); err != nil {
				t.Error(err)
			}
			r.want("the first", before, filed)
			r.want("the bad one", bad, want)
			r.want("the last", after, filed)
			if refused := r.letter(bad); want == localstore.OutRefused && !strings.HasPrefix(refused.Error, "55") {
				t.Errorf("the server's words are %q", refused.Error)
			}
			r.wantNoSins("in the end")
		})
	}
}
