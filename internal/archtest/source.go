package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"strings"
)

// maxLines is how long a file of a program may be.
const maxLines = 600

// vagueNames say nothing about a duty, or hide a package of the standard
// library.
var vagueNames = []string{"mime", "mail", "message", "errors", "log", "util", "utils", "helper", "helpers", "common"}

// timeCalls are the functions of package time that read or wait for the
// computer's clock.
var timeCalls = map[string]bool{
	"Now": true, "Since": true, "Until": true, "Sleep": true, "After": true, "AfterFunc": true,
	"Tick": true, "NewTimer": true, "NewTicker": true,
}

// timeInTests are those that a test may not call either. A test may measure
// and may give up after a while; it may not wait and hope.
var timeInTests = map[string]bool{"Sleep": true, "Tick": true, "NewTicker": true}

// socketFolders may set deadlines of sockets by the computer's clock.
var socketFolders = []string{"sync/...", "internal/fakeserver/...", "internal/realserver/...", "internal/rawlimit/..."}

// checkClock finds calls of the computer's clock outside internal/clock.
func (t *Tree) checkClock() []string {
	var wrong []string
	for _, p := range t.Pkgs {
		if p.Path == "internal/clock" {
			continue
		}
		for _, f := range p.Files {
			name := importedAs(f.Syntax, "time")
			if name == "" {
				continue
			}
			deadlines := map[ast.Node]bool{}
			ast.Inspect(f.Syntax, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && match(p.Path, socketFolders) {
					if now := deadlineNow(call); now != nil {
						deadlines[now] = true
					}
				}
				sel, ok := n.(*ast.SelectorExpr)
				if !ok || deadlines[sel] {
					return true
				}
				x, ok := sel.X.(*ast.Ident)
				if !ok || x.Name != name || !timeCalls[sel.Sel.Name] || f.Test && !timeInTests[sel.Sel.Name] {
					return true
				}
				wrong = append(wrong, fmt.Sprintf("%s: %s uses time.%s: only internal/clock reads the computer's clock, so that tests choose the time", t.at(sel.Pos()), p.Path, sel.Sel.Name))
				return true
			})
		}
	}
	return wrong
}

// deadlineNow returns the time.Now in c.SetDeadline(time.Now().Add(d)), or nil
// if call is something else.
func deadlineNow(call *ast.CallExpr) ast.Node {
	set, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) != 1 {
		return nil
	}
	switch set.Sel.Name {
	case "SetDeadline", "SetReadDeadline", "SetWriteDeadline":
	default:
		return nil
	}
	add, ok := call.Args[0].(*ast.CallExpr)
	if !ok {
		return nil
	}
	sel, ok := add.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Add" {
		return nil
	}
	now, ok := sel.X.(*ast.CallExpr)
	if !ok {
		return nil
	}
	return now.Fun
}

// importedAs returns the name by which f knows the package path, or "".
func importedAs(f *ast.File, pkg string) string {
	for _, s := range f.Imports {
		if strings.Trim(s.Path.Value, "`\"") != pkg {
			continue
		}
		if s.Name != nil {
			return s.Name.Name
		}
		return path.Base(pkg)
	}
	return ""
}

// checkNames refuses package names that say nothing.
func (t *Tree) checkNames() []string {
	var wrong []string
	for _, p := range t.Pkgs {
		name := strings.TrimSuffix(p.Files[0].Syntax.Name.Name, "_test")
		if match(name, vagueNames) {
			wrong = append(wrong, fmt.Sprintf("%s: a package is not called %s: name it after its duty", p.Path, name))
		}
	}
	return wrong
}

// checkDocs demands a doc comment of every package, in a file that is not a
// test unless the package has only tests.
func (t *Tree) checkDocs() []string {
	var wrong []string
	for _, p := range t.Pkgs {
		onlyTests := true
		for _, f := range p.Files {
			onlyTests = onlyTests && f.Test
		}
		said := false
		for _, f := range p.Files {
			said = said || f.Syntax.Doc != nil && (onlyTests || !f.Test)
		}
		if !said {
			wrong = append(wrong, p.Path+": has no doc comment that says what the package guarantees")
		}
	}
	return wrong
}

// checkLength finds files that have grown beyond one duty.
func (t *Tree) checkLength() []string {
	var wrong []string
	for _, p := range t.Pkgs {
		for _, f := range p.Files {
			if !f.Test && f.Lines > maxLines {
				wrong = append(wrong, fmt.Sprintf("%s: %d lines, more than %d: a file holds one thing", f.Name, f.Lines, maxLines))
			}
		}
	}
	return wrong
}
