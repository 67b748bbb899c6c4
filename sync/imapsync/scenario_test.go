package imapsync

import (
	"cmp"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/fault"
	"paquebot.app/sync/imapsync/wire"
)

// scenario is what is expected of passes while the server fails in one way.
type scenario struct {
	remedies string // of the passes that fail, any of these words; "": none fails
	quick    bool   // the server is silent: wait less
	small    bool   // the server says too much: listen less
	long     bool   // it takes many seconds: with PAQUEBOT_TORTURE=1 only
	may      bool   // the first pass may succeed, too
	hide     string // a capability that the server does not have
	takes    int    // mails that the server itself removes, at most
	ignored  bool   // the server takes changes of flags and does not keep them
	wiped    bool   // the server takes every change and has no mail for it
	lied     bool   // the server says false flags, which it never corrects
}

var scenarios = map[string]scenario{
	"alert-flood":           {},
	"append-drop":           {remedies: "online"},
	"append-no-cont":        {remedies: "online", quick: true, hide: "LITERAL+"},
	"append-overquota":      {},
	"append-toobig":         {},
	"append-trycreate":      {},
	"appenduid-wrong":       {},
	"auth-alert":            {remedies: "later"},
	"auth-bad":              {remedies: "later"},
	"auth-expired":          {remedies: "user"},
	"auth-fail":             {remedies: "user"},
	"auth-inuse":            {remedies: "later"},
	"auth-limit":            {remedies: "later"},
	"auth-overquota":        {remedies: "later"},
	"auth-plain-no":         {remedies: "later"},
	"auth-throttled":        {remedies: "later"},
	"auth-unavailable":      {remedies: "later"},
	"auth-webalert":         {remedies: "user"},
	"bodystructure-garbage": {},
	"bogus-expunge":         {},
	"capability-changes":    {},
	"capability-lies":       {},
	"challenges":            {remedies: "online"},
	"compress-bomb":         {},
	"contactadmin":          {remedies: "later"},
	"copy-drop":             {remedies: "online", hide: "MOVE"},
	"copy-several-no":       {hide: "MOVE"},
	"deep-parens":           {},
	"delimiter-odd":         {},
	"drop-after-store":      {remedies: "online"},
	"drop-at-append":        {remedies: "online"},
	"drop-at-copy":          {remedies: "online", hide: "MOVE"},
	"drop-at-expunge":       {remedies: "online", hide: "MOVE"},
	"drop-at-fetch":         {remedies: "online"},
	"drop-at-idle":          {remedies: "online"},
	"drop-at-list":          {remedies: "online"},
	"drop-at-login":         {remedies: "online", hide: "AUTH=PLAIN"},
	"drop-at-logout":        {},
	"drop-at-move":          {remedies: "online"},
	"drop-at-search":        {remedies: "online"},
	"drop-at-select":        {remedies: "online"},
	"drop-at-store":         {remedies: "online"},
	"drop-at-authenticate":  {remedies: "online"},
	"drop-at-status":        {remedies: "online"},
	"enable-no":             {},
	"enable-nothing":        {},
	"endless-untagged":      {remedies: "online", small: true},
	"envelope-garbage":      {},
	"exists-overflow":       {},
	"exists-shrinks":        {},
	"expunge-during-fetch":  {takes: 1},
	"expunge-race":          {takes: 3},
	"expunge-zero":          {},
	"expungeissued":         {remedies: "later", may: true},
	"fetch-empty-ok":        {},
	"fetch-extra-items":     {},
	"fetch-wrong-uid":       {},
	"flags-evil":            {},
	"flags-flood":           {lied: true},
	"greeting-bye":          {remedies: "later"},
	"greeting-flood":        {remedies: "online", small: true},
	"greeting-hang":         {remedies: "online", quick: true},
	"hang-at-authenticate":  {remedies: "online", quick: true},
	"hang-at-status":        {remedies: "online", quick: true},
	"hang-at-append":        {remedies: "online", quick: true},
	"hang-at-copy":          {remedies: "online", quick: true, hide: "MOVE"},
	"hang-at-expunge":       {remedies: "online", quick: true, hide: "MOVE"},
	"hang-at-fetch":         {remedies: "online", quick: true},
	"hang-at-idle":          {remedies: "online", quick: true},
	"hang-at-list":          {remedies: "online", quick: true},
	"hang-at-login":         {remedies: "online", quick: true, hide: "AUTH=PLAIN"},
	"hang-at-logout":        {},
	"hang-at-move":          {remedies: "online", quick: true},
	"hang-at-search":        {remedies: "online", quick: true},
	"hang-at-select":        {remedies: "online", quick: true},
	"hang-at-store":         {remedies: "online", quick: true},
	"hang-in-fetch":         {remedies: "online", quick: true},
	"huge-literal":          {remedies: "online", small: true},
	"idle-drop":             {remedies: "online"},
	"idle-flood":            {remedies: "online", small: true},
	"idle-no":               {},
	"idle-silent":           {},
	"internaldate-nil":      {},
	"literal-in-flags":      {lied: true},
	"login-disabled":        {remedies: "user"},
	"lowercase":             {},
	"mailbox-endless":       {remedies: "online", small: true},
	"mailbox-evil":          {remedies: "later"},
	"mailbox-many":          {remedies: "later", long: true},
	"mailbox-renamed":       {},
	"names-below-inbox":     {},
	"others-folders":        {},
	"missing-plain":         {},
	"modseq-backwards":      {},
	"modseq-overflow":       {},
	"move-partial":          {remedies: "online"},
	"negative-literal":      {remedies: "online", quick: true},
	"never-ending-line":     {remedies: "online", small: true},
	"no-appenduid":          {},
	"no-children":           {},
	"no-condstore":          {hide: "QRESYNC"},
	"no-enable":             {},
	"no-esearch":            {},
	"no-id":                 {},
	"no-idle":               {},
	"no-list-extended":      {},
	"no-list-status":        {},
	"no-literal+":           {},
	"no-move":               {},
	"no-namespace":          {},
	"no-qresync":            {},
	"no-sasl-ir":            {},
	"no-special-use":        {},
	"no-uidplus":            {},
	"no-unselect":           {},
	"nomodseq":              {},
	"noselect-inbox":        {},
	"other-client":          {takes: 3},
	"overflow-literal":      {remedies: "online", small: true},
	"permanentflags-none":   {ignored: true},
	"preauth":               {remedies: "user"},
	"qresync-bad":           {},
	"readonly":              {ignored: true},
	"referral":              {remedies: "user"},
	"resync-garbage":        {},
	"resync-wipe":           {},
	"search-blind":          {},
	"select-no":             {remedies: "later"},
	"size-lies":             {},
	"size-negative":         {},
	"create-no":             {},
	"rename-no":             {},
	"delete-no":             {},
	"special-use-dup":       {},
	"store-ignored":         {ignored: true},
	"store-no":              {ignored: true},
	"store-later":           {},
	"truncated-literal":     {remedies: "online"},
	"uid-last":              {},
	"uid-negative":          {},
	"uid-overflow":          {},
	"uid-zero":              {},
	"uidnext-lies":          {},
	"uidnotsticky":          {remedies: "later", may: true},
	"uidvalidity-change":    {},
	"uidvalidity-decrease":  {},
	"uidvalidity-missing":   {},
	"uidvalidity-zero":      {},
	"unasked-fetch":         {},
	"unasked-plus":          {},
	"unasked-status":        {},
	"unknown-tag":           {},
	"unknown-untagged":      {},
	"vanished-bogus":        {},
	"vanished-earlier":      {},
	"wipe":                  {wiped: true},
}

