package guard

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"entente/internal/kg"
)

// shape is how large a set of selections is with its fragments spelt out.
type shape struct{ depth, fields, roots, aliases, directives, introspection int }

// enough keeps sums from overflowing; no limit is near it.
const enough = 1 << 40

func plus(a, b int) int { return min(a+b, enough) }

func (s *shape) join(t shape) {
	s.depth = max(s.depth, t.depth)
	s.fields, s.roots = plus(s.fields, t.fields), plus(s.roots, t.roots)
	s.aliases, s.directives = plus(s.aliases, t.aliases), plus(s.directives, t.directives)
	s.introspection = plus(s.introspection, t.introspection)
}

// document measures a document before it is validated. Each fragment is
// measured once, so that fragments which spread fragments cost no more than
// their text.
type document struct {
	*ast.QueryDocument
	shapes map[*ast.FragmentDefinition]shape // by definition: a name may be taken twice
	open   map[*ast.FragmentDefinition]bool  // being measured: one met again is circular
	circle string                            // a fragment that spreads itself
	later  bool                              // something is asked for with @defer
}

// Check refuses a document that has more in it than the limits allow, in time
// proportional to its length. It comes before validation, of which some rules
// take time that grows with the square of what is counted here.
func (l Limits) Check(doc *ast.QueryDocument) *gqlerror.Error {
	d := &document{QueryDocument: doc, shapes: map[*ast.FragmentDefinition]shape{}, open: map[*ast.FragmentDefinition]bool{}}
	if n := len(doc.Operations) + len(doc.Fragments); over(n, l.Definitions) {
		return Exceeded(CodeDefinitions, n, l.Definitions, "send only what the operation needs",
			"the document has %d operations and fragments", n).GraphQL()
	}
	for _, op := range doc.Operations {
		s := d.measure(op.SelectionSet)
		s.directives = plus(s.directives, len(op.Directives))
		if err := l.checkShape(s); err != nil {
			return err.GraphQL()
		}
	}
	for _, f := range doc.Fragments { // unused ones are validated as well
		if err := l.checkShape(d.fragment(f)); err != nil {
			return err.GraphQL()
		}
	}
	if d.later {
		return Refusal(CodeUnsupported, "@defer is not served; take it out, and the answer comes whole")
	}
	if d.circle != "" {
		return Refusal(CodeValidation, "the fragment %s spreads itself; take the circle out", d.circle)
	}
	for _, op := range doc.Operations {
		if err := l.checkOperation(doc, op); err != nil {
			return err.GraphQL()
		}
	}
	for _, f := range doc.Fragments {
		if err := l.checkSet(doc, f.SelectionSet, f.Name, f.TypeCondition); err != nil {
			return err.GraphQL()
		}
	}
	return nil
}

func (l Limits) checkOperation(doc *ast.QueryDocument, op *ast.OperationDefinition) *LimitError {
	if err := l.checkDirectives(op.Directives); err != nil {
		return err
	}
	for _, v := range op.VariableDefinitions {
		if err := checkNames(v.Variable, v.Type.Name()); err != nil {
			return err
		}
		if err := l.checkLiteral(v.DefaultValue, "the variable $"+v.Variable); err != nil {
			return err
		}
	}
	return l.checkSet(doc, op.SelectionSet, op.Name)
}

func (l Limits) checkSet(doc *ast.QueryDocument, set ast.SelectionSet, names ...string) *LimitError {
	if err := checkNames(names...); err != nil {
		return err
	}
	if err := l.checkPaths(doc, set); err != nil {
		return err
	}
	return l.checkLiterals(set)
}

func over(got, most int) bool { return most > 0 && got > most }

func (l Limits) checkShape(s shape) *LimitError {
	for _, c := range []struct {
		got, most    int
		code         kg.Code
		what, remedy string
	}{
		{s.depth, l.Depth, CodeDepth, "fields are nested %d deep", "ask for the inner ones in a second request, by id"},
		{s.fields, l.Fields, CodeFields, "the operation has %d fields and fragments, spelt out", "ask for fewer, or in several requests"},
		{s.roots, l.RootFields, CodeRootFields, "the operation has %d fields at its top", "spread them over several requests"},
		{s.aliases, l.Aliases, CodeAliases, "the operation has %d aliases", "ask for lists, or in several requests"},
		{s.directives, l.Directives, CodeDirectives, "the operation has %d directives", "leave out the fields that are not wanted"},
		{s.introspection, l.Introspection, CodeIntrospection, "the operation asks for the schema %d times", "ask for it once"},
	} {
		if over(c.got, c.most) {
			return Exceeded(c.code, c.got, c.most, c.remedy, c.what, c.got)
		}
	}
	return nil
}

