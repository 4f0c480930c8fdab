package neo4j_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/neo4j"
	"entente/internal/store/neo4j/neo4jtest"
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

// A database that a newer program wrote is refused, and left as it is, indexes included.
func TestANewerDatabaseIsRefused(t *testing.T) {
	at := server.Start(t)
	newer := openAt(t, at, modelOf(t, "Town", "River"), nil)
	if _, err := newer.Apply(t.Context(), store.Batch{Nodes: []*kg.Node{named("a", "Town")}}); err != nil {
		t.Fatal(err)
	}
	open := func(o *ontology.Ontology) error {
		st, err := neo4j.Open(t.Context(), neo4j.Config{URI: at.URI, Username: at.Username, Password: at.Password}, o)
		if err != nil {
			return err
		}
		return st.Close()
	}
	refuses := func(says string) {
		t.Helper()
		before := described(t, at)
		err := open(modelOf(t, "Town"))
		if kg.CodeOf(err) != kg.CodeInvalid || !strings.Contains(err.Error(), says) {
			t.Errorf("the error is %v, want %q", err, says)
		}
		if diff := cmp.Diff(before, described(t, at)); diff != "" {
			t.Errorf("the database was changed: %s", diff)
		}
	}
	cypher(t, at, "MATCH (m:__Meta) SET m.version = m.version + 1")
	refuses("was written by a newer version of this program")
	cypher(t, at, "MATCH (m:__Meta) SET m.version = m.version - 1")
	if _, err := newer.Apply(t.Context(), store.Batch{Nodes: []*kg.Node{named("b", "River")}}); err != nil {
		t.Fatal(err)
	}
	refuses("holds 1 records of River, which the model does not have")
	cypher(t, at, "MATCH (r:River) REMOVE r:River")
	refuses("holds 1 nodes with the label __Entity and none that says of what kind they are; take __Entity off them")
	cypher(t, at, "MATCH (r:__Entity {id: 'b'}) SET r:River")
	cypher(t, at, "MATCH (r:River), (t:Town) CREATE (t)-[:ON {id: 'x'}]->(t) REMOVE r:River, r:__Entity, r:Named")
	refuses("holds 1 records of ON, which the model does not have")
	cypher(t, at, "MATCH ()-[e:ON]->() DELETE e CREATE ()-[:ON]->()")
	if err := open(modelOf(t, "Town")); err != nil {
		t.Errorf("what is none of ours matters: %v", err)
	}
}

// described returns what the database has: its indexes, and what it says of itself.
func described(t *testing.T, at neo4jtest.Server) []string {
	t.Helper()
	return append(cypher(t, at, "SHOW INDEXES YIELD name RETURN name ORDER BY name"),
		cypher(t, at, "MATCH (m:__Meta) RETURN toString(m.version) + m.layout")...)
}

// cypher runs a statement without the store, and returns the texts that come of it.
func cypher(t *testing.T, at neo4jtest.Server, text string) (texts []string) {
	t.Helper()
	d, err := driver.NewDriverWithContext(at.URI, driver.BasicAuth(at.Username, at.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close(t.Context()) }()
	result, err := driver.ExecuteQuery(t.Context(), d, text, nil, driver.EagerResultTransformer)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range result.Records {
		text, ok := r.Values[0].(string)
		if !ok {
			t.Fatalf("%s came with %v", text, r.Values)
		}
		texts = append(texts, text)
	}
	return texts
}
