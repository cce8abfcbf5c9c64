package tidy

import (
	"go/ast"
	"go/token"
)

// CheckDocs finds exported types, functions, methods of exported types, constants and variables without a doc comment,
// tests and commands aside. One comment over a group of constants or variables is enough for the group, one at the end
// of the line for what stands on it.
func CheckDocs(m *Module) (found []Finding) {
	for _, s := range m.Sources {
		if s.IsTest() || s.AST.Name.Name == "main" {
			continue
		}
		for _, d := range s.AST.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Doc == nil && d.Name.IsExported() && exportedReceiver(d) {
					found = append(found, s.undocumented(d.Name))
				}
			case *ast.GenDecl:
				found = append(found, s.undocumentedSpecs(d)...)
			}
		}
	}
	return found
}

func (s *Source) undocumented(name *ast.Ident) Finding {
	return s.finding(name, "exported %s has no doc comment", name.Name)
}

func (s *Source) undocumentedSpecs(d *ast.GenDecl) (found []Finding) {
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			alone := !d.Lparen.IsValid() && d.Doc != nil
			if spec.Name.IsExported() && !alone && spec.Doc == nil && spec.Comment == nil {
				found = append(found, s.undocumented(spec.Name))
			}
		case *ast.ValueSpec:
			if d.Tok != token.CONST && d.Tok != token.VAR || d.Doc != nil || spec.Doc != nil || spec.Comment != nil {
				continue
			}
			for _, name := range spec.Names {
				if name.IsExported() {
					found = append(found, s.undocumented(name))
				}
			}
		}
	}
	return found
}

// exportedReceiver reports whether d is a function, or a method of an exported type.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return true
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return false
		}
	}
}
