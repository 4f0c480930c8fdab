package ontology

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Read builds the ontology from all *.graphql files at the top of fsys. It reports every
// mistake it finds, each with file, line and remedy.
func Read(fsys fs.FS) (*Ontology, error) {
	sources, err := readSources(fsys)
	if err != nil {
		return nil, err
	}
	doc, err := parser.ParseSchemas(sources...)
	if err != nil {
		return nil, fmt.Errorf("reading the model: %w", err)
	}
	r := &reader{
		defs: map[string]*ast.Definition{}, places: map[any]*ast.Position{},
		o: &Ontology{
			kinds: map[string]*Kind{}, interfaces: map[string]*Interface{},
			relations: map[string]*Relation{}, enums: map[string]*Enum{},
		},
	}
	r.collect(doc)
	r.enums()
	r.types()
	r.relations()
	r.check()
	r.o.positions = r.positions()
	if err := errors.Join(r.errs...); err != nil {
		return nil, fmt.Errorf("the model is not usable:\n%w", err)
	}
	return r.o, nil
}

func readSources(fsys fs.FS) ([]*ast.Source, error) {
	names, err := fs.Glob(fsys, "*.graphql")
	if err != nil {
		return nil, fmt.Errorf("listing the model's files: %w", err)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("the model has no *.graphql files")
	}
	var sources []*ast.Source
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("reading the model: %w", err)
		}
		sources = append(sources, &ast.Source{Name: name, Input: string(text)})
	}
	return sources, nil
}

type reader struct {
	o      *Ontology
	defs   map[string]*ast.Definition
	places map[any]*ast.Position // of properties and edge fields
	errs   []error
}

// where writes a place in the model as people look it up.
func where(pos *ast.Position) string {
	if pos == nil || pos.Src == nil {
		return "model"
	}
	return fmt.Sprintf("%s:%d", pos.Src.Name, pos.Line)
}

// positions says where each type and each of its own fields is declared.
func (r *reader) positions() map[string]string {
	positions := map[string]string{}
	for name, d := range r.defs {
		positions[name] = where(d.Position)
		for _, f := range d.Fields {
			positions[name+"."+f.Name] = where(f.Position)
		}
	}
	return positions
}

func (r *reader) fail(pos *ast.Position, format string, args ...any) {
	err := fmt.Errorf("%s: %s", where(pos), fmt.Sprintf(format, args...))
	same := func(other error) bool { return other.Error() == err.Error() }
	if !slices.ContainsFunc(r.errs, same) { // what several kinds inherit is said once
		r.errs = append(r.errs, err)
	}
}

// collect joins definitions and their extensions under one name.
func (r *reader) collect(doc *ast.SchemaDocument) {
	for _, d := range doc.Definitions {
		if first := r.defs[d.Name]; first != nil {
			r.fail(d.Position, "%s is declared twice; write \"extend type %s\" to add to it", d.Name, d.Name)
			continue
		}
		r.defs[d.Name] = d
	}
	for _, x := range doc.Extensions {
		d := r.defs[x.Name]
		if d == nil {
			r.fail(x.Position, "%s is extended but never declared", x.Name)
			continue
		}
		if d.Kind != x.Kind {
			r.fail(x.Position, "%s is extended as another sort of type than it is declared", x.Name)
			continue
		}
		d.Fields = append(d.Fields, x.Fields...)
		d.Interfaces = append(d.Interfaces, x.Interfaces...)
		d.EnumValues = append(d.EnumValues, x.EnumValues...)
		d.Directives = append(d.Directives, x.Directives...)
	}
}

// sorted returns the definitions of one GraphQL kind by name.
func (r *reader) sorted(kind ast.DefinitionKind) []*ast.Definition {
	var defs []*ast.Definition
	for _, d := range r.defs {
		if d.Kind == kind {
			defs = append(defs, d)
		}
	}
	slices.SortFunc(defs, func(a, b *ast.Definition) int { return strings.Compare(a.Name, b.Name) })
	return defs
}

func (r *reader) enums() {
	for _, d := range r.sorted(ast.Enum) {
		if !r.isDomain(d) {
			continue
		}
		e := &Enum{Name: d.Name, Description: r.description(d.Position, d.Name, d.Description)}
		for _, v := range d.EnumValues {
			if e.Has(v.Name) {
				r.fail(v.Position, "%s.%s is declared twice", d.Name, v.Name)
				continue
			}
			e.Values = append(e.Values, EnumValue{v.Name, r.description(v.Position, d.Name+"."+v.Name, v.Description)})
		}
		r.checkValues(d)
		r.o.Enums = append(r.o.Enums, e)
		r.o.enums[e.Name] = e
	}
}

