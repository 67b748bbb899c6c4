package archtest

import (
	"fmt"
	"sort"
)

// rule forbids imports. Patterns are those of match.
type rule struct {
	in     []string // these packages of ours
	butIn  []string // except these
	not    []string // must not import these: ours begin with ./
	butNot []string // except these
	tests  bool     // holds for _test.go files too
	why    string
}

// ours are all imports of this project.
var ours = []string{"./cmd/...", "./ui/...", "./sync/...", "./localstore/...", "./assets/...", "./internal/..."}

// testSupport are packages that must not be part of a program.
var testSupport = []string{"internal/realserver/...", "internal/testmail/...", "internal/testprofile/...", "internal/obligation/...", "internal/rawlimit/...", "internal/archtest/...", "internal/htmlmail/score", "ui/kit/kittest"}

// onTheStore are the internal packages that read and write the store for the
// window and the command line alike, or for tests.
var onTheStore = []string{"internal/intake", "internal/content", "internal/outgoing", "internal/journey", "internal/testprofile"}

var rules = []rule{
	// Between the layers.
	{in: []string{"ui/..."}, not: []string{"./sync/..."}, tests: true,
		why: "the window reads and writes only the store; what it needs of the engine it declares as an interface"},
	{in: []string{"sync/..."}, not: []string{"./ui/..."}, tests: true,
		why: "the engine runs without a window"},
	{in: []string{"ui/..."}, not: ours,
		butNot: []string{"./ui/...", "./localstore", "./assets/...", "./internal/letter/...", "./internal/fault", "./internal/htmlmail/...",
			"./internal/richtext/...", "./internal/text/...", "./internal/desk/...", "./internal/clock", "./internal/content", "./internal/outgoing",
			"./internal/journey", "./internal/smtpreply"},
		why: "the window knows the store and how to draw, nothing else"},
	{in: []string{"sync/..."}, not: []string{"./cmd/...", "./assets/..."},
		why: "the engine knows no program around it"},
	{in: []string{"localstore/..."}, not: ours,
		butNot: []string{"./localstore/...", "./internal/fault", "./internal/clock"},
		why:    "the store knows neither servers nor windows"},
	{in: []string{"cmd/paquebotctl/..."}, not: []string{"./ui/..."}, tests: true,
		why: "the command line program must run where there is no window"},
	{in: []string{"internal/..."}, butIn: onTheStore, not: ours, butNot: []string{"./internal/...", "./assets/..."},
		why: "internal packages are leaves: the layers use them, not the other way round"},
	{in: onTheStore, not: ours, butNot: []string{"./internal/...", "./localstore"},
		why: "what stands between the store and its users knows neither servers nor windows"},
	{in: []string{"internal/richtext/...", "internal/text/..."}, not: ours,
		butNot: []string{"./internal/richtext/...", "./internal/text/...", "./internal/clock", "./assets"},
		why:    "text is laid out, edited and drawn without a store, a letter or a window"},
	{in: []string{"internal/htmlmail/..."}, not: ours,
		butNot: []string{"./internal/htmlmail/...", "./internal/text/...", "./internal/fault"},
		why:    "a mail is laid out and drawn without a store, a network or a window"},
	{in: []string{"internal/htmlmail/..."}, not: []string{"os", "os/exec"}, butIn: []string{"internal/htmlmail/score"},
		why: "nothing in a mail reaches the disk"},
	{in: []string{"internal/text/..."}, not: []string{"./internal/richtext/..."},
		why: "the reader lays out text that nobody edits"},
	{in: []string{"internal/fault", "internal/clock"}, not: ours, butNot: []string{"./internal/fault", "./internal/clock"},
		why: "everything imports these two, so they import nothing of ours"},
	{in: []string{"..."}, butIn: append([]string{"cmd/internal/demo"}, testSupport...), not: []string{"testing", "./internal/realserver/...", "./internal/testmail/...", "./internal/testprofile/...", "./internal/obligation/...", "./internal/rawlimit/...", "./internal/archtest/...", "./internal/htmlmail/score", "./ui/kit/kittest"},
		why: "test support is no part of a program; only the demo lives on testmail's mailbox"},

	// Inside sync.
	{in: []string{"sync/imapsync/..."}, not: []string{"./sync/..."}, butNot: []string{"./sync/imapsync/...", "./sync/link", "./sync/netconn"},
		why: "the sync packages meet only in sync/engine"},
	{in: []string{"sync/popsync/..."}, not: []string{"./sync/..."}, butNot: []string{"./sync/popsync/...", "./sync/link", "./sync/netconn"},
		why: "the sync packages meet only in sync/engine"},
	{in: []string{"sync/submit/..."}, not: []string{"./sync/..."}, butNot: []string{"./sync/submit/...", "./sync/netconn"},
		why: "the sync packages meet only in sync/engine"},
	{in: []string{"sync/webfetch/..."}, not: []string{"./sync/..."}, butNot: []string{"./sync/webfetch/..."},
		why: "the sync packages meet only in sync/engine"},
	{in: []string{"sync/switching/..."}, not: []string{"./sync/..."}, butNot: []string{"./sync/switching/...", "./sync/link"},
		why: "a switch knows neither protocol: what it asks of servers the engine gives it"},
	{in: []string{"sync/link", "sync/netconn"}, not: []string{"./sync/..."},
		why: "a leaf that the protocols share depends on none of them"},

	// Who may touch the outside world.
	{in: []string{"..."}, butIn: []string{"localstore"}, not: []string{"database/sql/...", "modernc.org/sqlite/..."},
		why: "only localstore knows that the store is SQLite"},
	{in: []string{"..."}, butIn: []string{"ui/...", "cmd/paquebot/..."}, not: []string{"fyne.io/..."}, tests: true,
		why: "only the window needs a window toolkit"},
	{in: []string{"ui/vm/..."}, not: []string{"fyne.io/..."}, tests: true,
		why: "view models are tested without a window"},
	{in: []string{"..."},
		butIn: []string{"sync/...", "internal/autoconf/...", "internal/signin/...", "internal/fakeserver/...", "internal/realserver/...", "internal/rawlimit/..."},
		not:   []string{"net", "net/http/...", "net/rpc/...", "net/smtp"},
		why:   "nobody else may wait for a network"},
}

