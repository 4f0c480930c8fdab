package sqlite

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// hueModel has enums of some values, in properties and lists of a kind and of a relation.
func hueModel(t *testing.T, values ...string) *ontology.Ontology {
	t.Helper()
	var enum strings.Builder
	for _, v := range values {
		fmt.Fprintf(&enum, "\"%s.\"\n%s\n", v, v)
	}
	return smallModel(t, `
"A town."
type Town @node {
  id: ID!
  "Its name."
  name: String! @text
  "Its colour."
  hue: Hue
  "Its other colours."
  hues: [Hue!]!
  "Towns to which a road leads."
  roads: [Town!]! @edge(type: "ROAD", direction: OUT, properties: "Road")
}
"A road."
type Road @relation {
  "Its colour."
  hue: Hue
  "Its other colours."
  hues: [Hue!]!
}
"A colour."
enum Hue {
`+enum.String()+`}
`)
}

// A value that is taken from an enum of the model is noticed as long as a record has it.
func TestValuesThatTheModelLost(t *testing.T) {
	for name, c := range map[string]struct {
		batch store.Batch
		says  string
	}{
		"a value of nodes": {store.Batch{Nodes: []*kg.Node{
			town("a", kg.Property{Name: "hue", Value: "RED"}), town("b", kg.Property{Name: "hue", Value: "BLUE"}), town("c", kg.Property{Name: "hue", Value: "RED"}),
		}}, "holds records of Town whose hue is a value that Hue does not have in the model: RED (2)"},
		"an element of a list": {store.Batch{Nodes: []*kg.Node{town("a", kg.Property{Name: "hues", Value: []string{"BLUE", "RED"}})}},
			"holds records of Town whose hues is a value that Hue does not have in the model: RED (1)"},
		"a value of edges": {store.Batch{Nodes: []*kg.Node{town("a")}, Edges: []*kg.Edge{{
			ID: kg.EdgeID("ROAD", "a", "a"), Type: "ROAD", From: "a", To: "a", Props: kg.Props{{Name: "hue", Value: "RED"}},
		}}}, "holds records of ROAD whose hue is a value that Hue does not have in the model: RED (1)"},
		"an element of a list of edges": {store.Batch{Nodes: []*kg.Node{town("a")}, Edges: []*kg.Edge{{
			ID: kg.EdgeID("ROAD", "a", "a"), Type: "ROAD", From: "a", To: "a", Props: kg.Props{{Name: "hues", Value: []string{"BLUE", "RED"}}},
		}}}, "holds records of ROAD whose hues is a value that Hue does not have in the model: RED (1)"},
		"none": {store.Batch{Nodes: []*kg.Node{town("a", kg.Property{Name: "hue", Value: "BLUE"})}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "graph.db")
			s := openAt(t, path, hueModel(t, "RED", "BLUE"))
			apply(t, s, c.batch)
			closeStore(t, s)
			script(t, path, "DELETE FROM meta WHERE key = 'enums'") // as files of older programs are
			for range 2 {
				checkOpens(t, path, hueModel(t, "BLUE"), c.says)
				closeStore(t, openAt(t, path, hueModel(t, "RED", "BLUE", "GREEN"))) // it is there again
			}
			s = openAt(t, path, hueModel(t, "RED", "BLUE"))
			apply(t, s, store.Batch{DeleteNodes: []string{"a", "c"}})
			closeStore(t, s)
			checkOpens(t, path, hueModel(t, "BLUE"), "")
		})
	}
}

// checkOpens opens a file to write and to read, and expects the same of both.
func checkOpens(t *testing.T, path string, o *ontology.Ontology, says string) {
	t.Helper()
	for _, open := range []func() (*Store, error){
		func() (*Store, error) { return OpenReadOnly(t.Context(), path, o) },
		func() (*Store, error) { return Open(t.Context(), path, o) },
	} {
		s, err := open()
		if err == nil {
			closeStore(t, s)
		}
		if (err == nil) != (says == "") || err != nil && (!strings.Contains(err.Error(), says) || kg.CodeOf(err) != kg.CodeInvalid) {
			t.Errorf("the error is %v, want %q", err, says)
		}
	}
}
