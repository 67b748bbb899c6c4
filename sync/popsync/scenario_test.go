package popsync

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/fault"
)

// scenario is what is expected of passes while the server fails in one way.
type scenario struct {
	remedies string // of the passes that fail, any of these words; "": none fails
	stored   int    // mails here when the first pass has ended, at least
	quick    bool   // the server is silent: wait less
	hide     string // a capability that the server does not have
}

const mailsOfScenario = 6

var scenarios = map[string]scenario{
	"drop-after-dele":  {stored: 6},
	"drop-at-dele":     {stored: 6},
	"bad-dele-drops":   {stored: 6},
	"drop-before-quit": {stored: 6},
	"drop-after-quit":  {stored: 6},
	"quit-err":         {stored: 6},
	"quit-slow":        {stored: 6, quick: true},
	"dele-err":         {stored: 6},
	"swallow-dele":     {stored: 6},
	"returns-anew":     {stored: 6},

	"renumber":     {stored: 6},
	"new-mail":     {stored: 6},
	"uidl-changes": {stored: 6},
	"uidl-dup":     {stored: 6},
	"uidl-reuse":   {stored: 6},
	"uidl-missing": {stored: 6},
	"uidl-long":    {stored: 6},
	"uidl-bad":     {stored: 6},
	"uidl-short":   {stored: 6},
	"uidl-equal":   {stored: 6},
	"uidl-case":    {stored: 6},
	"uidl-one-err": {stored: 6},
	"uidl-one-lie": {stored: 6},
	"quit-rst":     {stored: 6},
	"rset-err":     {stored: 6},
	"drop-at-uidl": {stored: 6},
	"uidl-endless": {remedies: "later"},
	"wipe":         {},

	"recent":       {stored: 4},
	"uidl-later":   {stored: 6},
	"stat-lies":    {stored: 6},
	"stat-garbage": {stored: 6},
	"stat-err":     {stored: 6},
	"list-odd":     {stored: 6},
	"list-err":     {stored: 6},
	"top-err":      {stored: 6},
	"top-bad-err":  {stored: 6},
	"top-drop":     {stored: 6},
	"deaf-ahead":   {stored: 6, quick: true},

	"list-lies":         {stored: 5},
	"list-huge":         {stored: 6},
	"retr-size-lies":    {stored: 6},
	"retr-err":          {stored: 5},
	"retr-drop":         {stored: 5},
	"retr-truncated":    {stored: 5},
	"status-header":     {stored: 6},
	"hang-in-retr":      {stored: 5, quick: true},
	"drip-retr":         {remedies: "online later", stored: 4, quick: true},
	"endless-retr":      {stored: 5},
	"never-ending-line": {stored: 5},
	"drop-at-capa":      {stored: 6},
	"capa-endless":      {remedies: "later"},
	"greeting-flood":    {remedies: "later"},
	"greeting-hang":     {remedies: "online", quick: true},
	"greeting-err":      {remedies: "later"},
	"greeting-in-use":   {remedies: "later"},

	"in-use":      {remedies: "later"},
	"login-delay": {remedies: "later"},
	"delay-next":  {remedies: "later", stored: 6},
	"sys-temp":    {remedies: "later"},
	"sys-perm":    {remedies: "user"},
	"auth-fail":   {remedies: "user"},
	"auth-bare":   {remedies: "user"},

	"hang-at-auth": {remedies: "online", quick: true},
	"hang-at-user": {remedies: "online", quick: true, hide: "SASL"},
	"hang-at-pass": {remedies: "online", quick: true, hide: "SASL"},
	"hang-at-stat": {remedies: "online", quick: true},
	"hang-at-list": {remedies: "online", quick: true},
	"hang-at-uidl": {remedies: "online", quick: true},
	"hang-at-retr": {remedies: "online", quick: true},
	"hang-at-dele": {quick: true, stored: 6},
	"hang-at-quit": {quick: true, stored: 6},
}

// elsewhere are scenarios with tests of their own: here, and those about dialling in netconn.
var elsewhere = []string{"retr-short", "retr-short-all", "sizes-double", "stat-huge", "retr-changes", "no-starttls", "starttls-err", "starttls-inject", "starttls-hang"}