// checkImports holds every file's direct imports against the table.
func (t *Tree) checkImports() []string {
	var wrong []string
	for _, r := range rules {
		wrong = append(wrong, t.checkRule(r)...)
	}
	sort.Strings(wrong)
	return wrong
}

// checkRule holds every file's direct imports against one rule.
func (t *Tree) checkRule(r rule) []string {
	var wrong []string
	for _, p := range t.Pkgs {
		if !match(p.Path, r.in) || match(p.Path, r.butIn) {
			continue
		}
		for _, f := range p.Files {
			if f.Test && !r.tests {
				continue
			}
			for imp, pos := range f.imports() {
				if match(imp, r.not) && !match(imp, r.butNot) {
					wrong = append(wrong, fmt.Sprintf("%s: %s must not import %s: %s", t.at(pos), p.Path, imp, r.why))
				}
			}
		}
	}
	return wrong
}

// checkSyncFolder keeps the name sync for the standard library: the folder
// itself holds no package.
func (t *Tree) checkSyncFolder() []string {
	for _, p := range t.Pkgs {
		if p.Path == "sync" {
			return []string{"sync: holds Go files; the folder groups packages and is none, so that code can go on saying sync.Mutex"}
		}
	}
	return nil
}

// FyneIn returns those of the import paths that belong to the window toolkit.
func FyneIn(paths []string) []string {
	var out []string
	for _, p := range paths {
		if match(p, []string{"fyne.io/..."}) {
			out = append(out, p)
		}
	}
	return out
}
