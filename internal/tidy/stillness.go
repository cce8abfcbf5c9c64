package tidy

import (
	"go/ast"
	"go/token"
	"path"
	"strconv"
)

// moving is what a room that is driven by `now` may not use of the standard library.
var moving = map[string]map[string]bool{
	"sync": {"Mutex": true, "RWMutex": true, "Locker": true, "WaitGroup": true, "Cond": true, "NewCond": true},
	"time": {
		"Now": true, "Since": true, "Until": true, "After": true, "AfterFunc": true, "Sleep": true, "Tick": true,
		"NewTimer": true, "NewTicker": true, "Timer": true, "Ticker": true,
	},
}

// CheckStillness finds goroutines, channels, locks, clocks, timers and sleeps in the rooms that may have none, tests
// aside.
func CheckStillness(m *Module) (found []Finding) {
	for _, s := range m.Sources {
		if _, r, ok := roomOf(s.Dir()); !ok || !r.still || s.IsTest() {
			continue
		}
		found = append(found, s.movement()...)
	}
	return found
}

func (s *Source) movement() (found []Finding) {
	report := func(n ast.Node, what string) {
		found = append(found, s.finding(n, "%s in a package that is driven by its caller's now alone", what))
	}
	names := s.importedNames(report)
	ast.Inspect(s.AST, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			report(n, "go statement")
		case *ast.ChanType:
			report(n, "channel type")
		case *ast.SendStmt:
			report(n, "send on a channel")
		case *ast.SelectStmt:
			report(n, "select statement")
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				report(n, "receive from a channel")
			}
		case *ast.SelectorExpr:
			// A local name that hides the import has an object of its own.
			if x, ok := n.X.(*ast.Ident); ok && x.Obj == nil && moving[names[x.Name]][n.Sel.Name] {
				report(n, names[x.Name]+"."+n.Sel.Name)
			}
		}
		return true
	})
	return found
}

// importedNames maps what the packages of moving are called in this file to their paths. A dot import would hide their
// use.
func (s *Source) importedNames(report func(ast.Node, string)) map[string]string {
	names := make(map[string]string)
	for _, spec := range s.AST.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		switch {
		case moving[p] == nil:
		case spec.Name == nil:
			names[path.Base(p)] = p
		case spec.Name.Name == ".":
			report(spec, "dot import of "+p)
		default:
			names[spec.Name.Name] = p
		}
	}
	return names
}
