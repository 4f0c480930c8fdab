package guard

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// length is how many elements the lists of one name have: all of them together, and the longest.
type length struct{ all, longest int }

// lengths are those of the lists below __schema and __type, as Type.field.
type lengths map[string]length

// wraps is how often ofType leads from the type of something to another: three times from
// [State!]!. No schema of ours has lists of lists.
const wraps = 3

func (l lengths) add(field string, n int) {
	known := l[field]
	l[field] = length{known.all + n, max(known.longest, n)}
}

// measure counts what a schema is made of. It never changes.
func measure(schema *ast.Schema) lengths {
	l := lengths{}
	l.add("__Schema.types", len(schema.Types))
	l.add("__Schema.directives", len(schema.Directives))
	for _, d := range schema.Directives {
		l.add("__Directive.locations", len(d.Locations))
		l.add("__Directive.args", len(d.Arguments))
	}
	for _, def := range schema.Types {
		l.add("__Type.interfaces", len(def.Interfaces))
		l.add("__Type.enumValues", len(def.EnumValues))
		if def.IsAbstractType() {
			l.add("__Type.possibleTypes", len(schema.GetPossibleTypes(def)))
		}
		l.addFields(def)
	}
	return l
}

func (l lengths) addFields(def *ast.Definition) {
	if def.Kind == ast.InputObject {
		l.add("__Type.inputFields", len(def.Fields))
		return
	}
	n := 0
	for _, f := range def.Fields {
		if strings.HasPrefix(f.Name, "__") { // those of Query that ask for the schema are not told
			continue
		}
		n++
		l.add("__Field.args", len(f.Arguments))
	}
	l.add("__Type.fields", n)
}

// parts are what a set of selections is answered for: so many parts of the schema.
type parts struct {
	n     int
	each  bool // each of its kind once; otherwise perhaps one, the largest, again and again
	wraps int  // how often ofType leads on from them
}

// schemaKey is a fragment that is spread on so many parts.
type schemaKey struct {
	fragment string
	on       parts
}

// schemaPricing works out how many values an answer about the schema has at most.
type schemaPricing struct {
	lengths
	memo map[schemaKey]int
}

func (c *Costs) ofSchema(f *ast.Field) int {
	c.measured.Do(func() { c.lengths = measure(c.Schema) })
	return schemaPricing{c.lengths, map[schemaKey]int{}}.field(f, parts{n: 1})
}

func (p schemaPricing) set(set ast.SelectionSet, on parts) (sum int) {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			sum = plus(sum, p.field(sel, on))
		case *ast.InlineFragment:
			sum = plus(sum, p.set(sel.SelectionSet, on))
		case *ast.FragmentSpread:
			sum = plus(sum, p.spread(sel, on))
		}
	}
	return sum
}

func (p schemaPricing) spread(f *ast.FragmentSpread, on parts) int {
	key := schemaKey{f.Name, on}
	cost, known := p.memo[key]
	if !known && f.Definition != nil {
		p.memo[key] = 0 // as in pricing: a circle would end here
		cost = p.set(f.Definition.SelectionSet, on)
		p.memo[key] = cost
	}
	return cost
}

func (p schemaPricing) field(f *ast.Field, on parts) int {
	to, isList := p.lead(f, on)
	inner := p.set(f.SelectionSet, to)
	if isList && len(f.SelectionSet) == 0 {
		inner = to.n // plain values
	}
	return plus(on.n, inner)
}

// lead tells to which parts a field leads from others.
func (p schemaPricing) lead(f *ast.Field, on parts) (to parts, isList bool) {
	of := ""
	if f.ObjectDefinition != nil {
		of = f.ObjectDefinition.Name
	}
	l, isList := p.lengths[of+"."+f.Name]
	switch {
	case f.Name == "type":
		return parts{n: on.n, wraps: wraps}, false
	case f.Name == "ofType" && on.wraps == 0:
		return parts{}, false
	case !isList:
		return parts{n: on.n, wraps: max(on.wraps-1, 0)}, false
	case of == "__Schema":
		return parts{n: l.all, each: true}, true
	case on.each:
		return parts{n: l.all, each: f.Name != "interfaces" && f.Name != "possibleTypes"}, true
	default:
		return parts{n: multiplied(l.longest, on.n)}, true
	}
}
