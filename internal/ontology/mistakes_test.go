package ontology_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"entente/internal/ontology"
)

// base is the least model that is usable.
const base = `
"Anything."
interface Node { "Id." id: ID! }
"Anything with a name."
interface Named implements Node { "Name." name: String! }
"A document."
type Source implements Named @node { "Date." date: EDTF }
`

func read(files map[string]string) (*ontology.Ontology, error) {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return ontology.Read(fsys)
}

// Each case is written from line 1 of case.graphql; what a person reads is checked word for word.
func TestMistakesInTheModel(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"a type that is none", `
"K."
type K @node { "P." p: Strnig }`, []string{
			"case.graphql:3: K.p has the type Strnig; a property is String, ID, Int, Float, Boolean, EDTF, an enum or a kind of the model"}},
		{"an object that is no kind as a type", `
"K."
type K @node { "P." p: Other }
"Other."
type Other { "X." x: String }`, []string{
			"case.graphql:3: K.p has the type Other; a property is String, ID, Int, Float, Boolean, EDTF, an enum or a kind of the model"}},
		{"a list of nodes without an edge", `
"K."
type K @node { "P." p: [Source!]! }`, []string{"case.graphql:3: K.p is a list of nodes; add @edge(type: …, direction: …)"}},
		{"@text on a number", `
"K."
type K @node { "P." p: Int @text }`, []string{"case.graphql:3: K.p: @text is for String only"}},
		{"no descriptions", `
type K @node {
  p: E
  links: [Source!]! @edge(type: "LINKED", direction: OUT, properties: "L")
}
enum E { A }
type L @relation { q: String }`, []string{
			"case.graphql:6: E has no description; say in plain words what it means, above it, in quotes",
			"case.graphql:6: E.A has no description; say in plain words what it means, above it, in quotes",
			"case.graphql:2: K has no description; say in plain words what it means, above it, in quotes",
			"case.graphql:3: K.p has no description; say in plain words what it means, above it, in quotes",
			"case.graphql:4: K.links has no description; say in plain words what it means, above it, in quotes",
			"case.graphql:7: L has no description; say in plain words what it means, above it, in quotes",
			"case.graphql:7: L.q has no description; say in plain words what it means, above it, in quotes",
		}},
		{"a blank description", `
"  "
type K @node { "P." p: Int }`, []string{"case.graphql:3: K has no description; say in plain words what it means, above it, in quotes"}},
		{"declared twice", `
"K."
type K @node { "P." p: Int }
"K again."
type K @node { "P." p: Int }`, []string{`case.graphql:5: K is declared twice; write "extend type K" to add to it`}},
		{"a property declared twice", `
"K."
type K @node {
  "P." p: Int
  "P again." p: Int
}`, []string{"case.graphql:5: K.p is declared twice"}},
		{"an enum's value declared twice", `
"E."
enum E {
  "A." A
  "A." A
}`, []string{"case.graphql:5: E.A is declared twice"}},
		{"extended but not declared", `
extend type K { "P." p: Int }`, []string{"case.graphql:2: K is extended but never declared"}},
		{"extended as something else", `
"K."
type K @node { "P." p: Int }
extend enum K { "A." A }`, []string{"case.graphql:4: K is extended as another sort of type than it is declared"}},
		{"an unknown interface", `
"K."
type K implements Thing @node { "P." p: Int }`, []string{"case.graphql:3: K implements Thing, which is not an interface of the model"}},
		{"a kind as interface", `
"K."
type K implements Source @node { "P." p: Int }`, []string{"case.graphql:3: K implements Source, which is not an interface of the model"}},
		{"interfaces in a circle", `
"A."
interface A implements B { "P." p: Int }
"B."
interface B implements A { "Q." q: Int }
"K."
type K implements A @node { "R." r: Int }`, []string{
			"case.graphql:3: A implements itself by way of B; take one of them out",
			"case.graphql:5: B implements itself by way of A; take one of them out",
		}},
		{"another type than the interface's", `
"K."
type K implements Named @node { "Name." name: [String!]! }`, []string{
			"case.graphql:3: K.name has type [String!]! here and String! in Named; make them the same"}},
		{"another type than in another interface", `
"A."
interface A { "P." p: Int }
"B."
interface B { "P." p: String }
"K."
type K implements A & B @node { "Q." q: Int }`, []string{
			"case.graphql:5: B.p has type String here and Int in A; make them the same"}},
		{"an id that is none", `
"K."
type K @node { "Id." id: String! }`, []string{
			"case.graphql:3: K.id has type String! here and ID! in Node; make them the same"}},
		{"an id that is none in an interface", `
"A."
interface A { "Id." id: String! }`, []string{"case.graphql:3: A.id must be of type ID!"}},
		{"reserved names", `
"K."
type K @node {
  "R." rank: Int
  "F." from: String
  "N." not: Boolean
  "D." end__earliest: String
}`, []string{
			"case.graphql:4: K.rank: the name is reserved; choose another", "case.graphql:5: K.from: the name is reserved; choose another",
			"case.graphql:6: K.not: the name is reserved; choose another", "case.graphql:7: K.end__earliest: the name is reserved; choose another",
		}},
		{"an edge without type or direction", `
"K."
type K @node {
  "A." a: [Source!]! @edge(direction: OUT)
  "B." b: [Source!]! @edge(type: "B")
  "C." c: [Source!]! @edge(type: "C", direction: BOTH)
}`, []string{
			"case.graphql:4: K.a: @edge needs a type and a direction, IN or OUT", "case.graphql:5: K.b: @edge needs a type and a direction, IN or OUT",
			"case.graphql:6: K.c: @edge needs a type and a direction, IN or OUT",
		}},
		{"another edge than the interface's", `
"A."
interface A { "L." l: [Source!]! @edge(type: "L", direction: OUT) }
"K."
type K implements A @node { "L." l: [Source!]! @edge(type: "M", direction: OUT) }`, []string{
			"case.graphql:5: K.l has another @edge here than in A; make them the same"}},
		{"a list of lists", `
"K."
type K @node { "P." p: [[Int!]!]! }`, []string{"case.graphql:3: K.p is a list of lists; write [Int!]!"}},
		{"a mistake that is inherited", `
"A."
interface A { "P." rank: Int }
"K."
type K implements A @node { "Q." q: Int }
"L."
type L implements A @node { "Q." q: Int }`, []string{"case.graphql:3: A.rank: the name is reserved; choose another"}},
		{"a property of a relation declared twice", `
"K."
type K @node { "A." a: [Source!]! @edge(type: "A", direction: OUT, properties: "P") }
"P."
type P @relation {
  "Q." q: Int
  "Q." q: Int
}`, []string{"case.graphql:7: P.q is declared twice"}},
		{"an edge to one", `
"K."
type K @node { "A." a: Source @edge(type: "A", direction: OUT) }`, []string{"case.graphql:3: K.a: an edge leads to a list; write [Source!]!"}},
		{"an edge to nowhere", `
"Of nobody."
interface Empty { "P." p: Int }
"K."
type K @node {
  "A." a: [Nobody!]! @edge(type: "A", direction: OUT)
  "B." b: [Empty!]! @edge(type: "B", direction: OUT)
}`, []string{
			"case.graphql:6: K.a leads to Nobody, which is no kind and no interface that a kind implements",
			"case.graphql:7: K.b leads to Empty, which is no kind and no interface that a kind implements",
		}},
		{"an edge type that is no name", `
"K."
type K @node { "A." a: [Source!]! @edge(type: "GOES TO", direction: OUT) }`, []string{
			`case.graphql:3: K.a: the edge type "GOES TO" must be letters, digits and _, such as SIGNED`}},
		{"different properties", `
"K."
type K @node {
  "A." a: [Source!]! @edge(type: "A", direction: OUT, properties: "P")
  "B." b: [Source!]! @edge(type: "A", direction: OUT)
}
"P."
type P @relation { "Q." q: Int }`, []string{`case.graphql:5: K.b: A has the properties "" here and "P" elsewhere; make them the same`}},
		{"properties that are not declared", `
"K."
type K @node { "A." a: [Source!]! @edge(type: "A", direction: OUT, properties: "P") }`, []string{
			"case.graphql:3: A: the type P with its properties is not declared"}},
		{"properties that are no relation", `
"K."
type K @node { "A." a: [Source!]! @edge(type: "A", direction: OUT, properties: "P") }
"P."
type P { "Q." q: Int }`, []string{"case.graphql:5: P holds the properties of A; add @relation to it"}},
		{"edges of an edge", `
"K."
type K @node { "A." a: [Source!]! @edge(type: "A", direction: OUT, properties: "P") }
"P."
type P @relation { "Q." q: [Source!]! @edge(type: "Q", direction: OUT) }`, []string{
			"case.graphql:5: P.q: the properties of a relation have no edges of their own"}},
		{"a key that is no property", `
"K."
type K @node { "A." a: [Source!]! @edge(type: "A", direction: OUT, properties: "P") }
"P."
type P @relation(key: ["q", "r", "s"]) {
  "Q." q: Int
  "R." r: [Int!]!
}`, []string{
			`case.graphql:5: P: the key "r" is not a single-valued property of it`, `case.graphql:5: P: the key "s" is not a single-valued property of it`}},
		{"weights and influence", `
"K."
type K @node {
  "A." a: [Source!]! @edge(type: "A", direction: OUT, properties: "A0")
  "B." b: [Source!]! @edge(type: "B", direction: OUT, properties: "B0")
  "C." c: [Source!]! @edge(type: "C", direction: OUT, properties: "C0")
}
"A." type A0 @relation(weight: 0) { "Q." q: Int }
"B." type B0 @relation(weight: 1.01) { "Q." q: Int }
"C." type C0 @relation(influence: BOTH, weight: "NaN") { "Q." q: Int }`, []string{
			`case.graphql:8: A0: weight is a number above 0 and at most 1, not "0"`, `case.graphql:9: B0: weight is a number above 0 and at most 1, not "1.01"`,
			`case.graphql:10: C0: influence is NONE, TO_SOURCE or TO_TARGET, not "BOTH"`,
			`case.graphql:10: C0: weight is a number above 0 and at most 1, not "NaN"`,
		}},
		{"an order in time that is neither", `
"K."
type K @node {
  "A." a: [Source!]! @edge(type: "A", direction: OUT, properties: "A0")
  "B." b: [Source!]! @edge(type: "B", direction: OUT, properties: "B0")
}
"A." type A0 @relation(chronological: "yes") { "Q." q: Int }
"B." type B0 @relation(chronological: TRUE) { "Q." q: Int }`, []string{
			`case.graphql:7: A0: chronological is true or false, not "yes"`, `case.graphql:8: B0: chronological is true or false, not "TRUE"`,
		}},
		{"the same plural", `
"K."
type Ox @node(plural: "sources") { "P." p: Int }`, []string{`base.graphql:7: Source and Ox have the same plural "sources"; give one @node(plural: …)`}},
		{"a kind that is no name", `
"K."
type K__L @node { "P." p: Int }`, []string{"case.graphql:3: K__L: a kind's name is letters and digits"}},
		{"names that differ in case only", `
"K."
type K @node(plural: "ks") {
  "P." end: Int
  "P." End: Int
  "A." a: [Source!]! @edge(type: "Made", direction: OUT)
  "B." b: [Source!]! @edge(type: "MADE", direction: OUT, properties: "P")
}
"K."
type k @node(plural: "others") { "P." p: Int }
"P."
type P @relation { "Q." q: Int "Q." Q: Int }`, []string{
			"case.graphql:5: K.end and K.End differ in case only; rename one of them", "case.graphql:12: P.q and P.Q differ in case only; rename one of them",
			"case.graphql:10: K and k differ in case only; rename one of them", "case.graphql:6: MADE and Made differ in case only; rename one of them",
		}},
		{"names that the generated code has", `
"K."
type K implements Named @node {
  "C." cohort: Int
  "I." isNode: Boolean
  "I." is_named: Boolean
  "E." Evidence: Int
  "H." home: Source
  "H." homeID: String
  "N." not: [Source!]! @edge(type: "N", direction: OUT)
  "S." source: [Source!]! @edge(type: "S", direction: OUT, properties: "P")
}
"P."
type P @relation { "I." isAssertion: Boolean "R." RANK: Int }`, []string{
			"case.graphql:4: K.cohort: the name is reserved; choose another", "case.graphql:5: K.isNode: the name is reserved; choose another",
			"case.graphql:6: K.is_named: the name is reserved; choose another", "case.graphql:7: K.Evidence: the name is reserved; choose another",
			"case.graphql:10: K.not: the name is reserved; choose another",
			"case.graphql:14: P.isAssertion: the name is reserved; choose another", "case.graphql:14: P.RANK: the name is reserved; choose another",
			"case.graphql:9: K.homeID is what the id of K.home is called in the generated code; rename it",
		}},
		{"names that differ in underscores", `
"K."
type K @node {
  "C." created_at: EDTF
  "C." createdAt: EDTF
  "M." madeOf: Source
  "M." made_of: [Source!]! @edge(type: "MADE_OF", direction: OUT, properties: "P")
  "M." parts: [Source!]! @edge(type: "MadeOf", direction: OUT)
  "E." e: E
}
"P."
type P @relation { "A." a_b: Int "A." aB: Int }
"E."
enum E { "A." A_B "A." AB }
"K."
type K_ @node(plural: "others") { "X." x: Int }`, []string{
			"case.graphql:14: E.A_B and E.AB differ in underscores and case only; rename one of them",
			"case.graphql:5: K.created_at and K.createdAt differ in underscores and case only; rename one of them",
			"case.graphql:7: K.madeOf and K.made_of differ in underscores and case only; rename one of them",
			"case.graphql:12: P.a_b and P.aB differ in underscores and case only; rename one of them",
			"case.graphql:16: K and K_ differ in underscores and case only; rename one of them",
			"case.graphql:8: MADE_OF and MadeOf differ in underscores and case only; rename one of them",
		}},
		{"a plural that is no name", `
"K."
type K @node(plural: "my people") { "P." p: Int }`, []string{`case.graphql:3: K: the plural "my people" must be letters and digits`}},
		{"several mistakes at once", `
"K."
type K @node {
  "A." a: Nothing
  "B." rank: Int
}`, []string{
			"case.graphql:4: K.a has the type Nothing; a property is String, ID, Int, Float, Boolean, EDTF, an enum or a kind of the model",
			"case.graphql:5: K.rank: the name is reserved; choose another",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o, err := read(map[string]string{"base.graphql": base, "case.graphql": c.text})
			if err == nil || o != nil {
				t.Fatalf("gives %v and the error %v, want\n%s", o, err, strings.Join(c.want, "\n"))
			}
			head, body, _ := strings.Cut(err.Error(), "\n")
			if head != "the model is not usable:" {
				t.Errorf("the message begins with %q", head)
			}
			if diff := cmp.Diff(c.want, strings.Split(body, "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnusableModels(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"no files":     {map[string]string{"readme.md": "x"}, "the model has no *.graphql files"},
		"no syntax":    {map[string]string{"base.graphql": base, "case.graphql": "type K @node {"}, "reading the model: case.graphql:1:15: Expected Name, found <EOF>"},
		"no Source":    {map[string]string{"a.graphql": `"K." type K @node { "Id." id: ID! "Name." name: String! }`}, "the model is not usable:\nmodel: the model needs the kind Source, which evidence refers to"},
		"no name":      {map[string]string{"a.graphql": `"S." type Source @node { "Id." id: ID! "Name." name: String }`}, "the model is not usable:\na.graphql:1: Source needs a field name: String!"},
		"no id":        {map[string]string{"a.graphql": `"S." type Source @node { "Name." name: String! }`}, "the model is not usable:\na.graphql:1: Source needs a field id: ID!; or write \"implements Node\""},
		"in a folder":  {map[string]string{"deep/a.graphql": base}, "the model has no *.graphql files"},
		"an empty one": {map[string]string{"a.graphql": ""}, "the model is not usable:\nmodel: the model needs the kind Source, which evidence refers to"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(c.files)
			if err == nil || err.Error() != c.want {
				t.Errorf("gives the error\n%v\nwant\n%s", err, c.want)
			}
		})
	}
}
