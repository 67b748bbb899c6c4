package archtest

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/fstest"
)

// TestTheProjectKeepsItsShape runs every check over the repository.
func TestTheProjectKeepsItsShape(t *testing.T) {
	tree, err := Load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Pkgs) < 3 {
		t.Fatalf("only %d packages found: this does not look at the repository", len(tree.Pkgs))
	}
	for _, w := range tree.Check() {
		t.Error(w)
	}
}

// TestCtlNeedsNoWindow looks at all that the command line program is built of.
func TestCtlNeedsNoWindow(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "-tags", "migrated_fynedo", Module+"/cmd/paquebotctl")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	deps := strings.Fields(string(out))
	if len(deps) < 50 {
		t.Fatalf("only %d dependencies: %q", len(deps), deps)
	}
	for _, p := range FyneIn(deps) {
		t.Errorf("paquebotctl is built with %s: it must run where there is no window", p)
	}
}

func TestFyneIsFoundAmongDependencies(t *testing.T) {
	got := FyneIn([]string{"fmt", "fyne.io/fyne/v2/app", "fyne.io/systray", "example.org/fyne.io/x"})
	if len(got) != 2 {
		t.Errorf("found %q, want both packages of fyne.io", got)
	}
}

const sound = "// Package p is sound.\npackage p\n"

// broken are files that break one thing each when they are put into a sound
// tree, and files beside them that look alike and break nothing.
var broken = []struct {
	file, src string
	want      string // part of the complaint; empty: none
}{
	{"ui/list.go", imports("paquebot.app/sync/engine"), "ui must not import ./sync/engine"},
	{"ui/reader/list.go", imports("paquebot.app/internal/secrets"), "ui/reader must not import ./internal/secrets"},
	{"ui/list_test.go", imports("paquebot.app/sync/engine"), "must not import"},
	{"ui/list.go", imports("paquebot.app/localstore"), ""},
	{"sync/engine/a.go", imports("paquebot.app/ui/vm"), "runs without a window"},
	{"sync/engine/a.go", imports("paquebot.app/sync/popsync"), ""},
	{"sync/engine/a.go", imports("paquebot.app/assets"), "no program around it"},
	{"localstore/a.go", imports("paquebot.app/internal/letter"), "neither servers nor windows"},
	{"localstore/a.go", imports("database/sql"), ""},
	{"internal/letter/a.go", imports("paquebot.app/localstore"), "leaves"},
	{"internal/outgoing/a.go", imports("paquebot.app/localstore"), ""},
	{"internal/outgoing/a.go", imports("paquebot.app/sync/submit"), "neither servers nor windows"},
	{"internal/outgoing/a.go", imports("paquebot.app/internal/intake"), ""},
	{"ui/kit/kittest/a.go", imports("testing"), ""},
	{"ui/kit/a.go", imports("paquebot.app/ui/kit/kittest"), "no part of a program"},
	{"ui/compose/a.go", imports("paquebot.app/internal/outgoing"), ""},
	{"internal/fakeserver/a.go", imports("paquebot.app/sync/netconn"), "leaves"},
	{"internal/clock/a.go", imports("paquebot.app/internal/letter"), "import nothing of ours"},
	{"internal/letter/a.go", imports("testing"), "no part of a program"},
	{"cmd/paquebot/a.go", imports("paquebot.app/internal/testmail"), "no part of a program"},
	{"cmd/paquebot/a_test.go", imports("paquebot.app/internal/testmail"), ""},
	{"sync/imapsync/a.go", imports("paquebot.app/sync/popsync"), "meet only in sync/engine"},
	{"sync/imapsync/a.go", imports("paquebot.app/sync/imapsync/wire"), ""},
	{"sync/popsync/a.go", imports("paquebot.app/sync/submit"), "meet only in sync/engine"},
	{"sync/popsync/a.go", imports("paquebot.app/internal/intake"), ""},
	{"sync/popsync/a.go", imports("paquebot.app/sync/link"), ""},
	{"sync/submit/a.go", imports("paquebot.app/sync/imapsync/wire"), "meet only in sync/engine"},
	{"sync/webfetch/a.go", imports("paquebot.app/sync/netconn"), "meet only in sync/engine"},
	{"sync/switching/a.go", imports("paquebot.app/sync/popsync"), "knows neither protocol"},
	{"sync/switching/a.go", imports("paquebot.app/sync/link"), ""},
	{"sync/netconn/a.go", imports("paquebot.app/sync/engine"), "depends on none of them"},
	{"sync/link/a.go", imports("paquebot.app/sync/netconn"), "depends on none of them"},
	{"sync/engine/a.go", imports("database/sql"), "is SQLite"},
	{"cmd/paquebotctl/a.go", imports("modernc.org/sqlite"), "is SQLite"},
	{"cmd/paquebotctl/a.go", imports("fyne.io/fyne/v2"), "window toolkit"},
	{"sync/engine/a_test.go", imports("fyne.io/fyne/v2"), "window toolkit"},
	{"cmd/paquebotctl/a.go", imports("paquebot.app/ui/vm"), "where there is no window"},
	{"ui/vm/a.go", imports("fyne.io/fyne/v2"), "without a window"},
	{"internal/text/line/a.go", imports("paquebot.app/internal/letter"), "without a store, a letter or a window"},
	{"internal/text/line/a.go", imports("paquebot.app/internal/richtext"), "text that nobody edits"},
	{"internal/richtext/a.go", imports("paquebot.app/internal/text/segment"), ""},
	{"internal/htmlmail/layout/a.go", imports("paquebot.app/internal/letter"), "without a store, a network or a window"},
	{"internal/htmlmail/a.go", imports("os"), "reaches the disk"},
	{"internal/htmlmail/score/a.go", imports("os/exec"), ""},
	{"internal/htmlmail/a.go", imports("paquebot.app/internal/htmlmail/score"), "no part of a program"},
	{"cmd/paquebotctl/a.go", imports("paquebot.app/internal/htmlmail/paint"), ""},
	{"ui/a.go", imports("fyne.io/fyne/v2"), ""},
	{"ui/a.go", imports("net/http"), "wait for a network"},
	{"cmd/paquebot/a.go", imports("net"), "wait for a network"},
	{"internal/letter/a.go", imports("net/mail"), ""},
	{"internal/clock/a.go", imports("sync"), ""},
	{"localstore/a.go", imports("sync/atomic"), ""},
	{"sync/webfetch/a.go", imports("net/http"), ""},

	{"sync/a.go", sound, "the folder groups packages"},

	{"sync/engine/a.go", body("time", "var x = time.Now()"), "uses time.Now"},
	{"internal/letter/a.go", body("time", "var x = time.Now"), "uses time.Now"},
	{"ui/a.go", sound + "import t \"time\"\nfunc f() { t.Sleep(1) }", "uses time.Sleep"},
	{"ui/a.go", body("time", "func f() { <-time.After(1) }"), "uses time.After"},
	{"ui/a.go", body("time", "func f(c interface{ SetDeadline(time.Time) }) { c.SetDeadline(time.Now().Add(1)) }"), "uses time.Now"},
	{"sync/netconn/a.go", body("time", "func f(c interface{ SetReadDeadline(time.Time) }) { c.SetReadDeadline(time.Now().Add(1)) }"), ""},
	{"sync/netconn/a.go", body("time", "func f(c interface{ SetReadDeadline(time.Time) }) { at := time.Now().Add(1); c.SetReadDeadline(at) }"), "uses time.Now"},
	{"internal/clock/a.go", body("time", "var x = time.Now()"), ""},
	{"ui/a.go", body("time", "var x = time.Minute"), ""},
	{"ui/a_test.go", body("time", "func f() { time.Sleep(1) }"), "uses time.Sleep"},
	{"ui/a_test.go", body("time", "var x = time.Now()"), ""},

	{"internal/util/a.go", "// Package util is vague.\npackage util", "not called util"},
	{"internal/letter/mime/a.go", "// Package mime is hidden.\npackage mime", "not called mime"},

	{"ui/a.go", "package p", "no doc comment"},
	{"ui/a_test.go", "package p", "no doc comment"},

	{"ui/a_test.go", body("testing", "func TestX(t *testing.T) { t.Skip() }"), "skips itself"},
	{"ui/a_test.go", body("testing", "func TestX(t *testing.T) { t.Run(\"\", func(u *testing.T) { u.Skipf(\"\") }) }"), "skips itself"},
	{"ui/a_test.go", body("testing", "func BenchmarkX(b *testing.B) { if testing.Short() { b.SkipNow() } }"), "skips itself"},
	{"ui/a_test.go", body("testing", "func FuzzX(f *testing.F) { f.Fuzz(func(t *testing.T, s string) { if s == \"\" { t.Skip() } }) }"), "skips itself"},
	{"ui/a_test.go", sound + "import (\n\"testing\"\n\"pgregory.net/rapid\"\n)\nfunc TestX(t *testing.T) { rapid.Check(t, func(t *rapid.T) { t.Skip() }) }", ""},
	{"internal/realserver/a.go", body("testing", "func need(t testing.TB) { t.Skip() }"), ""},

	{"ui/a.go", sound + strings.Repeat("// line\n", maxLines), "lines, more than"},
	{"ui/a_test.go", "// Package p is long.\npackage p\n" + strings.Repeat("// line\n", maxLines), ""},
}

