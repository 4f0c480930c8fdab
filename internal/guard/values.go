package guard

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// CheckVariables bounds the lists and texts that come as variables.
func (l Limits) CheckVariables(vars map[string]any) *gqlerror.Error {
	if err := l.checkList(len(vars), "the request"); err != nil {
		return err.GraphQL()
	}
	for name, v := range vars {
		if err := l.checkValue(v, "the variable $"+Shorten(name)); err != nil {
			return err.GraphQL()
		}
	}
	return nil
}

func (l Limits) checkValue(v any, where string) *LimitError {
	switch v := v.(type) {
	case string:
		return l.checkText(len(v), where)
	case []any:
		if err := l.checkList(len(v), where); err != nil {
			return err
		}
		for _, inner := range v {
			if err := l.checkValue(inner, where); err != nil {
				return err
			}
		}
	case map[string]any:
		if err := l.checkList(len(v), where); err != nil {
			return err
		}
		for _, inner := range v {
			if err := l.checkValue(inner, where); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l Limits) checkText(n int, where string) *LimitError {
	if !over(n, l.Text) {
		return nil
	}
	return Exceeded(CodeTextLength, n, l.Text, "use a shorter one", "%s holds a text of %d bytes", where, n)
}

func (l Limits) checkList(n int, where string) *LimitError {
	if !over(n, l.List) {
		return nil
	}
	return Exceeded(CodeListLength, n, l.List, "spread it over several requests", "%s holds a list of %d elements", where, n)
}

func (l Limits) checkLiterals(set ast.SelectionSet) *LimitError {
	for _, sel := range set {
		var err *LimitError
		switch sel := sel.(type) {
		case *ast.Field:
			if err = checkNames(sel.Name, sel.Alias); err == nil {
				err = l.checkArguments(sel.Arguments)
			}
			if err == nil {
				err = l.checkDirectives(sel.Directives)
			}
			if err == nil {
				err = l.checkLiterals(sel.SelectionSet)
			}
		case *ast.InlineFragment:
			if err = checkNames(sel.TypeCondition); err == nil {
				err = l.checkDirectives(sel.Directives)
			}
			if err == nil {
				err = l.checkLiterals(sel.SelectionSet)
			}
		case *ast.FragmentSpread:
			if err = checkNames(sel.Name); err == nil {
				err = l.checkDirectives(sel.Directives)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (l Limits) checkLiteral(v *ast.Value, where string) *LimitError {
	if v == nil {
		return nil
	}
	if err := l.checkText(len(v.Raw), where); err != nil {
		return err
	}
	if err := l.checkList(len(v.Children), where); err != nil {
		return err
	}
	if v.Kind == ast.EnumValue || v.Kind == ast.Variable {
		if err := checkNames(v.Raw); err != nil {
			return err
		}
	}
	for _, child := range v.Children {
		if err := checkNames(child.Name); err != nil {
			return err
		}
		if err := l.checkLiteral(child.Value, where); err != nil {
			return err
		}
	}
	return nil
}

func (l Limits) checkArguments(args ast.ArgumentList) *LimitError {
	for _, arg := range args {
		if err := checkNames(arg.Name); err != nil {
			return err
		}
		if err := l.checkLiteral(arg.Value, "the argument "+Shorten(arg.Name)); err != nil {
			return err
		}
	}
	return nil
}

func (l Limits) checkDirectives(list ast.DirectiveList) *LimitError {
	for _, d := range list {
		if err := checkNames(d.Name); err != nil {
			return err
		}
		if err := l.checkArguments(d.Arguments); err != nil {
			return err
		}
	}
	return nil
}

// longestName is far beyond any name of a schema. A name that is not known is
// compared with all that are, in time that grows with its length.
const longestName = 200

func checkNames(names ...string) *LimitError {
	for _, name := range names {
		if len(name) > longestName {
			return Exceeded(CodeTextLength, len(name), longestName, "use the names of the schema", "the document has a name of %d bytes", len(name))
		}
	}
	return nil
}
