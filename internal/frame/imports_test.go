package frame

import (
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// module is the path in go.mod, with which our own imports begin.
const module = "entente/"

// importRule is one of depguard's rules in .golangci.yml.
type importRule struct {
	Mode  string   `yaml:"list-mode"`
	Files []string `yaml:"files"`
	Allow []string `yaml:"allow"`
}

// The rule stands in .golangci.yml, where the linter reads it. This test reads
// it there too, so that it holds also where the linter is not installed.
func TestImportRule(t *testing.T) {
	rules := importRules(t)
	used := map[string]bool{}
	for _, file := range withSuffix(tree(t), ".go") {
		if strings.HasSuffix(file, "_test.go") || strings.Contains(file, "/testdata/") {
			continue
		}
		names := rulesOf(rules, file)
		if len(names) != 1 {
			t.Errorf("%s: the rules %v speak of it; write exactly one for each package in .golangci.yml, under depguard", file, names)
			continue
		}
		used[names[0]] = true
		for _, imported := range importsOf(t, file) {
			if !rules[names[0]].allows(imported) {
				t.Errorf("%s imports %s, which the rule %q in .golangci.yml forbids; move the code to where it may, "+
					"or allow it there if the design has changed", file, imported, names[0])
			}
		}
	}
	for name := range rules {
		if !used[name] {
			t.Errorf("the rule %q in .golangci.yml speaks of no file; take it out", name)
		}
	}
}

// The lines of the design that no rule may soften.
func TestImportRuleIsTheDesign(t *testing.T) {
	rules := importRules(t)
	for _, never := range []struct {
		imported string
		only     []string // the rules that may allow it
	}{
		{module + "internal/store/sqlite", []string{"cmd", "bench"}},
		{module + "internal/store/neo4j", []string{"cmd", "bench"}},
		{"modernc.org/sqlite", []string{"sqlite", "bench"}},
		{"github.com/neo4j/neo4j-go-driver/v5/neo4j", []string{"neo4j", "neo4jtest", "bench"}},
		{"github.com/99designs/gqlgen/graphql", []string{"graph", "guard", "transport", "gen", "cmd", "bench"}},
		{module + "graph", []string{"graph", "cmd", "bench"}},
		{module + "cmd/entente", []string{"bench"}},
	} {
		for name, rule := range rules {
			if rule.allows(never.imported) && !slices.Contains(never.only, name) {
				t.Errorf("the rule %q allows %s; only %v may", name, never.imported, never.only)
			}
		}
	}
	if kg := rules["kg"]; len(kg.Allow) != 1 || kg.Allow[0] != "$gostd" {
		t.Errorf("kg may import %v; it may import the standard library only", kg.Allow)
	}
}

func importRules(t *testing.T) map[string]importRule {
	t.Helper()
	var config struct {
		Linters struct {
			Enable   []string `yaml:"enable"`
			Settings struct {
				Depguard struct {
					Rules map[string]importRule `yaml:"rules"`
				} `yaml:"depguard"`
			} `yaml:"settings"`
		} `yaml:"linters"`
	}
	if err := yaml.Unmarshal([]byte(read(t, ".golangci.yml")), &config); err != nil {
		t.Fatalf("reading .golangci.yml: %v", err)
	}
	rules := config.Linters.Settings.Depguard.Rules
	if len(rules) == 0 || !slices.Contains(config.Linters.Enable, "depguard") {
		t.Fatal(".golangci.yml has no rules for depguard, or does not enable it")
	}
	for name, rule := range rules {
		if rule.Mode != "strict" || !slices.Contains(rule.Files, "!$test") {
			t.Errorf("the rule %q: write list-mode: strict, and \"!$test\" among its files", name)
		}
	}
	return rules
}

// rulesOf returns the names of the rules that speak of a file.
func rulesOf(rules map[string]importRule, file string) []string {
	var names []string
	for name, rule := range rules {
		for _, pattern := range rule.Files {
			if !strings.HasPrefix(pattern, "!") && glob(pattern).MatchString("/"+file) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// glob reads the patterns that the rules use: "**" crosses slashes, "*" does not.
func glob(pattern string) *regexp.Regexp {
	text := regexp.QuoteMeta(pattern)
	text = strings.ReplaceAll(text, `\*\*`, ".*")
	text = strings.ReplaceAll(text, `\*`, "[^/]*")
	return regexp.MustCompile("^" + text + "$")
}

func (r importRule) allows(imported string) bool {
	for _, entry := range r.Allow {
		exact, isExact := strings.CutSuffix(entry, "$")
		switch {
		case entry == "$gostd":
			if isStandard(imported) {
				return true
			}
		case isExact:
			if imported == exact {
				return true
			}
		case strings.HasPrefix(imported, entry):
			return true
		}
	}
	return false
}

// isStandard tells the standard library, whose paths do not begin with a host.
func isStandard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".") && !strings.HasPrefix(imported, module)
}

func importsOf(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, parser.ImportsOnly)
	if err != nil {
		t.Fatalf("reading the imports of %s: %v", file, err)
	}
	var imports []string
	for _, spec := range parsed.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatalf("reading the imports of %s: %v", file, err)
		}
		imports = append(imports, path.Clean(name))
	}
	return imports
}
