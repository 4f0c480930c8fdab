package guard

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

const testSchema = `
type Query { things(first: Int, last: Int): Things! thing: Thing plain: [String!]! }
type Things { nodes: [Thing!]! pageInfo: PageInfo! totalCount: Int! }
type PageInfo { hasNextPage: Boolean! }
type Thing { id: ID! things(first: Int): Things! notes: [Thing!]! }`

// The cost of an operation is the number of values it may ask for.
func TestCosts(t *testing.T) {
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: testSchema})
	if err != nil {
		t.Fatal(err)
	}
	costs := &Costs{Schema: schema, DefaultPage: 50, MaxPage: 1000, Price: func(f *ast.Field, _ map[string]any) (int, int) {
		if f.Name == "thing" {
			return 100, 1
		}
		return 0, 0
	}}
	for query, want := range map[string]int{
		`{ __typename }`:                           1,
		`{ plain }`:                                1 + 3,
		`{ thing { id } }`:                         1 + 100 + 1,
		`{ thing { notes { id } } }`:               1 + 100 + 1 + 3,
		`{ things { totalCount } }`:                1 + 1,
		`{ things { nodes { id } } }`:              1 + 1 + 50,
		`{ things(first: 7) { nodes { id } }}`:     1 + 1 + 7,
		`{ things(last: 7) { nodes { id } } }`:     1 + 1 + 7,
		`{ things(first: 5000) { nodes { id } } }`: 1 + 1 + 1000,
		`{ things(first: 0) { nodes { id } } }`:    1 + 1 + 1,
		`{ things(first: null) { nodes { id } } }`: 1 + 1 + 50,
		`{ things(first: 2) { nodes { things(first: 3) { nodes { id } } } } }`: 1 + 1 + 2*(1+1+3),
		`{ a: things(first: 2) { ...F } b: things(first: 3) { ...F } }` +
			` fragment F on Things { nodes { id } pageInfo { hasNextPage } }`: (1 + 1 + 2 + 2) + (1 + 1 + 3 + 2),
		`query($n: Int = 4) { things(first: $n) { nodes { id } } }`: 1 + 1 + 4,
	} {
		doc, errs := gqlparser.LoadQueryWithRules(schema, query, rules.NewDefaultRules())
		if errs != nil {
			t.Fatalf("%s: %v", query, errs)
		}
		vars := map[string]any{}
		if strings.Contains(query, "$n") {
			vars["n"] = int64(4)
		}
		if got := costs.Of(doc.Operations[0], vars); got != want {
			t.Errorf("%s costs %d, want %d", query, got, want)
		}
	}
}

// Whatever is sent, checking it ends, and what passes can be validated and priced.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{
		"{ plain }", "{ ...F } fragment F on Query { ...F }", "query($n: Int = 1) { things(first: $n) { nodes { id @skip(if: true) } } }",
		"{ ...A ...A } fragment A on Query { ...B ...B } fragment B on Query { thing { notes { notes { id } } } }",
		"{ things(first: 99999999999) { nodes { ... on Thing { a: id } } } }", "fragment F on Query { plain } fragment F on Query { plain }",
	} {
		f.Add(s)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: testSchema})
	if err != nil {
		f.Fatal(err)
	}
	costs := &Costs{Schema: schema, DefaultPage: 50}
	f.Fuzz(func(t *testing.T, text string) {
		doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, 1000)
		if err != nil || DefaultLimits().Check(doc) != nil {
			return
		}
		valid, errs := gqlparser.LoadQueryWithRules(schema, text, rules.NewDefaultRules())
		if errs != nil {
			return
		}
		for _, op := range valid.Operations {
			if cost := costs.Of(op, nil); cost < 1 || cost > enough {
				t.Errorf("%q costs %d", text, cost)
			}
		}
	})
}
