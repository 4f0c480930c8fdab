package storetest

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// random draws graphs and questions. Values come from small pools, so that they
// meet: equal keys, repeated ids, words found twice.
type random struct {
	t *rapid.T
	o *Oracle // for what scopes allow
}

func pick[V any](r random, what string, from []V) V {
	return rapid.SampledFrom(from).Draw(r.t, what)
}

// number draws each number as often; rapid.IntRange would mostly draw small ones.
func (r random) number(what string, least, most int) int {
	numbers := make([]int, 0, most-least+1)
	for n := least; n <= most; n++ {
		numbers = append(numbers, n)
	}
	return pick(r, what, numbers)
}

// oneIn is true once in n times; it shrinks to false.
func (r random) oneIn(what string, n int) bool { return r.number(what, 1, n) == n }

func (r random) text() string {
	if r.oneIn("any text", 6) {
		return rapid.StringN(1, 8, -1).Filter(wellFormed).Draw(r.t, "text")
	}
	return pick(r, "text", append([]string{"a", "b", "ab", "A b", "peace call"}, nastyTexts()...))
}

func poolOfIDs() []string {
	return []string{"a", "b", "c", "A", "á", "a:b", "a%3Ab", "peace-call", "😀", "\uffff", "50%", "'", "_", "x y"}
}

func (r random) value(p *ontology.Property) any {
	if !p.List {
		return r.element(p)
	}
	n := r.number("elements", 1, 3)
	switch p.Type {
	case ontology.Int:
		return listOf[int64](r, p, n)
	case ontology.Float:
		return listOf[float64](r, p, n)
	case ontology.Boolean:
		return listOf[bool](r, p, n)
	default:
		return listOf[string](r, p, n)
	}
}

func listOf[V any](r random, p *ontology.Property, n int) []V {
	list := make([]V, n)
	for i := range list {
		list[i] = r.element(p).(V)
	}
	return list
}

func (r random) element(p *ontology.Property) any {
	switch p.Type {
	case ontology.Int:
		return pick(r, "int", []int64{0, 1, 2, 3, -1, 10, 9, math.MinInt32, math.MaxInt32})
	case ontology.Float:
		return pick(r, "float", []float64{0, 1, -1, 0.1, 2, 10, 9, math.Copysign(0, -1), 1e308, -1e308, 1e-300, math.SmallestNonzeroFloat64, 0.30000000000000004})
	case ontology.Boolean:
		return rapid.Bool().Draw(r.t, "bool")
	case ontology.EDTF:
		return r.date()
	case ontology.EnumOf:
		return pick(r, "enum", r.o.o.Enum(p.TypeName).Values).Name
	case ontology.Ref:
		return pick(r, "reference", poolOfIDs())
	}
	return r.text()
}

func (r random) date() string {
	if !r.oneIn("any date", 3) {
		return pick(r, "date", dates())
	}
	day := func(what string) string {
		text := fmt.Sprintf("%04d-%02d-%02d", r.number(what+" year", 2017, 2020), r.number(what+" month", 1, 12), r.number(what+" day", 1, 28))
		return text[:pick(r, what+" precision", []int{4, 7, 10})] + pick(r, what+" qualifier", []string{"", "", "?", "~", "%"})
	}
	switch r.number("form", 0, 4) {
	case 0:
		return day("start") + pick(r, "open", []string{"/..", "/"})
	case 1:
		return pick(r, "open", []string{"../", "/"}) + day("end")
	case 2:
		if span := day("start") + "/" + day("end"); isDate(span) {
			return span
		}
	}
	return day("one")
}

func isDate(text string) bool {
	_, err := kg.ParseEDTF(text)
	return err == nil
}

// props draws values for some of the properties, and for all required ones unless partial.
func (r random) props(declared []*ontology.Property, partial bool) kg.Props {
	var out kg.Props
	for _, p := range declared {
		needed := p.Required && !p.List && !partial
		if needed || r.oneIn("has "+p.Name, 3) {
			out = append(out, kg.Property{Name: p.Name, Value: r.value(p)})
		}
	}
	out.Sort()
	return out
}

func (r random) evidence() []kg.Evidence {
	var out []kg.Evidence
	for range r.number("evidence", 0, 2) {
		out = append(out, kg.Evidence{
			Source: pick(r, "source", sourceIDs()), Locator: pick(r, "locator", []string{"", "1", "😀", "\uffff"}),
			Basis: pick(r, "basis", []kg.Basis{kg.Stated, kg.Inferred}), Confidence: pick(r, "confidence", []kg.Confidence{kg.High, kg.Medium, kg.Low}),
			Rank: pick(r, "rank", []kg.Rank{kg.Preferred, kg.Normal, kg.Deprecated}), Note: pick(r, "note", []string{"", "n"}),
		})
	}
	return out
}

