package ontology_test

import (
	"testing"

	"entente/internal/ontology"
	"entente/schema"
)

func TestBundledModelIsRead(t *testing.T) {
	o, err := ontology.Read(schema.Model())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"State", "Organisation", "Person", "Initiative", "Principle", "Meeting", "Statement", "Incident", "Source", "Figure"} {
		if o.Kind(name) == nil {
			t.Errorf("the model lacks the kind %s", name)
		}
	}
	for _, typ := range []string{
		"ENDORSED", "ATTENDED", "CONVENED", "MEMBER_OF", "HELD_OFFICE", "REPRESENTED", "PART_OF", "SET_OUT", "ADOPTED_AT",
		"INTRODUCED_AT", "HIGHLIGHTED_AT", "RESPONDED_TO", "CITED", "MADE", "MENTIONED", "ABOUT", "FIGURE_OF",
	} {
		if o.Relation(typ) == nil {
			t.Errorf("the model lacks the relation %s", typ)
		}
	}
}
