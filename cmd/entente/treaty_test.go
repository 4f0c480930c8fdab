package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A kind nobody planned: one file in the model, two of CSV, and nothing else.
var treatyFiles = map[string]string{
	"schema/model/treaty.graphql": `
"A written agreement between states."
type Treaty implements Node & Named @node {
  id: ID!
  name: String! @text
  "When it was opened for signature."
  opened: EDTF
  "How far it binds."
  force: TreatyForce!
  "Number of articles."
  articles: Int
  "The states that signed it."
  signedBy: [State!]! @edge(type: "SIGNED", direction: IN, properties: "Signature")
}

"How far a treaty binds."
enum TreatyForce {
  "It binds."
  BINDING
  "It does not."
  POLITICAL
}

"A state's signature under a treaty."
type Signature implements Assertion @relation(key: ["place"], influence: TO_SOURCE, weight: 0.9) {
  "Where it was signed."
  place: String
  "When it was signed."
  date: EDTF
  "Whether with reservations."
  reserved: Boolean
}

extend type State {
  "The treaties it signed."
  signed: [Treaty!]! @edge(type: "SIGNED", direction: OUT, properties: "Signature")
}
`,
	"data/nodes/Treaty.csv": "id,name,opened,force,articles,source,locator\n" +
		"treaty-of-testing,Treaty of Testing,2018-05,binding,12,digest,p. 1\n" +
		"treaty-of-hope,Treaty of Hope,,POLITICAL,,digest,p. 2\n",
	"data/nodes/State.csv":  "id,name,source\nNZL,New Zealand,digest\nFRA,France,digest\n",
	"data/nodes/Source.csv": "id,name,kind,date\ndigest,Digest of treaties,DATA_SET,2020\n",
	"data/edges/SIGNED.csv": "from,to,place,date,reserved,source,locator\n" +
		"NZL,treaty-of-testing,Geneva,2018-06-01,yes,digest,p. 1\n" +
		"FRA,treaty-of-testing,Geneva,2018-06-02,,digest,p. 1\n",
}

const treatyQuery = `{
  treaties(where: {articles: {gt: 10}, signedBy: {some: {reserved: {eq: true}}}}, orderBy: [{opened: DESC}]) {
    totalCount
    nodes {
      id name opened force articles aliases
      signedBy(orderBy: [{date: DESC}]) { edges { place date reserved node { id signed { totalCount } } evidence { source { name } locator } } }
    }
  }
  treatiesGrouped(by: FORCE) { value count }
  search(text: "testing", kinds: [TREATY]) { nodes { __typename id } }
}`

const treatyAnswer = `{"treaties":{"totalCount":1,"nodes":[{"id":"treaty-of-testing","name":"Treaty of Testing","opened":"2018-05",` +
	`"force":"BINDING","articles":12,"aliases":[],"signedBy":{"edges":[` +
	`{"place":"Geneva","date":"2018-06-02","reserved":null,"node":{"id":"FRA","signed":{"totalCount":1}},"evidence":[{"source":{"name":"Digest of treaties"},"locator":"p. 1"}]},` +
	`{"place":"Geneva","date":"2018-06-01","reserved":true,"node":{"id":"NZL","signed":{"totalCount":1}},"evidence":[{"source":{"name":"Digest of treaties"},"locator":"p. 1"}]}` +
	`]}}]},"treatiesGrouped":[{"value":"BINDING","count":1},{"value":"POLITICAL","count":1}],"search":{"nodes":[{"__typename":"Treaty","id":"treaty-of-testing"}]}}`

func TestKindNobodyPlanned(t *testing.T) {
	dir := t.TempDir()
	copyModule(t, filepath.Join("..", ".."), dir)
	for name, text := range treatyFiles {
		writeFile(t, filepath.Join(dir, name), text)
	}
	run(t, dir, "go", "generate", "./...")
	program := filepath.Join(dir, "entente.bin")
	run(t, dir, "go", "build", "-o", program, "./cmd/entente")
	store := "sqlite:" + filepath.Join(dir, "test.db")
	run(t, dir, program, "seed", "--store", store, "data")
	writeFile(t, filepath.Join(dir, "q.graphql"), treatyQuery)
	out := run(t, dir, program, "query", "--store", store, "q.graphql")
	var answer struct{ Data json.RawMessage }
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatalf("reading the answer: %v\n%s", err, out)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, answer.Data); err != nil {
		t.Fatal(err)
	}
	if compact.String() != treatyAnswer {
		t.Errorf("got  %s\nwant %s", compact.String(), treatyAnswer)
	}
}

func run(t *testing.T, dir, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, stdout.Bytes(), stderr.Bytes())
	}
	return stdout.Bytes()
}

// copyModule copies the module's sources, without what git or Node keep there.
func copyModule(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains([]string{".git", "node_modules", "bin", ".cache"}, d.Name()) {
				return filepath.SkipDir
			}
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		if !d.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), text, 0o644)
	})
	if err != nil {
		t.Fatalf("copying the module: %v", err)
	}
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
