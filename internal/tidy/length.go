package tidy

import "go/ast"

// MaxBody is how many lines may stand between the braces of a function: it fits a screen.
const MaxBody = 70

// CheckLength finds functions that are longer, tests aside.
func CheckLength(m *Module) (found []Finding) {
	for _, s := range m.Sources {
		if s.IsTest() {
			continue
		}
		for _, d := range s.AST.Decls {
			found = append(found, s.longBodies(d)...)
		}
	}
	return found
}

// longBodies looks at a function, or at those that a variable is initialised with. A function inside of another is part
// of it.
func (s *Source) longBodies(d ast.Decl) (found []Finding) {
	ast.Inspect(d, func(n ast.Node) bool {
		var body *ast.BlockStmt
		name := "function"
		switch n := n.(type) {
		case *ast.FuncDecl:
			body, name = n.Body, n.Name.Name
		case *ast.FuncLit:
			body = n.Body
		}
		if body == nil {
			return true
		}
		if lines := s.line(body.Rbrace) - s.line(body.Lbrace) - 1; lines > MaxBody {
			found = append(found, s.finding(n, "%s has %d lines, more than %d", name, lines, MaxBody))
		}
		return false
	})
	return found
}
