package neo4j_test

import (
	"testing"
	"testing/fstest"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/neo4j"
)

func modelOf(t *testing.T, kinds ...string) *ontology.Ontology {
	t.Helper()
	sdl := "\"A thing.\"\ninterface Named {\n  id: ID!\n  \"Its name.\"\n  name: String! @text\n}\n"
	for _, kind := range append(kinds, "Source") {
		sdl += "\"A thing.\"\ntype " + kind + " implements Named @node {\n  id: ID!\n  \"Its name.\"\n  name: String! @text\n}\n"
	}
	o, err := ontology.Read(fstest.MapFS{"model.graphql": {Data: []byte(sdl)}})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func named(id, kind string) *kg.Node {
	return &kg.Node{ID: id, Kind: kind, Props: kg.Props{{Name: "name", Value: "Water"}}}
}

// What is opened for reading only is not changed, neither by opening nor by a batch.
func TestReadOnly(t *testing.T) {
	at := server.Start(t)
	readOnly := func(o *ontology.Ontology) (*neo4j.Store, error) {
		return neo4j.Open(t.Context(), neo4j.Config{URI: at.URI, Username: at.Username, Password: at.Password, ReadOnly: true}, o)
	}
	writing := openAt(t, at, modelOf(t, "Town"), nil)
	if _, err := writing.Apply(t.Context(), store.Batch{Nodes: []*kg.Node{named("a", "Town")}}); err != nil {
		t.Fatal(err)
	}
	st, err := readOnly(modelOf(t, "Town"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	nodes, err := st.Nodes(t.Context(), []string{"a"})
	if err != nil || len(nodes) != 1 {
		t.Errorf("it holds %v, %v", nodes, err)
	}
	if _, err := st.Apply(t.Context(), store.Batch{DeleteNodes: []string{"a"}}); kg.CodeOf(err) != kg.CodeInvalid {
		t.Errorf("a batch gives the error %v", err)
	}
	if _, err := readOnly(modelOf(t, "Town", "River")); kg.CodeOf(err) != kg.CodeInvalid {
		t.Errorf("another model gives the error %v", err)
	}
}

// A program that goes on running while one with a newer model writes answers
// searches with what its own model has.
func TestKindsOfANewerModelAreLeftOut(t *testing.T) {
	at := server.Start(t)
	running := openAt(t, at, modelOf(t, "Town"), nil)
	newer := openAt(t, at, modelOf(t, "Town", "River"), nil)
	if _, err := newer.Apply(t.Context(), store.Batch{Nodes: []*kg.Node{named("a", "River"), named("b", "Town")}}); err != nil {
		t.Fatal(err)
	}
	page, err := running.Search(t.Context(), store.SearchQuery{Text: "water", Page: kg.Page{Limit: 1}, Count: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Hits) != 1 || page.Hits[0].Node == nil || page.Hits[0].Node.ID != "b" || page.More || page.Count != 1 {
		t.Errorf("got %+v", page)
	}
}
