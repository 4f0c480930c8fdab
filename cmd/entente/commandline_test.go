package main

import (
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// with runs the program with a text on standard input.
func with(t *testing.T, stdin string, args ...string) *program {
	t.Helper()
	p := &program{}
	m := &Main{Stdin: strings.NewReader(stdin), Stdout: &p.stdout, Stderr: &p.stderr}
	p.code = m.Run(t.Context(), args)
	return p
}

var flagName = regexp.MustCompile(`(?:^|[^\w-])--([a-z0-9][a-z0-9-]*)`)

// Every flag that a message, a help text or a document names is one that can be given.
func TestNamedFlagsExist(t *testing.T) {
	k, err := (&Main{Stdout: os.Stdout, Stderr: os.Stderr}).parser(t.Context(), func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	var flags []string
	err = kong.Visit(k.Model, func(v kong.Visitable, next kong.Next) error {
		if flag, ok := v.(*kong.Flag); ok {
			flags = append(flags, flag.Name)
		}
		return next(nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	check := func(where, text string) {
		for _, match := range flagName.FindAllStringSubmatch(text, -1) {
			named++
			if !slices.Contains(flags, match[1]) {
				t.Errorf("%s names --%s, which is no flag", where, match[1])
			}
		}
	}
	root := filepath.Join("..", "..")
	for _, folder := range []string{"cmd", "graph", "internal", "loaders", "seed", "web"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			if slices.Contains(strings.Split(filepath.ToSlash(path), "/"), "neo4jtest") { // it speaks to Neo4j's own programs
				return nil
			}
			for _, text := range literals(t, path) {
				check(path, text)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	check("README.md", string(readme))
	if named < 30 {
		t.Errorf("only %d flags are named: the texts were not found", named)
	}
}

// literals returns the texts that a Go file holds, those of tags included.
func literals(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil {
				texts = append(texts, text)
			}
		}
		return true
	})
	return texts
}

// A store whose name is mistyped is not made: the message says what makes one.
func TestStoresThatAreNotThere(t *testing.T) {
	top := t.TempDir()
	file := filepath.Join(top, "no", "such", "graph.db")
	for _, args := range [][]string{
		{"query", "-"}, {"trace", "christchurch-2019"}, {"paths", "a", "b"}, {"check", filepath.Join("..", "..", "seed")},
	} {
		p := with(t, "{ overview { kinds { kind } } }", append(args, "--store", "sqlite:"+file)...)
		want := "there is no file " + file + `; name one that is there, or make it with "entente seed --store sqlite:` + file + ` DIR"`
		if p.code != exitFailed || !strings.Contains(p.stderr.String(), want) {
			t.Errorf("%s ended with %d:\n%s", args[0], p.code, p.stderr.String())
		}
	}
	if p := with(t, "", "seed", "--store", "sqlite:"+file, filepath.Join(top, "nowhere")); p.code != exitFailed {
		t.Errorf("seed of a folder that is not there ended with %d", p.code)
	}
	if entries, err := os.ReadDir(top); err != nil || len(entries) > 0 {
		t.Errorf("something was made: %v, %v", entries, err)
	}
}

func TestServeSaysThatTheStoreIsNew(t *testing.T) {
	store := "sqlite:" + filepath.Join(t.TempDir(), "new.db")
	for _, isNew := range []bool{true, false} {
		var out strings.Builder
		ctx, stop := context.WithCancel(t.Context())
		m := &Main{Stdin: strings.NewReader(""), Stdout: &out, Stderr: os.Stderr, Ready: func(string) { stop() }}
		if code := m.Run(ctx, []string{"serve", "--listen", "127.0.0.1:0", "--log-level", "error", "--store", store}); code != exitOK {
			t.Fatalf("serve ended with %d", code)
		}
		if got := strings.Contains(out.String(), `0 nodes and 0 edges (a new store, just made; load data with "entente seed --store `+store+` DIR"`); got != isNew {
			t.Errorf("new is %v, and serve says:\n%s", isNew, out.String())
		}
	}
}

func TestCheckDoesNotWriteToTheStore(t *testing.T) {
	folder := t.TempDir()
	store := "sqlite:" + filepath.Join(folder, "graph.db")
	bundled := filepath.Join("..", "..", "seed")
	if p := entente(t, "seed", "--store", store, bundled); p.code != exitOK {
		t.Fatal(p.stderr.String())
	}
	read := func() []byte {
		entries, err := os.ReadDir(folder)
		if err != nil || len(entries) != 1 {
			t.Fatalf("the folder of the store holds %v, %v", entries, err)
		}
		content, err := os.ReadFile(filepath.Join(folder, "graph.db"))
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	before := read()
	if p := entente(t, "check", "--store", store, bundled); p.code != exitOK {
		t.Fatal(p.stderr.String())
	}
	if !slices.Equal(before, read()) {
		t.Error("check changed the store")
	}
}

// References that lead nowhere have one cause where the store is empty, or none was looked into.
func TestReferencesIntoAnEmptyStore(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "nodes", "Incident.csv"), "id,name,kind,date,source\nx,An incident,ATTACK,2020,nowhere\ny,An incident,ATTACK,2020,elsewhere\n")
	empty := "sqlite:" + filepath.Join(t.TempDir(), "empty.db")
	full := "sqlite:" + filepath.Join(t.TempDir(), "full.db")
	if p := entente(t, "seed", "--store", full, filepath.Join("..", "..", "seed")); p.code != exitOK {
		t.Fatal(p.stderr.String())
	}
	const none, why = "no store was looked into", "is empty: load what the 2 references that lead nowhere are meant for first"
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"seed", "--store", empty, dir}, why}, {[]string{"check", "--store", empty, dir}, why}, {[]string{"check", dir}, none}, {[]string{"check", "--store", full, dir}, ""},
	} {
		p := entente(t, c.args...)
		got := p.stderr.String()
		if p.code != exitFailed || c.says != "" && !strings.Contains(got, c.says) || c.says == "" && (strings.Contains(got, "is empty") || strings.Contains(got, none)) {
			t.Errorf("%v ended with %d:\n%s", c.args, p.code, got)
		}
	}
}