var remedies = map[fault.Remedy]string{fault.Bug: "bug", fault.Online: "online", fault.Later: "later", fault.User: "user", fault.Never: "never"}

// TestEveryScenario plays each way to fail for two passes: what arrives is
// whole, nothing is lost, nothing is double, nothing is removed that is not
// here. Then the server is honest again, and all ends well without anybody's
// help.
func TestEveryScenario(t *testing.T) {
	for _, name := range fakepop.Scenarios() {
		if _, ok := scenarios[name]; !ok && !slices.Contains(elsewhere, name) {
			t.Errorf("nothing is expected of the scenario %s", name)
		}
	}
	for v, hide := range [][]string{nil, {"PIPELINING"}, {"TOP"}, {"CAPA"}} {
		for i, name := range slices.Sorted(maps.Keys(scenarios)) {
			if v > 0 && !sampled(i+v) {
				continue
			}
			want := scenarios[name]
			t.Run(name+" without "+strings.Join(hide, ""), func(t *testing.T) {
				if len(hide) > 0 && (want.quick || name == "capa-endless") {
					return // the same without them
				}
				playScenario(t, name, want, hide)
			})
		}
	}
}

func playScenario(t *testing.T, name string, want scenario, hide []string) {
	r := newRig(t, mailsOfScenario, fakepop.Options{Hide: append([]string{want.hide}, hide...)})
	if want.quick {
		r.options.stall = 150 * time.Millisecond
	}
	r.play(name)
	for pass := range 2 {
		_, err := r.receive()
		if err == nil && want.remedies != "" && want.stored == 0 {
			t.Errorf("pass %d: no error", pass)
		}
		if e := fault.Of(err); e != nil && (!strings.Contains(want.remedies, remedies[e.Remedy]) || want.remedies == "") {
			t.Errorf("pass %d: %s: %v", pass, remedies[e.Remedy], err)
		}
		if name == "new-mail" && pass == 0 {
			r.sent = append(r.sent, r.theLateMail())
		}
		r.wantNothingLost()
		if here, _ := r.localMails(); pass == 0 && len(here) < want.stored {
			t.Errorf("%d mails are here after the first pass, want %d", len(here), want.stored)
		}
	}
	r.play()
	r.options.stall = 20 * time.Second
	if name == "drip-retr" {
		// The server would go on for half an hour before it noticed.
		r.server.Offline()
		if err := r.server.Online(); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		r.clock.Advance(48 * time.Hour)
		r.mustReceive()
	}
	r.wantAll("in the end")
	r.wantOnServer("in the end", 0)
	r.wantNoSins("in the end")
	if report := r.mustReceive(); report.Received != 0 || report.Removed != 0 {
		t.Errorf("one more pass changes something: %+v", report)
	}
	r.wantAll("after one more pass")
}

// wantNothingLost fails unless every mail ever delivered is here or on the
// server, and none is here more often than it was delivered.
func (r *rig) wantNothingLost() {
	r.t.Helper()
	here, _ := r.localMails()
	left := map[string]int{}
	for _, s := range here {
		left[s]++
	}
	var there [][]byte
	for _, m := range r.user.Mailbox("INBOX").Messages() {
		there = append(there, fakepop.Octets(m.Raw))
	}
	onServer := map[string]int{}
	for _, s := range sums(there) {
		onServer[s]++
	}
	for _, s := range sums(r.sent) {
		if left[s] == 0 && onServer[s] == 0 {
			r.t.Error("a mail is lost")
		}
		left[s]--
	}
	for s, n := range left {
		if n > 0 && onServer[s] == 0 {
			r.t.Errorf("a mail is here %d times too often", n)
		}
	}
}

// theLateMail returns the mail that the scenario "new-mail" delivers.
func (r *rig) theLateMail() []byte {
	return fakepop.Octets([]byte("From: late@demo.example\r\nTo: anna\r\n" +
		"Message-ID: <late@demo.example>\r\nSubject: Just in time\r\n\r\nI came late.\r\n"))
}
