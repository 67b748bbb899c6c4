// Package obligation holds a package's tests to a table: where it is shown that
// a demand of a protocol, or of people, is met. It is used by tests only.
//
// It guarantees that a table names tests and scenarios that exist, and every
// demand once.
package obligation

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Row says where one demand is shown to be met. Several names are separated by
// blanks. It has no name of its own, so that a table needs no field names.
type Row = struct {
	ID, What  string
	Scenarios string // of a fake server
	Tests     string
	Real      string // tests that run against a real server
}

// Check fails where a row names a test that none of the packages in dirs has, or
// a scenario that is not played; where a demand is shown nowhere, or stands there
// twice.
func Check(t *testing.T, rows []Row, played func(scenario string) bool, dirs ...string) {
	t.Helper()
	there := testsIn(t, dirs)
	ids := map[string]bool{}
	for _, r := range rows {
		if ids[r.ID] {
			t.Errorf("%s stands there twice", r.ID)
		}
		ids[r.ID] = true
		if r.Scenarios+r.Tests == "" {
			t.Errorf("%s (%s) is shown nowhere", r.ID, r.What)
		}
		for _, test := range strings.Fields(r.Tests + " " + r.Real) {
			if !slices.Contains(there, test) {
				t.Errorf("%s (%s): there is no %s", r.ID, r.What, test)
			}
		}
		for _, s := range strings.Fields(r.Scenarios) {
			if !played(s) {
				t.Errorf("%s (%s): the scenario %s is not played", r.ID, r.What, s)
			}
		}
	}
}

// testsIn returns the names of the functions in the test files of folders.
func testsIn(t *testing.T, dirs []string) (names []string) {
	t.Helper()
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no tests in %s (%v)", dir, err)
		}
		for _, name := range files {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range file.Decls {
				if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
					names = append(names, f.Name.Name)
				}
			}
		}
	}
	return names
}