// The last line of a load that is through tells of all records; a load of one batch tells of none.
func TestProgressEndsWithAll(t *testing.T) {
	for want, steps := range map[string][]int{
		"loaded 265 of 629 records\nloaded 629 of 629 records\n": {265, 629}, "": {629},
	} {
		var out strings.Builder
		tell := progress(&out)
		for _, done := range steps {
			tell(done, 629)
		}
		if out.String() != want {
			t.Errorf("%v: got %q", steps, out.String())
		}
	}
}

func TestQueryMistakes(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	const two = "query A { node(id: \"x\") { id } } query B { node(id: \"y\") { id } }"
	const needs = "query Q($id: ID!, $n: Int! = 1, $m: Int) { node(id: $id) { id } states(first: $n) { nodes { id } } incidents(first: $m) { nodes { id } } }"
	for name, c := range map[string]struct {
		query string
		args  []string
		says  string // empty: it is answered
	}{
		"empty":              {" \n# nothing\n", nil, "standard input holds no query; write one, such as { overview"},
		"several":            {two, nil, "standard input holds 2 operations: A, B; choose one with --operation, such as --operation A"},
		"one of several":     {two, []string{"--operation", "B"}, ""},
		"none of several":    {two, []string{"--operation", "C"}, `holds no operation with the name "C"; choose one with --operation: A, B`},
		"several, no names":  {"{ __typename } { __typename }", nil, "holds 2 operations without a name; give each a name"},
		"name of the one":    {"{ __typename }", []string{"--operation", "C"}, "one without a name; leave --operation out"},
		"missing variable":   {needs, nil, `the query needs a value for $id (ID!); give it with --variables '{"id": …}'`},
		"all variables":      {needs, []string{"--variables", `{"id": "x"}`}, ""},
		"not an object":      {needs, []string{"--variables", `[]`}, "--variables is not a JSON object"},
		"bad syntax":         {"{ node(", nil, "the query failed:"},
		"table without rows": {`{ states(where: {id: {eq: "none"}}) { nodes { id name } } }`, []string{"--format", "table"}, "the table has no rows"},
		"table of unknown":   {`{ state(id: "none") { id name } }`, []string{"--format", "table"}, "the table has no rows"},
		"table":              {`{ states(first: 1) { nodes { id } } }`, []string{"--format", "table"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := with(t, c.query, append([]string{"query", "-"}, c.args...)...)
			if c.says == "" && (p.code != exitOK || p.stderr.Len() > 0) || !strings.Contains(p.stderr.String(), c.says) {
				t.Errorf("ended with %d:\n%s", p.code, p.stderr.String())
			}
		})
	}
	if p := with(t, "", "query", "nowhere.graphql"); p.code != exitFailed || !strings.Contains(p.stderr.String(), "nowhere.graphql: no such file or directory; name a file") {
		t.Error(p.stderr.String())
	}
}

