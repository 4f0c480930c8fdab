package frame

import (
	"context"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"entente/internal/ingest"
	"entente/internal/ontology"
	"entente/schema"
)

const modelDoc = "docs/model.md"

// modelWith returns the bundled model with one more file.
func modelWith(t *testing.T, sdl string) fs.FS {
	t.Helper()
	files := fstest.MapFS{"added.graphql": {Data: []byte(sdl)}}
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
	return files
}

// The example of docs/model.md works as it stands there: its model is read,
// and its rows fit it. That nothing else is needed is tested in cmd/entente.
func TestModelExample(t *testing.T) {
	_, example, found := strings.Cut(read(t, modelDoc), "\n## An example")
	if !found {
		t.Fatalf("%s has no example", modelDoc)
	}
	sdl := regexp.MustCompile("(?s)```graphql\n(.*?)```").FindStringSubmatch(example)
	if sdl == nil {
		t.Fatalf("the example in %s has no SDL", modelDoc)
	}
	o, err := ontology.Read(modelWith(t, sdl[1]))
	if err != nil {
		t.Fatal(err)
	}
	if rel := o.Relation("SIGNED"); rel == nil || !rel.Joins("State", "Treaty") || rel.Joins("Treaty", "State") {
		t.Error("SIGNED does not lead from State to Treaty")
	}
	folder := fstest.MapFS{}
	csv := regexp.MustCompile("(?s)`([a-z]+/[A-Za-z_]+\\.csv)`:\n\n```csv\n(.*?)```")
	for _, match := range csv.FindAllStringSubmatch(example, -1) {
		folder[match[1]] = &fstest.MapFile{Data: []byte(match[2])}
	}
	states := func(context.Context, []string) (map[string]string, error) {
		return map[string]string{"FRA": "State", "USA": "State"}, nil
	}
	data, report, err := ingest.Read(t.Context(), folder, o, ingest.Options{Known: states})
	if err != nil {
		t.Fatalf("%v: %v", err, report.Rejections)
	}
	if len(report.Notices) > 0 || len(data.Nodes) != 2 || len(data.Edges) != 2 {
		t.Errorf("the example makes %d nodes and %d edges, with the notices %v", len(data.Nodes), len(data.Edges), report.Notices)
	}
}

// Every name that docs/model.md calls taken is refused, and so is what it says no model may have.
func TestModelRules(t *testing.T) {
	_, section, _ := strings.Cut(read(t, modelDoc), "\n## Names that are taken\n")
	sentence, _, found := strings.Cut(section, ", and no name may")
	if !found {
		t.Fatalf("%s does not list the names that are taken", modelDoc)
	}
	const remark = "\"A thing.\" type Thing implements Node & Named @node { \"A remark.\" %s }"
	refused := map[string]string{
		"a name with __":                strings.Replace(remark, "%s", "a__b: String", 1),
		"a property without its reason": "\"A thing.\" type Thing implements Node & Named @node { remark: String }",
		"a list of nodes as a property": strings.Replace(remark, "%s", "states: [State!]!", 1),
		"a relation with properties of two types": `"A thing." type Thing implements Node & Named @node { "A." a: [State!]! @edge(type: "A", direction: OUT) }
			"A thing." type Thing2 implements Node & Named @node { "A." a: [State!]! @edge(type: "A", direction: OUT, properties: "P") }
			"P." type P implements Assertion @relation { "A remark." b: String }`,
		"a weight above 1": `"A thing." type Thing implements Node & Named @node { "A." a: [State!]! @edge(type: "A", direction: OUT, properties: "P") }
			"P." type P implements Assertion @relation(weight: 1.1) { "A remark." b: String }`,
		"a key that is a list": `"A thing." type Thing implements Node & Named @node { "A." a: [State!]! @edge(type: "A", direction: OUT, properties: "P") }
			"P." type P implements Assertion @relation(key: ["b"]) { "A remark." b: [String!]! }`,
	}
	for _, match := range mdCode.FindAllStringSubmatch(sentence, -1) {
		if match[1] == "id" { // is a property of every kind already, of another type
			refused["id"] = strings.Replace(remark, "%s", "id: Int", 1)
			continue
		}
		if match[1] == "evidence" { // is passed over: every kind has it
			continue
		}
		refused[match[1]] = strings.Replace(remark, "%s", match[1]+": String", 1)
	}
	if len(refused) < 18 {
		t.Errorf("%s lists only %d names that are taken", modelDoc, len(refused))
	}
	for what, sdl := range refused {
		if _, err := ontology.Read(modelWith(t, sdl)); err == nil {
			t.Errorf("a model with %q is accepted", what)
		}
	}
}