// isDomain leaves out the enums that only the directives use.
func (r *reader) isDomain(d *ast.Definition) bool { return d.Directives.ForName("internal") == nil }

func (r *reader) types() {
	for _, d := range r.sorted(ast.Interface) {
		i := &Interface{Name: d.Name, Description: r.description(d.Position, d.Name, d.Description), Implements: r.ancestors(d)}
		r.o.Interfaces = append(r.o.Interfaces, i)
		r.o.interfaces[i.Name] = i
	}
	for _, d := range r.sorted(ast.Object) {
		node := d.Directives.ForName("node")
		if node == nil {
			continue
		}
		k := &Kind{
			Name: d.Name, Plural: argument(node, "plural"), Implements: r.ancestors(d),
			Description: r.description(d.Position, d.Name, d.Description),
		}
		if k.Plural == "" {
			k.Plural = plural(d.Name)
		}
		r.o.Kinds = append(r.o.Kinds, k)
		r.o.kinds[k.Name] = k
		for _, name := range k.Implements {
			if i := r.o.interfaces[name]; i != nil {
				i.Kinds = append(i.Kinds, k.Name)
			}
		}
	}
	for _, i := range r.o.Interfaces {
		i.Properties, i.Fields = r.fields(r.defs[i.Name])
	}
	for _, k := range r.o.Kinds {
		k.Properties, k.Fields = r.fields(r.defs[k.Name])
	}
}

// named is the interface that every kind has, whether it says so or not: lists
// of mixed kinds show its fields.
const named = "Named"

// ancestors returns all interfaces of a definition, inherited ones included.
func (r *reader) ancestors(d *ast.Definition) []string {
	type claim struct {
		by   *ast.Definition
		name string
	}
	var claims []claim
	implement := func(d *ast.Definition) {
		for _, name := range d.Interfaces {
			claims = append(claims, claim{d, name})
		}
	}
	implement(d)
	if d.Directives.ForName("node") != nil && r.defs[named] != nil {
		claims = append(claims, claim{d, named})
	}
	var all []string
	for i := 0; i < len(claims); i++ {
		c := claims[i]
		parent := r.defs[c.name]
		switch {
		case c.name == d.Name:
			r.fail(d.Position, "%s implements itself by way of %s; take one of them out", d.Name, c.by.Name)
		case parent == nil || parent.Kind != ast.Interface:
			r.fail(c.by.Position, "%s implements %s, which is not an interface of the model", c.by.Name, c.name)
		case !slices.Contains(all, c.name):
			all = append(all, c.name)
			implement(parent)
		}
	}
	slices.Sort(all)
	return all
}

// fields returns a type's own fields and those it inherits, each name once.
func (r *reader) fields(d *ast.Definition) (props []*Property, edges []*EdgeField) {
	owners := map[string]string{}
	for _, owner := range append(r.ancestors(d), d.Name) {
		for _, f := range r.defs[owner].Fields {
			if first := owners[f.Name]; first != "" {
				r.agree(owner, f, first)
				continue
			}
			owners[f.Name] = owner
			if edge := f.Directives.ForName("edge"); edge != nil {
				if e := r.edgeField(owner, f, edge); e != nil {
					edges = append(edges, e)
				}
				continue
			}
			if f.Name == "id" || f.Name == "evidence" { // every kind and relation has them
				r.checkID(owner, f)
				continue
			}
			if p := r.property(owner, f); p != nil {
				props = append(props, p)
			}
		}
	}
	return props, edges
}

// agree holds a field to the one of the same name that the type has already.
func (r *reader) agree(owner string, f *ast.FieldDefinition, first string) {
	other := r.defs[first].Fields.ForName(f.Name)
	switch {
	case owner == first:
		r.fail(f.Position, "%s.%s is declared twice", owner, f.Name)
	case f.Type.String() != other.Type.String():
		r.fail(f.Position, "%s.%s has type %s here and %s in %s; make them the same", owner, f.Name, f.Type, other.Type, first)
	case edgeText(f) != "" && edgeText(f) != edgeText(other):
		r.fail(f.Position, "%s.%s has another @edge here than in %s; make them the same", owner, f.Name, first)
	}
}

func edgeText(f *ast.FieldDefinition) string {
	edge := f.Directives.ForName("edge")
	if edge == nil {
		return ""
	}
	return strings.Join([]string{argument(edge, "type"), argument(edge, "direction"), argument(edge, "properties")}, " ")
}