func (d *document) fragment(f *ast.FragmentDefinition) shape {
	if s, ok := d.shapes[f]; ok {
		return s
	}
	if d.open[f] {
		d.circle = f.Name
		return shape{}
	}
	d.open[f] = true
	s := d.measure(f.SelectionSet)
	s.directives = plus(s.directives, len(f.Directives))
	d.open[f] = false
	d.shapes[f] = s
	return s
}

func (d *document) measure(set ast.SelectionSet) (s shape) {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			s.join(d.field(sel))
		case *ast.InlineFragment:
			d.later = d.later || sel.Directives.ForName("defer") != nil
			inner := d.measure(sel.SelectionSet)
			inner.fields = plus(inner.fields, 1) // not free: a set may spread many, and nothing in them
			inner.directives = plus(inner.directives, len(sel.Directives))
			s.join(inner)
		case *ast.FragmentSpread:
			d.later = d.later || sel.Directives.ForName("defer") != nil
			var inner shape
			if f := d.Fragments.ForName(sel.Name); f != nil {
				inner = d.fragment(f)
			}
			inner.fields = plus(inner.fields, 1) // not free: a set may spread many, and nothing in them
			inner.directives = plus(inner.directives, len(sel.Directives))
			s.join(inner)
		}
	}
	return s
}

func (d *document) field(f *ast.Field) shape {
	s := d.measure(f.SelectionSet)
	s.depth, s.roots = s.depth+1, 1
	s.fields = plus(s.fields, 1)
	s.directives = plus(s.directives, len(f.Directives))
	if f.Alias != f.Name { // the parser names a field by itself where it has no alias
		s.aliases = plus(s.aliases, 1)
	}
	if isIntrospection(f) {
		s.depth = 1 // a rule of its own bounds it
		s.introspection = plus(s.introspection, 1)
	}
	return s
}

func isIntrospection(f *ast.Field) bool { return f.Name == "__schema" || f.Name == "__type" }

// asksForSchema reports whether there is a question about the schema anywhere in a document.
func asksForSchema(doc *ast.QueryDocument) bool {
	return slices.ContainsFunc(doc.Operations, func(op *ast.OperationDefinition) bool { return hasIntrospection(op.SelectionSet) }) ||
		slices.ContainsFunc(doc.Fragments, func(f *ast.FragmentDefinition) bool { return hasIntrospection(f.SelectionSet) })
}

func hasIntrospection(set ast.SelectionSet) bool {
	return slices.ContainsFunc(set, func(sel ast.Selection) bool {
		switch sel := sel.(type) {
		case *ast.Field:
			return isIntrospection(sel) || hasIntrospection(sel.SelectionSet)
		case *ast.InlineFragment:
			return hasIntrospection(sel.SelectionSet)
		default: // a fragment by name is looked at where it is defined
			return false
		}
	})
}

// checkPaths bounds how many fields share a place in the answer: whether they
// can be merged is checked for each pair of them. The walk spells fragments
// out, which the limit on fields has bounded before.
func (l Limits) checkPaths(doc *ast.QueryDocument, set ast.SelectionSet) *LimitError {
	if l.SamePath == 0 || l.Fields == 0 {
		return nil
	}
	level := []ast.SelectionSet{set}
	return l.mergeLevel(doc, level, "")
}

// mergeLevel gathers the fields of selection sets that end up in one object of
// the answer, and looks into each group of the same name.
func (l Limits) mergeLevel(doc *ast.QueryDocument, sets []ast.SelectionSet, path string) *LimitError {
	var names []string
	inner := map[string][]ast.SelectionSet{}
	counts := map[string]int{}
	var gather func(ast.SelectionSet)
	gather = func(set ast.SelectionSet) {
		for _, sel := range set {
			switch sel := sel.(type) {
			case *ast.Field:
				if counts[sel.Alias]++; counts[sel.Alias] == 1 {
					names = append(names, sel.Alias)
				}
				if len(sel.SelectionSet) > 0 {
					inner[sel.Alias] = append(inner[sel.Alias], sel.SelectionSet)
				}
			case *ast.InlineFragment:
				gather(sel.SelectionSet)
			case *ast.FragmentSpread:
				if f := doc.Fragments.ForName(sel.Name); f != nil {
					gather(f.SelectionSet)
				}
			}
		}
	}
	for _, set := range sets {
		gather(set)
	}
	for _, name := range names {
		if n := counts[name]; over(n, l.SamePath) {
			return Exceeded(CodeSamePath, n, l.SamePath, "ask for each field once", "%d fields make up %s of the answer", n, Shorten(path+name))
		}
		if len(inner[name]) > 0 {
			if err := l.mergeLevel(doc, inner[name], path+name+"."); err != nil {
				return err
			}
		}
	}
	return nil
}
