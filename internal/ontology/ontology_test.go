package ontology_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"entente/internal/kg"
	"entente/internal/ontology"
)

const sample = `
"Someone who acts."
interface Actor implements Named {
  "Calls." backed: [Initiative!]! @edge(type: "BACKED", direction: OUT, properties: "Backing")
}
"A state."
type State implements Actor @node { "Code." code: ID! "Sizes." sizes: [Float!]! }
"A person."
type Person implements Actor @node(plural: "people") { "Home." home: State "Mood." mood: Mood }
"A call."
type Initiative implements Named @node {
  "Who." backedBy: [Actor!]! @edge(type: "BACKED", direction: IN, properties: "Backing")
  "Others." cites: [Initiative!]! @edge(type: "CITES", direction: OUT)
  "Earlier ones." renews: [Initiative!]! @edge(type: "RENEWS", direction: OUT, properties: "Renewal")
}
"A body."
type Body @node { "Text." text: String! @text "Whole." flag: Boolean "Ordinal." ordinal: Int! }
extend type Body { "Since." since: EDTF }
"Backing."
type Backing @relation(key: ["role"], influence: TO_SOURCE, weight: 0.8) { "Role." role: String! "Since." since: EDTF }
"Renewal."
type Renewal @relation(chronological: true) { "Since." since: EDTF }
"Moods."
enum Mood { "Good." GOOD "Bad." BAD }
"For directives only."
enum Inner @internal { "X." X }
`

func sampleModel(t *testing.T) *ontology.Ontology {
	t.Helper()
	o, err := read(map[string]string{"base.graphql": base, "sample.graphql": sample})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestKindsAndInterfaces(t *testing.T) {
	o := sampleModel(t)
	equal(t, "kinds", o.KindNames(), []string{"Body", "Initiative", "Person", "Source", "State"})
	equal(t, "kinds of an interface", o.KindsOf("Actor"), []string{"Person", "State"})
	equal(t, "kinds of a kind", o.KindsOf("State"), []string{"State"})
	equal(t, "kinds of nothing", o.KindsOf("Mood"), []string(nil))
	equal(t, "every kind is named", o.KindsOf("Named"), o.KindNames())
	plurals := map[string]string{}
	for _, k := range o.Kinds {
		plurals[k.Name] = k.Plural
	}
	equal(t, "plurals", plurals, map[string]string{
		"Body": "bodies", "Initiative": "initiatives", "Person": "people", "Source": "sources", "State": "states",
	})
	equal(t, "interfaces", o.Kind("Person").Implements, []string{"Actor", "Named", "Node"})
	if o.Kind("Actor") != nil || o.Kind("") != nil || o.Interface("State") != nil || o.Relation("BACK") != nil || o.Enum("Inner") != nil {
		t.Error("something is found under a wrong name")
	}
}

func TestProperties(t *testing.T) {
	o := sampleModel(t)
	equal(t, "of a kind", o.Kind("Body").Properties, []*ontology.Property{
		{Name: "name", Description: "Name.", Type: ontology.String, TypeName: "String", Required: true},
		{Name: "text", Description: "Text.", Type: ontology.String, TypeName: "String", Required: true, Text: true},
		{Name: "flag", Description: "Whole.", Type: ontology.Boolean, TypeName: "Boolean"},
		{Name: "ordinal", Description: "Ordinal.", Type: ontology.Int, TypeName: "Int", Required: true},
		{Name: "since", Description: "Since.", Type: ontology.EDTF, TypeName: "EDTF"},
	})
	equal(t, "an id", o.Kind("State").Property("code").Type, ontology.ID)
	equal(t, "a list", o.Kind("State").Property("sizes"), &ontology.Property{
		Name: "sizes", Description: "Sizes.", Type: ontology.Float, TypeName: "Float", List: true, Required: true,
	})
	equal(t, "a reference", o.Kind("Person").Property("home").Type, ontology.Ref)
	equal(t, "an enum", o.Kind("Person").Property("mood").TypeName, "Mood")
	equal(t, "values", o.Enum("Mood"), &ontology.Enum{
		Name: "Mood", Description: "Moods.", Values: []ontology.EnumValue{{Name: "GOOD", Description: "Good."}, {Name: "BAD", Description: "Bad."}},
	})
	if !o.Enum("Mood").Has("BAD") || o.Enum("Mood").Has("bad") || o.Enum("Mood").Has("") {
		t.Error("the enum has the wrong values")
	}
	if o.Kind("Body").Property("id") != nil || o.Interface("Named").Property("name") == nil || o.Relation("CITES").Property("role") != nil {
		t.Error("a property is found where there is none, or not where there is one")
	}
}

func TestRelations(t *testing.T) {
	o := sampleModel(t)
	backed, cites := o.Relation("BACKED"), o.Relation("CITES")
	equal(t, "ends", backed.Ends(), [][2]string{{"Person", "Initiative"}, {"State", "Initiative"}})
	equal(t, "ends of itself", cites.Ends(), [][2]string{{"Initiative", "Initiative"}})
	if !backed.Joins("State", "Initiative") || backed.Joins("Initiative", "State") || backed.Joins("Body", "Initiative") {
		t.Error("the relation joins the wrong kinds")
	}
	equal(t, "key", backed.Key, []string{"role"})
	equal(t, "influence", []any{backed.Influence, backed.Weight, cites.Influence, cites.Weight}, []any{ontology.ToSource, 0.8, ontology.NoInfluence, 0.5})
	equal(t, "chronological", []bool{backed.Chronological, cites.Chronological, o.Relation("RENEWS").Chronological}, []bool{false, false, true})
	equal(t, "description of its properties", backed.Description, "Backing.")
	equal(t, "description of its field", cites.Description, "Others.")
	for _, c := range []struct {
		step       kg.Step
		near, want []string
	}{
		{kg.Step{Type: "BACKED"}, nil, []string{"Initiative"}},
		{kg.Step{Type: "BACKED", Direction: kg.In}, nil, []string{"Person", "State"}},
		{kg.Step{Type: "BACKED", Direction: kg.In}, []string{"Initiative", "Body"}, []string{"Person", "State"}},
		{kg.Step{Type: "BACKED", Direction: kg.In}, []string{"Body"}, nil},
		{kg.Step{Type: "BACKED"}, []string{"Initiative"}, nil},
		{kg.Step{Type: "NOTHING"}, nil, nil},
	} {
		equal(t, "far kinds", o.FarKinds(c.step, c.near), c.want)
	}
	field := o.Kind("State").Fields[0]
	equal(t, "an inherited field", []any{field.Owner, field.Name, field.Step, field.Target, field.Relation == backed},
		[]any{"Actor", "backed", kg.Step{Type: "BACKED"}, "Initiative", true})
}

func TestEnumName(t *testing.T) {
	for name, want := range map[string]string{"name": "NAME", "stakeholderGroup": "STAKEHOLDER_GROUP", "State": "STATE", "asOf": "AS_OF", "": ""} {
		equal(t, name, ontology.EnumName(name), want)
	}
}