func imports(path string) string { return sound + "import _ \"" + path + "\"\n" }

func body(imp, code string) string { return sound + "import \"" + imp + "\"\n" + code }

// treeWith returns a sound tree with one more file.
func treeWith(t *testing.T, file, src string) *Tree {
	t.Helper()
	tree, err := Load(fstest.MapFS{
		"ok/ok.go":          {Data: []byte("// Package ok is sound.\npackage ok\n")},
		"ok/testdata/no.go": {Data: []byte("this is not looked at")},
		file:                {Data: []byte(src)},
	})
	if err != nil {
		t.Fatalf("%s: %v\n%s", file, err, src)
	}
	return tree
}

func TestEachCheckCanFail(t *testing.T) {
	for _, c := range broken {
		got := treeWith(t, c.file, c.src).Check()
		switch {
		case c.want == "" && len(got) > 0:
			t.Errorf("%s: complaints %q about\n%s", c.file, got, c.src)
		case c.want != "" && !strings.Contains(strings.Join(got, "\n"), c.want):
			t.Errorf("%s: complaints %q, want one with %q, about\n%s", c.file, got, c.want, c.src)
		}
	}
}

// TestEachRuleCanFail keeps the table above complete: a rule that no broken
// tree trips might hold nothing.
func TestEachRuleCanFail(t *testing.T) {
	for _, r := range rules {
		tripped := false
		for _, c := range broken {
			tripped = tripped || len(treeWith(t, c.file, c.src).checkRule(r)) > 0
		}
		if !tripped {
			t.Errorf("nothing trips the rule that %v must not import %v", r.in, r.not)
		}
	}
}

func TestAFileThatCannotBeParsedIsNotPassedOver(t *testing.T) {
	if _, err := Load(fstest.MapFS{"a/a.go": {Data: []byte("package")}}); err == nil {
		t.Error("no error")
	}
}
