package main

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"entente/internal/ontology"
	"entente/schema"
)

// modelWith reads the bundled model with one more file.
func modelWith(t *testing.T, sdl string) *ontology.Ontology {
	t.Helper()
	files := fstest.MapFS{"case.graphql": {Data: []byte(sdl)}}
	names, err := fs.Glob(schema.Model(), "*.graphql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(schema.Model(), name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	o, err := ontology.Read(files)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// Each case is legal SDL, whose names collide with others only in what follows from it.
func TestNames(t *testing.T) {
	kind := func(name string) string { return "\n\"K.\"\ntype " + name + " @node { \"P.\" p: Int }" }
	for _, c := range []struct{ name, sdl, want string }{
		{"the bundled model", "", ""},
		{"a treaty", kind("Treaty"), ""},
		{"a connection of the API", kind("Search"), "case.graphql:3: Search: the type SearchConnection for the kind Search would have the name of what schema/api/query.graphql declares; rename it"},
		{"a connection of a kind", kind("StateConnection"), "case.graphql:3: StateConnection: the kind StateConnection would have the name of the type StateConnection for the kind State (state.graphql:2); rename one of them"},
		{"a filter of an interface", kind("ActorFilter"), "case.graphql:3: ActorFilter: the kind ActorFilter would have the name of the type ActorFilter for the interface Actor (interfaces.graphql:26); rename one of them"},
		{"a type of the API", kind("Evidence"), "case.graphql:3: Evidence: the kind Evidence would have the name of what schema/api/evidence.graphql declares; rename it"},
		{"the root of the API", kind("Query"), "case.graphql:3: Query: the kind Query would have the name of what schema/api/query.graphql declares; rename it"},
		{"a cascade", kind("Cascade"), "case.graphql:3: Cascade: the kind Cascade would have the name of what schema/api/influence.graphql declares; rename it"},
		{"a path", kind("InfluencePath"), "case.graphql:3: InfluencePath: the kind InfluencePath would have the name of what schema/api/influence.graphql declares; rename it"},
		{"an edge of a trace", kind("TraceEdge"), "case.graphql:3: TraceEdge: the kind TraceEdge would have the name of what schema/api/influence.graphql declares; rename it"},
		{"the list of kinds", kind("NodeKind"), "case.graphql:3: NodeKind: the kind NodeKind would have the name of the list of the kinds in the API; rename it"},
		{"a query", "\n\"K.\"\ntype Way @node(plural: \"paths\") { \"P.\" p: Int }", "case.graphql:3: Way: the query paths for nodes of the kind Way would have the name of what schema/api/influence.graphql declares; rename it"},
		{"a plural like another kind", "\n\"K.\"\ntype Sheep @node(plural: \"sheep\") { \"P.\" p: Int }",
			"case.graphql:3: Sheep: the query sheep for nodes of the kind Sheep would have the name of the query for one node of the kind Sheep (case.graphql:3); rename one of them"},
		{"a plural that is grouped", "\n\"K.\"\ntype Club @node(plural: \"statesGrouped\") { \"P.\" p: Int }",
			"state.graphql:2: State: the query statesGrouped for the kind State would have the name of the query statesGrouped for nodes of the kind Club (case.graphql:3); rename one of them"},
		{"hand-written Go", kind("Listing"), "case.graphql:3: Listing: the kind Listing would have the name of what graph/model/listing.go declares; rename it"},
		{"a function in Go", kind("NewState"), "state.graphql:2: State: the function NewState for the kind State would have the name of the kind NewState (case.graphql:3); rename one of them"},
		{"alike in Go", kind("State_Edge"), "case.graphql:3: State_Edge: the kind State_Edge would have the name of the type StateEdge for the kind State (state.graphql:2); rename one of them"},
		{"an enum of the API", "\n\"E.\"\nenum Rank { \"A.\" A }", "case.graphql:3: Rank: the enum Rank would have the name of what schema/api/evidence.graphql declares; rename it"},
		{"an enum like a filter", "\n\"E.\"\nenum StateOrder { \"A.\" A }", "case.graphql:3: StateOrder: the enum StateOrder would have the name of the type StateOrder for the kind State (state.graphql:2); rename one of them"},
		{"an edge like a kind", "\nextend type State {\n  \"S.\" s: [State!]! @edge(type: \"S\", direction: OUT)\n}" + kind("StateS"),
			"case.graphql:3: State.s: the type StateSFilter for the edges State.s would have the name of the type StateSFilter for the kind StateS (case.graphql:6); rename one of them"},
		{"a field that the API adds", "\nextend type Incident {\n  \"C.\" citation_chain: Int\n}",
			"case.graphql:3: Incident.citation_chain: the field citation_chain of the kind Incident would have the name of what schema/api/citations.graphql declares; rename it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := checkNames(modelWith(t, c.sdl), os.DirFS("../../schema/api"), os.DirFS("../../graph/model"))
			got := ""
			if err != nil {
				got = strings.TrimPrefix(err.Error(), "the model is not usable:\n")
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
