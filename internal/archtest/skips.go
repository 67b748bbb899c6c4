package archtest

import (
	"fmt"
	"go/ast"
)

// checkSkips finds tests that skip themselves. Only internal/realserver may,
// because it can tell a missing server program from a broken test, names the
// suite and refuses to skip where everything ought to be installed.
func (t *Tree) checkSkips() []string {
	var wrong []string
	for _, p := range t.Pkgs {
		if match(p.Path, []string{"internal/realserver"}) {
			continue
		}
		for _, f := range p.Files {
			testing := importedAs(f.Syntax, "testing")
			if testing == "" {
				continue
			}
			for _, d := range f.Syntax.Decls {
				ast.Walk(&skipFinder{testing: testing, found: func(n ast.Node) {
					wrong = append(wrong, fmt.Sprintf("%s: a test that skips itself is green for nothing: ask internal/realserver for what may be missing", t.at(n.Pos())))
				}}, d)
			}
		}
	}
	return wrong
}

// skipFinder walks a declaration and knows which names in scope are a test, a
// benchmark or a fuzz target. Other things, such as a scanner or a property's
// generator, may have a method Skip.
type skipFinder struct {
	testing string          // the name of package testing in this file
	tests   map[string]bool // names that are a *testing.T, B, F or TB here
	found   func(ast.Node)
}

// Visit implements ast.Visitor.
func (s *skipFinder) Visit(n ast.Node) ast.Visitor {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return s.inside(n.Type)
	case *ast.FuncLit:
		return s.inside(n.Type)
	case *ast.SelectorExpr:
		x, ok := n.X.(*ast.Ident)
		if ok && s.tests[x.Name] && match(n.Sel.Name, []string{"Skip", "Skipf", "SkipNow"}) {
			s.found(n)
		}
	}
	return s
}

// inside returns a finder for the body of a function of that type.
func (s *skipFinder) inside(fn *ast.FuncType) *skipFinder {
	in := &skipFinder{testing: s.testing, tests: map[string]bool{}, found: s.found}
	for name := range s.tests {
		in.tests[name] = true
	}
	for _, field := range fn.Params.List {
		typ := field.Type
		if star, ok := typ.(*ast.StarExpr); ok {
			typ = star.X
		}
		sel, ok := typ.(*ast.SelectorExpr)
		is := false
		if ok {
			x, isIdent := sel.X.(*ast.Ident)
			is = isIdent && x.Name == s.testing && match(sel.Sel.Name, []string{"T", "B", "F", "TB"})
		}
		for _, name := range field.Names {
			in.tests[name.Name] = is
		}
	}
	return in
}