// elsewhere are scenarios with tests of their own: those about TLS in netconn.
var elsewhere = []string{"no-starttls", "starttls-no", "starttls-inject", "pre-tls-data"}

var remedies = map[fault.Remedy]string{fault.Bug: "bug", fault.Online: "online", fault.Later: "later", fault.User: "user", fault.Never: "never"}

// TestEveryScenario plays each way to fail for two passes while flags, moves, a
// copy, an append and a wish are due. Then the server is honest again, and
// after two passes all is the same here and there: nothing is lost, nothing is
// double, every body is what the server has, byte for byte. Servers with
// QRESYNC, with CONDSTORE alone and with neither have their turns.
func TestEveryScenario(t *testing.T) {
	for j, kind := range []string{"everything", "no qresync", "IMAP4rev1"} {
		t.Run(kind, func(t *testing.T) {
			for i, name := range fakeimap.Scenarios() {
				want, ok := scenarios[name]
				switch {
				case !ok && !slices.Contains(elsewhere, name):
					t.Errorf("nothing is expected of the scenario %s", name)
				case want.long && os.Getenv("PAQUEBOT_TORTURE") == "":
				case ok && sampled(t, i) && (sampled(t, i/3+j) || os.Getenv("PAQUEBOT_TORTURE") != ""):
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						want.may = want.may || j > 0 // what it does it may do to a command that is not used
						playScenario(t, name, want, append(slices.Clone(servers[kind]), want.hide)...)
					})
				}
			}
		})
	}
}

// sampled tells whether the i-th of many cases is played: every third, as the
// seed chooses, or all of them with PAQUEBOT_TORTURE=1.
func sampled(t *testing.T, i int) bool {
	seed, err := strconv.Atoi(cmp.Or(os.Getenv("PAQUEBOT_SEED"), "1"))
	if err != nil {
		t.Fatalf("PAQUEBOT_SEED: %v", err)
	}
	return os.Getenv("PAQUEBOT_TORTURE") != "" || (i+seed)%3 == 0
}

func playScenario(t *testing.T, name string, want scenario, hide ...string) {
	p := newPlay(t, want, hide...)
	if err := p.server.Scenario(name); err != nil {
		t.Fatal(err)
	}
	steps := []step{applyStep, receiveStep, bodiesStep}
	if strings.Contains(name, "idle") {
		steps = append(steps, p.wait)
	}
	p.blamed(0, p.together(steps...))
	p.clock.Advance(time.Hour)
	for _, s := range steps { // each where the one before it failed, too
		p.blamed(1, p.together(s))
	}
	p.nothingLost(false)
	if err := p.server.Scenario(); err != nil {
		t.Fatal(err)
	}
	p.timeouts, p.limits = wire.Timeouts{}, wire.Limits{}
	for range 2 {
		p.clock.Advance(time.Hour)
		p.pass()
	}
	p.nothingLost(true)
	p.everythingDone()
	p.same()
	for _, e := range p.server.Events() {
		t.Errorf("the server noticed: %v", e)
	}
}

// TestAMoveByCopySeenHalfway: a copy whose answer was lost, or whose source was
// not removed yet, is seen as new mail before the move goes on.
func TestAMoveByCopySeenHalfway(t *testing.T) {
	for i, name := range []string{"copy-drop", "drop-after-store", "drop-at-store", "drop-at-expunge"} {
		for j, kind := range []string{"no move", "no uidplus", "IMAP4rev1"} {
			if !sampled(t, i+j) {
				continue
			}
			t.Run(name+" "+kind, func(t *testing.T) {
				t.Parallel()
				playScenario(t, name, scenario{remedies: "online", may: true}, servers[kind]...)
			})
		}
	}
}