// entente config says what is in effect and why, and never shows a secret.
func TestConfig(t *testing.T) {
	file := filepath.Join(t.TempDir(), "entente.json")
	writeFile(t, file, `{"listen": "127.0.0.1:1", "request_timeout": "7s", "influence-nodes": 1000000, "log-level": "debug", "cors-origins": ["https://a.example"]}`)
	t.Setenv("ENTENTE_CONFIG", file)
	t.Setenv("ENTENTE_LISTEN", "127.0.0.1:2")
	t.Setenv("ENTENTE_NEO4J_PASSWORD", "topsecret")
	p := entente(t, "config", "--format", "json", "--drain-timeout", "3s", "--store", "sqlite:x.db")
	var answer struct {
		Settings []struct {
			Name, From, Where string
			Value             any
		}
	}
	if err := json.Unmarshal(p.stdout.Bytes(), &answer); err != nil || p.code != exitOK {
		t.Fatalf("ended with %d, %v:\n%s", p.code, err, p.stderr.String())
	}
	got := map[string]string{}
	for _, s := range answer.Settings {
		value, err := json.Marshal(s.Value)
		if err != nil {
			t.Fatal(err)
		}
		got[s.Name] = string(value) + " " + s.From + " " + s.Where
	}
	for name, want := range map[string]string{
		"listen": `"127.0.0.1:2" environment ENTENTE_LISTEN`, "request-timeout": `"7s" file ` + file, "influence-nodes": `1000000 file ` + file,
		"log-level": `"debug" file ` + file, "cors-origins": `["https://a.example"] file ` + file, "drain-timeout": `"3s" flag --drain-timeout`,
		"store": `"sqlite:x.db" flag --store`, "neo4j-user": `"neo4j" default `, "neo4j-password": `"set" environment ENTENTE_NEO4J_PASSWORD`,
	} {
		if got[name] != want {
			t.Errorf("%s: got %s, want %s", name, got[name], want)
		}
	}
	text := entente(t, "config", "--store", "bolt://me:topsecret@host")
	if text.code != exitFailed || !strings.Contains(text.stderr.String(), "ENTENTE_NEO4J_PASSWORD") {
		t.Errorf("a store with a password ended with %d:\n%s", text.code, text.stderr.String())
	}
	for _, out := range []string{p.stdout.String(), text.stdout.String(), text.stderr.String()} {
		if strings.Contains(out, "topsecret") {
			t.Errorf("a secret is shown:\n%s", out)
		}
	}
}

// The example in the README can be used as it stands.
func TestTheConfigurationOfTheReadme(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(readme), "named by `--config`")
	_, text, _ = strings.Cut(text, "```json\n")
	text, _, found := strings.Cut(text, "```")
	file := filepath.Join(t.TempDir(), "entente.json")
	writeFile(t, file, text)
	if p := entente(t, "config", "--config", file); !found || p.code != exitOK || strings.Count(p.stdout.String(), "file "+file) != 4 {
		t.Errorf("ended with %d:\n%s%s", p.code, p.stdout.String(), p.stderr.String())
	}
}

// Whatever the file is for, each command reads it, and none passes over a mistake in it.
func TestConfigurationFileIsChecked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "entente.json")
	writeFile(t, file, `{"listne": "127.0.0.1:1"}`)
	for _, command := range []string{"version", "serve", "config"} {
		p := entente(t, command, "--config", file)
		if want := file + ` (--config) has the key "listne", which is no setting; did you mean "listen"?`; p.code != exitUsage || !strings.Contains(p.stderr.String(), want) {
			t.Errorf("%s ended with %d:\n%s", command, p.code, p.stderr.String())
		}
	}
	writeFile(t, file, `{"listen": "127.0.0.1:1"}`)
	if p := entente(t, "version", "--config", file); p.code != exitOK {
		t.Errorf("a good file ends with %d:\n%s", p.code, p.stderr.String())
	}
}
