package schema_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// load reads the public schema as any client's tool would: from the files.
func load(t *testing.T) *ast.Schema {
	t.Helper()
	files, err := filepath.Glob("api/*.graphql")
	if err != nil {
		t.Fatal(err)
	}
	var sources []*ast.Source
	for _, name := range append(files, "generated.graphql") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: name, Input: string(text)})
	}
	s, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The descriptions are what an analyst reads in the playground.
func TestEverythingIsDescribed(t *testing.T) {
	check := func(what, description string) {
		if strings.TrimSpace(description) == "" {
			t.Errorf("%s has no description", what)
		}
	}
	for name, def := range load(t).Types {
		if def.BuiltIn {
			continue
		}
		check(name, def.Description)
		for _, v := range def.EnumValues {
			check(name+"."+v.Name, v.Description)
		}
		for _, f := range def.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			check(name+"."+f.Name, f.Description)
			for _, a := range f.Arguments {
				check(name+"."+f.Name+"("+a.Name+")", a.Description)
			}
		}
	}
}

// Every list of records is a Relay connection: no field returns a bare list of
// nodes, but for parts of a computed answer, which are bounded with it.
func TestListsOfNodesAreConnections(t *testing.T) {
	s := load(t)
	bounded := map[string]bool{
		"InfluencePath.nodes": true, "InfluencePath.restsOn": true, // by the length of a path, and the evidence of an edge
		"Fragility.sources": true, "Fragility.onEveryPath": true, // by the search for them, and the length of a path
		"Cascade.unanswered": true, // by the budget of the question, as all of a cascade
	}
	node := s.Types["Node"]
	for name, def := range s.Types {
		if def.Kind != ast.Object || strings.HasSuffix(name, "Connection") {
			continue
		}
		for _, f := range def.Fields {
			if name == "Query" && f.Name == "nodes" || f.Type.Elem == nil || bounded[name+"."+f.Name] {
				continue // nodes(ids:) answers one for one, as Relay defines it
			}
			element := s.Types[f.Type.Name()]
			for _, possible := range s.GetPossibleTypes(element) {
				for _, i := range s.GetImplements(possible) {
					if i == node {
						t.Errorf("%s.%s is a bare list of nodes: %s", name, f.Name, f.Type)
					}
				}
			}
		}
	}
}

// Relay's cursor connections, for every connection and its edges.
func TestConnectionsFollowRelay(t *testing.T) {
	s := load(t)
	for name, def := range s.Types {
		if !strings.HasSuffix(name, "Connection") {
			continue
		}
		if f := def.Fields.ForName("pageInfo"); f == nil || f.Type.String() != "PageInfo!" {
			t.Errorf("%s.pageInfo is not PageInfo!", name)
		}
		edge := s.Types[strings.TrimSuffix(name, "Connection")+"Edge"]
		if edge == nil || def.Fields.ForName("edges") == nil || def.Fields.ForName("edges").Type.Name() != edge.Name {
			t.Errorf("%s has no edges of its own type", name)
			continue
		}
		if f := edge.Fields.ForName("cursor"); f == nil || f.Type.String() != "String!" {
			t.Errorf("%s.cursor is not String!", edge.Name)
		}
		if f := edge.Fields.ForName("node"); f == nil || f.Type.Elem != nil {
			t.Errorf("%s.node is missing or a list", edge.Name)
		}
	}
	for name, def := range s.Types {
		for _, f := range def.Fields {
			if def.Kind != ast.InputObject && strings.HasSuffix(f.Type.Name(), "Connection") {
				for _, arg := range []string{"first", "after", "last", "before"} {
					if f.Arguments.ForName(arg) == nil {
						t.Errorf("%s.%s lacks the argument %s", name, f.Name, arg)
					}
				}
			}
		}
	}
}
