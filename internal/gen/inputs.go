package main

import (
	"fmt"
	"strings"

	"entente/internal/ontology"
)

// edges writes the types and inputs of one edge field.
func (w *sdl) edges(f *ontology.EdgeField) {
	name := prefix(f)
	w.connection(name, f.Target, fmt.Sprintf("edges %s.%s: %s", f.Owner, f.Name, strings.TrimSuffix(f.Description, ".")), f.Relation)
	w.line("")
	w.describe("", fmt.Sprintf("A condition on the edges %s.%s. All parts that are given must hold.", f.Owner, f.Name))
	w.line("input %sFilter {", name)
	w.line("  \"A condition on the edge's id.\"\n  id: IDFilter")
	w.propertyFilters(f.Relation.Properties)
	w.line("  \"A condition on the node at this end.\"\n  node: %sFilter", f.Target)
	w.junctions(name)
	w.line("}\n")
	w.describe("", fmt.Sprintf("One key to sort the edges %s.%s by. Give exactly one property.", f.Owner, f.Name))
	w.line("input %sOrder {", name)
	w.line("  \"By the edge's id.\"\n  id: SortDirection")
	w.propertyOrders(f.Relation.Properties)
	w.line("  \"By a property of the node at this end.\"\n  node: %sOrder\n}\n", f.Target)
	w.describe("", fmt.Sprintf("A condition on how many edges %s.%s there are. All parts that are given must hold.", f.Owner, f.Name))
	w.line("input %sCondition {", name)
	w.line("  \"At least one edge meets this.\"\n  some: %sFilter", name)
	w.line("  \"No edge meets this.\"\n  none: %sFilter", name)
	w.line("  \"The number of edges, or of those that meet `where`.\"\n  count: CountFilter")
	w.line("  \"Which edges `count` counts; all where left out.\"\n  where: %sFilter\n}", name)
}

// filter writes the input that filters nodes of a kind or, with its kinds, of an interface.
func (w *sdl) filter(name string, props []*ontology.Property, fields []*ontology.EdgeField, kinds []string) {
	w.line("")
	w.describe("", fmt.Sprintf("A condition on a %s. All parts that are given must hold.", name))
	w.line("input %sFilter {", name)
	w.line("  \"A condition on the id.\"\n  id: IDFilter")
	if kinds != nil {
		w.line("  \"The node is of one of these kinds.\"\n  kindIn: [NodeKind!]")
	}
	w.propertyFilters(props)
	for _, f := range fields {
		w.describe("  ", "A condition on the edges: "+f.Description)
		w.line("  %s: %sCondition", f.Name, prefix(f))
	}
	w.junctions(name)
	w.line("}")
}

func (w *sdl) junctions(name string) {
	w.line("  \"All of these hold.\"\n  and: [%sFilter!]", name)
	w.line("  \"At least one of these holds.\"\n  or: [%sFilter!]", name)
	w.line("  \"This does not hold. What is not known is neither so nor not so.\"\n  not: %sFilter", name)
}

func (w *sdl) propertyFilters(props []*ontology.Property) {
	for _, p := range props {
		w.describe("  ", p.Description)
		w.line("  %s: %s", p.Name, filterType(p))
	}
}

func filterType(p *ontology.Property) string {
	switch {
	case p.List:
		return p.TypeName + "ListFilter"
	case p.Type == ontology.Ref || p.Type == ontology.ID:
		return "ReferenceFilter"
	}
	return p.TypeName + "Filter"
}

func (w *sdl) order(name string, props []*ontology.Property) {
	w.line("")
	w.describe("", fmt.Sprintf("One key to sort a list of %s by. Give exactly one property.", name))
	w.line("input %sOrder {", name)
	w.line("  \"By id.\"\n  id: SortDirection")
	w.propertyOrders(props)
	w.line("}")
}

func (w *sdl) propertyOrders(props []*ontology.Property) {
	for _, p := range props {
		if !p.List {
			w.describe("  ", p.Description)
			w.line("  %s: SortDirection", p.Name)
		}
	}
}
