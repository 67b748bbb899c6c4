// Package archtest holds the agreed shape of the project: who may import whom,
// who may ask what time it is, how packages are named and how long a file may
// grow. Its own test runs every check over the whole repository, and every
// check is shown on a small invented tree to be able to fail.
//
// The checks read source files with go/parser and look at direct imports only;
// build constraints are ignored, so that no rule can be dodged on another
// system. What a rule means and why it stands is in the table of rules.go.
package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"sort"
	"strconv"
	"strings"
)

// Module is the path of the module whose packages are held to the rules.
const Module = "paquebot.app"

// Tree is the source of one module.
type Tree struct {
	Fset *token.FileSet
	Pkgs []*Pkg // ordered by Path
}

// Pkg is one folder with Go files.
type Pkg struct {
	Path  string // relative to the module, "." for its root
	Files []*File
}

// File is one Go file.
type File struct {
	Name   string // relative to the module
	Test   bool   // ends in _test.go
	Lines  int
	Syntax *ast.File
}

// Load parses every Go file under fsys, except those in folders that the go
// command ignores too: testdata, vendor, and names that begin with . or _.
func Load(fsys fs.FS) (*Tree, error) {
	t := &Tree{Fset: token.NewFileSet()}
	byPath := map[string]*Pkg{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(name)
		if d.IsDir() {
			if name != "." && (base == "testdata" || base == "vendor" || base[0] == '.' || base[0] == '_') {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || base[0] == '.' || base[0] == '_' {
			return nil
		}
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		syntax, err := parser.ParseFile(t.Fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir := path.Dir(name)
		if byPath[dir] == nil {
			byPath[dir] = &Pkg{Path: dir}
			t.Pkgs = append(t.Pkgs, byPath[dir])
		}
		byPath[dir].Files = append(byPath[dir].Files, &File{
			Name:   name,
			Test:   strings.HasSuffix(base, "_test.go"),
			Lines:  strings.Count(string(src), "\n"),
			Syntax: syntax,
		})
		return nil
	})
	sort.Slice(t.Pkgs, func(i, j int) bool { return t.Pkgs[i].Path < t.Pkgs[j].Path })
	return t, err
}

// Check runs all checks and returns what is wrong, one sentence each, with the
// place in front.
func (t *Tree) Check() []string {
	var wrong []string
	for _, check := range []func() []string{
		t.checkImports, t.checkSyncFolder, t.checkClock, t.checkNames,
		t.checkDocs, t.checkSkips, t.checkLength,
	} {
		wrong = append(wrong, check()...)
	}
	return wrong
}

// at returns "file:line" of a position.
func (t *Tree) at(pos token.Pos) string {
	p := t.Fset.Position(pos)
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

// imports returns the paths that f imports, with their places. Packages of our
// own are given relative to the module and begin with ./
func (f *File) imports() map[string]token.Pos {
	out := map[string]token.Pos{}
	for _, s := range f.Syntax.Imports {
		p, err := strconv.Unquote(s.Path.Value)
		if err != nil {
			continue // the parser has already refused it
		}
		if own, ok := strings.CutPrefix(p, Module+"/"); ok {
			p = "./" + own
		}
		out[p] = s.Pos()
	}
	return out
}

// match tells whether path is meant by one of the patterns. A pattern is a
// path, or a path followed by "/..." for the folder and all below it, or "..."
// for everything.
func match(path string, patterns []string) bool {
	for _, p := range patterns {
		folder, deep := strings.CutSuffix(p, "/...")
		if p == "..." || path == folder || deep && strings.HasPrefix(path, folder+"/") {
			return true
		}
	}
	return false
}