func (r *reader) checkID(owner string, f *ast.FieldDefinition) {
	if f.Name == "id" && f.Type.String() != "ID!" {
		r.fail(f.Position, "%s.id must be of type ID!", owner)
	}
}

func (r *reader) property(owner string, f *ast.FieldDefinition) *Property {
	p := &Property{
		Name: f.Name, Required: f.Type.NonNull, TypeName: f.Type.Name(), List: f.Type.Elem != nil,
		Text:        f.Directives.ForName("text") != nil,
		Description: r.description(f.Position, owner+"."+f.Name, f.Description),
	}
	target := r.defs[p.TypeName]
	switch {
	case slices.Contains([]Type{String, ID, Int, Float, Boolean, EDTF}, Type(p.TypeName)):
		p.Type = Type(p.TypeName)
	case target != nil && target.Kind == ast.Enum:
		p.Type = EnumOf
	case target != nil && (target.Kind == ast.Interface || target.Directives.ForName("node") != nil):
		p.Type = Ref
	default:
		r.fail(f.Position, "%s.%s has the type %s; a property is String, ID, Int, Float, Boolean, EDTF, an enum or a kind of the model",
			owner, f.Name, p.TypeName)
		return nil
	}
	if p.List && f.Type.Elem.Elem != nil {
		r.fail(f.Position, "%s.%s is a list of lists; write [%s!]!", owner, f.Name, p.TypeName)
		return nil
	}
	if p.List && p.Type == Ref {
		r.fail(f.Position, "%s.%s is a list of nodes; add @edge(type: …, direction: …)", owner, f.Name)
		return nil
	}
	if p.Text && p.Type != String {
		r.fail(f.Position, "%s.%s: @text is for String only", owner, f.Name)
	}
	if r.reserved(f.Name, true) {
		r.fail(f.Position, "%s.%s: the name is reserved; choose another", owner, f.Name)
	}
	r.places[p] = f.Position
	return p
}

// reserved names have a meaning of their own in filters or in the generated code;
// those of properties also in CSV, on edges and in the stores.
func (r *reader) reserved(name string, isProperty bool) bool {
	folded := fold(name)
	if strings.Contains(name, "__") || folded == "" ||
		slices.Contains([]string{"id", "evidence", "and", "or", "not", "kindin", "cohort"}, folded) {
		return true
	}
	if !isProperty {
		return false
	}
	marks := func(i string) bool { return r.defs[i].Kind == ast.Interface && folded == "is"+fold(i) }
	return folded == "isassertion" || slices.ContainsFunc(slices.Collect(maps.Keys(r.defs)), marks) || slices.Contains([]string{
		"from", "to", "node", "cursor", "source", "locator", "basis", "confidence", "rank", "note",
	}, folded)
}

// fold takes case and underscores from a name: names that differ in nothing else
// become one in the API's enums or in Go.
func fold(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

func (r *reader) edgeField(owner string, f *ast.FieldDefinition, edge *ast.Directive) *EdgeField {
	step, ok := stepOf(edge)
	if !ok {
		r.fail(f.Position, "%s.%s: @edge needs a type and a direction, IN or OUT", owner, f.Name)
		return nil
	}
	if f.Type.Elem == nil {
		r.fail(f.Position, "%s.%s: an edge leads to a list; write [%s!]!", owner, f.Name, f.Type.Name())
		return nil
	}
	if r.reserved(f.Name, false) {
		r.fail(f.Position, "%s.%s: the name is reserved; choose another", owner, f.Name)
	}
	e := &EdgeField{
		Owner: owner, Name: f.Name, Step: step, Target: f.Type.Name(),
		Description: r.description(f.Position, owner+"."+f.Name, f.Description),
	}
	r.places[e] = f.Position
	return e
}

func (r *reader) description(pos *ast.Position, what, text string) string {
	if strings.TrimSpace(text) == "" {
		r.fail(pos, "%s has no description; say in plain words what it means, above it, in quotes", what)
	}
	return text
}

func argument(d *ast.Directive, name string) string {
	if a := d.Arguments.ForName(name); a != nil {
		return a.Value.Raw
	}
	return ""
}

// plural makes the usual English plural, its first letter lower.
func plural(name string) string {
	low := strings.ToLower(name[:1]) + name[1:]
	switch {
	case strings.HasSuffix(low, "y") && len(low) > 1 && !strings.ContainsRune("aeiou", rune(low[len(low)-2])):
		return low[:len(low)-1] + "ies"
	case strings.HasSuffix(low, "s"), strings.HasSuffix(low, "x"), strings.HasSuffix(low, "ch"), strings.HasSuffix(low, "sh"):
		return low + "es"
	}
	return low + "s"
}