func (r random) node(partial bool) *kg.Node {
	kind := pick(r, "kind", []string{"Thing", "Thing", "Thing", "Thing", "Group", "Group", "Tool", "Source", "Edge"})
	n := &kg.Node{ID: pick(r, "id", poolOfIDs()), Kind: kind, Evidence: r.evidence()}
	n.Props = r.props(r.o.o.Kind(kind).Properties, partial)
	return n
}

// edge draws an edge between two nodes; its relation need not join them.
func (r random) edge(ends []*kg.Node) *kg.Edge {
	from, to := pick(r, "from", ends), pick(r, "to", ends)
	e := &kg.Edge{Type: r.relation(from.Kind, to.Kind), From: from.ID, To: to.ID, Evidence: r.evidence()}
	rel := r.o.o.Relation(e.Type)
	e.Props = r.props(rel.Properties, false)
	e.ID = edgeID(rel, e)
	return e
}

// relation picks one that joins the kinds, if there is one.
func (r random) relation(from, to string) string {
	var fitting []string
	for _, rel := range r.o.o.Relations {
		if rel.Joins(from, to) {
			fitting = append(fitting, rel.Type)
		}
	}
	if len(fitting) == 0 {
		return "LINKED"
	}
	return pick(r, "relation", fitting)
}

// graph draws a batch that an empty store accepts.
func (r random) graph() store.Batch {
	var b store.Batch
	for _, id := range poolOfIDs() {
		if r.number("is there", 0, 2) > 0 {
			n := r.node(false)
			n.ID = id
			b.Nodes = append(b.Nodes, n)
		}
	}
	if len(b.Nodes) == 0 {
		return b
	}
	b.Nodes = append(b.Nodes, r.sources()...)
	for range r.number("edges", 0, 40) {
		if e := r.edge(b.Nodes); r.o.joins(b.Nodes, e) {
			b.Edges = append(b.Edges, e)
		}
	}
	return b
}

// sources draws some of those that the evidence names.
func (r random) sources() []*kg.Node {
	var sources []*kg.Node
	for _, id := range sourceIDs() {
		if r.oneIn("no source", 4) {
			continue
		}
		sources = append(sources, &kg.Node{ID: id, Kind: "Source", Props: r.props(r.o.o.Kind("Source").Properties, false), Evidence: r.evidence()})
	}
	return sources
}

func sourceIDs() []string { return []string{"s", "t", "é", "tab\t\\n\nline"} }

// view draws a view, or none.
func (r random) view() *store.View {
	if r.oneIn("everything", 3) {
		return nil
	}
	day := func(what string) string {
		if r.oneIn("any "+what, 3) {
			return ""
		}
		_, latest := kg.EDTF(r.date()).Bounds()
		return latest
	}
	return &store.View{ValidAt: day("valid"), KnownAt: day("known"), Undated: rapid.Bool().Draw(r.t, "undated")}
}

func (s *Oracle) joins(nodes []*kg.Node, e *kg.Edge) bool {
	kind := func(id string) string {
		i := slices.IndexFunc(nodes, func(n *kg.Node) bool { return n.ID == id })
		return nodes[i].Kind
	}
	return s.o.Relation(e.Type).Joins(kind(e.From), kind(e.To))
}

// batch draws writes over what is stored; some batches are refused.
func (r random) batch(stored graph) store.Batch {
	var b store.Batch
	for range r.number("deleted nodes", 0, 2) {
		b.DeleteNodes = append(b.DeleteNodes, pick(r, "deleted node", poolOfIDs()))
	}
	for range r.number("deleted edges", 0, 2) {
		if len(stored.Edges) > 0 {
			b.DeleteEdges = append(b.DeleteEdges, pick(r, "deleted edge", stored.Edges).ID)
		}
	}
	for range r.number("written nodes", 0, 5) {
		b.Nodes = append(b.Nodes, r.rewritten(append(slices.Clone(stored.Nodes), b.Nodes...)))
	}
	ends := append(slices.Clone(stored.Nodes), b.Nodes...)
	if len(ends) == 0 {
		return b
	}
	for range r.number("written edges", 0, 6) {
		b.Edges = append(b.Edges, r.edge(ends))
	}
	return b
}

// rewritten draws a node, mostly with the kind that its id has already.
func (r random) rewritten(known []*kg.Node) *kg.Node {
	n := r.node(r.oneIn("partial", 3))
	i := slices.IndexFunc(known, func(k *kg.Node) bool { return k.ID == n.ID })
	if i < 0 || known[i].Kind == n.Kind || r.oneIn("other kind", 8) {
		return n
	}
	n.Kind = known[i].Kind
	n.Props = r.props(r.o.o.Kind(n.Kind).Properties, r.oneIn("partial", 2))
	return n
}

// question draws the text of a search.
func (r random) question() string {
	var terms []string
	for range r.number("terms", 1, 3) {
		words := words(r.text() + " a")
		terms = append(terms, pick(r, "word", words))
	}
	text := strings.Join(terms, pick(r, "gap", []string{" ", "-", "' "}))
	if runes := []rune(text); r.oneIn("cut", 2) {
		text = string(runes[:r.number("length", 1, len(runes))])
	}
	return text
}
