package storetest

import (
	"pgregory.net/rapid"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// kinds draws one kind or more.
func (r random) kinds() []string {
	return pick(r, "kinds", [][]string{
		{"Thing"}, {"Thing"}, {"Thing"}, {"Group"}, {"Tool"}, {"Group", "Thing"}, {"Thing", "Tool"}, {"Group", "Source", "Thing", "Tool"}, {"Thing", "Thing"}, allKinds(),
	})
}

// properties returns the properties that all records of a scope have.
func (r random) properties(in scope) []*ontology.Property {
	declared := []*ontology.Property(nil)
	if in.onEdge {
		declared = in.relation.Properties
	} else {
		declared = r.o.o.Kind(in.kinds[0]).Properties
	}
	all := []*ontology.Property{idProperty}
	for _, p := range declared {
		if r.o.property(in, p.Name) != nil {
			all = append(all, p)
		}
	}
	return all
}

// filter draws a condition on a scope, of at most some depth.
func (r random) filter(in scope, depth int) kg.Filter {
	const compare, kinds, and, or, not, edges, far = 0, 1, 2, 3, 4, 5, 6
	forms := []int{compare, compare, compare}
	if !in.onEdge {
		forms = append(forms, kinds)
	}
	if depth > 0 {
		forms = append(forms, and, or, not, not)
		if in.onEdge {
			forms = append(forms, far, far)
		} else {
			forms = append(forms, edges, edges)
		}
	}
	switch pick(r, "form", forms) {
	case kinds:
		return kg.Kinds(pick(r, "kinds", [][]string{{"Thing"}, {"Group", "Tool"}, {}}))
	case and:
		return kg.And(r.filters(in, depth-1))
	case or:
		return kg.Or(r.filters(in, depth-1))
	case not:
		return kg.Not{Filter: r.filter(in, depth-1)}
	case far:
		in.onEdge = false
		return kg.Far{Filter: r.filter(in, depth-1)}
	case edges:
		return r.edgeCount(in, depth)
	}
	return r.comparison(in)
}

func (r random) filters(in scope, depth int) []kg.Filter {
	var parts []kg.Filter
	for range r.number("parts", 0, 3) {
		parts = append(parts, r.filter(in, depth))
	}
	return parts
}

func (r random) edgeCount(in scope, depth int) kg.Filter {
	var possible []kg.Step
	for _, step := range allSteps(kg.Out, kg.In) {
		if len(r.o.o.FarKinds(step, in.kinds)) > 0 {
			possible = append(possible, step)
		}
	}
	if len(possible) == 0 {
		return r.comparison(in)
	}
	f := kg.Edges{
		Step: pick(r, "step", possible), N: int64(r.number("edges", 0, 3)),
		Op: pick(r, "count", []kg.Op{kg.OpGte, kg.OpEq, kg.OpLt, kg.OpLte, kg.OpGt}),
	}
	if r.oneIn("any edge", 3) {
		return f
	}
	inner := scope{kinds: r.o.o.FarKinds(f.Step, in.kinds), relation: r.o.o.Relation(f.Step.Type), onEdge: true}
	f.Where = r.filter(inner, depth-1)
	return f
}

func (r random) comparison(in scope) kg.Filter {
	p := pick(r, "property", r.properties(in))
	var fitting []kg.Op
	for _, op := range []kg.Op{kg.OpEq, kg.OpIn, kg.OpLt, kg.OpLte, kg.OpGt, kg.OpGte, kg.OpContains, kg.OpStartsWith, kg.OpHas, kg.OpIsNull} {
		if operatorFits(p, op) {
			fitting = append(fitting, op)
		}
	}
	op := pick(r, "operator", fitting)
	return kg.Compare{Property: p.Name, Op: op, Value: r.operand(p, op)}
}

func (r random) operand(p *ontology.Property, op kg.Op) any {
	single := *p
	single.List = false
	switch {
	case op == kg.OpIsNull:
		return rapid.Bool().Draw(r.t, "null")
	case op == kg.OpIn:
		single.List = true
	case p == idProperty:
		return pick(r, "id", poolOfIDs())
	case op == kg.OpContains || op == kg.OpStartsWith:
		runes := []rune(r.text())
		return string(runes[:r.number("length", 0, min(3, len(runes)))])
	}
	return r.value(&single)
}

func (r random) order(in scope) []kg.SortKey {
	var order []kg.SortKey
	for range r.number("keys", 0, 3) {
		on := in
		far := in.onEdge && r.oneIn("far", 2)
		on.onEdge = in.onEdge && !far
		p := pick(r, "key", r.properties(on))
		if p.List {
			continue
		}
		order = append(order, kg.SortKey{Far: far, Property: p.Name, Desc: rapid.Bool().Draw(r.t, "descending")})
	}
	return order
}

func (r random) page() kg.Page {
	return kg.Page{Limit: r.number("limit", 0, 6), Backward: rapid.Bool().Draw(r.t, "backward")}
}

func (r random) where(in scope) kg.Filter {
	if r.oneIn("no filter", 4) {
		return nil
	}
	return r.filter(in, 3)
}

func (r random) nodeQuery() store.NodeQuery {
	kinds := r.kinds()
	in := scope{kinds: kinds}
	return store.NodeQuery{Kinds: kinds, Where: r.where(in), Order: r.order(in), Page: r.page(), Count: rapid.Bool().Draw(r.t, "count")}
}

func (r random) ids(what string) []string {
	return rapid.SliceOfN(rapid.SampledFrom(poolOfIDs()), 0, 6).Draw(r.t, what)
}

func (r random) expandQuery() store.ExpandQuery {
	q := store.ExpandQuery{Parents: r.ids("parents"), Step: pick(r, "step", allSteps(kg.Out, kg.In)), Count: rapid.Bool().Draw(r.t, "count"), Page: r.page()}
	q.Kinds = r.someKinds()
	in, err := r.o.farScope(q)
	if err != nil || len(in.kinds) == 0 {
		return q
	}
	q.Where, q.Order = r.where(in), r.order(in)
	return q
}

func (r random) neighbourQuery() store.NeighbourQuery {
	return store.NeighbourQuery{
		Nodes: r.ids("frontier"), Steps: rapid.SliceOfN(rapid.SampledFrom(allSteps(kg.Out, kg.In)), 0, 4).Draw(r.t, "steps"),
		Limit: pick(r, "limit", []int{plenty, 1, 2, 3, 5}), Kinds: r.someKinds(),
	}
}

// someKinds draws kinds, or none for any.
func (r random) someKinds() []string {
	if r.oneIn("any kind", 2) {
		return nil
	}
	return r.kinds()
}

func (r random) searchQuery() store.SearchQuery {
	q := store.SearchQuery{Text: r.question(), Page: r.page(), Count: rapid.Bool().Draw(r.t, "count")}
	q.Kinds = r.someKinds()
	return q
}

func (r random) groupQuery() store.GroupQuery {
	kinds := r.kinds()
	in := scope{kinds: kinds}
	p := pick(r, "by", r.properties(in))
	return store.GroupQuery{Kinds: kinds, Where: r.where(in), By: p.Name}
}
