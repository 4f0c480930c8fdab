package store_test

import (
	"math"
	"strings"
	"testing"

	"entente/internal/kg"
	"entente/internal/store"
	"entente/internal/store/storetest"
)

// What a person reads when a question is refused.
func TestMessagesAboutQuestions(t *testing.T) {
	o := storetest.Model(t)
	linked := kg.Step{Type: "LINKED"}
	for want, q := range map[string]store.NodeQuery{
		`a query for nodes names no kind; name at least one kind`:   {},
		`there is no kind "Person"; use a kind of the model`:        {Kinds: []string{"Person"}},
		`Thing has no property "speed"; use a property of the kind`: {Kinds: []string{"Thing"}, Where: kg.Compare{Property: "speed", Op: kg.OpEq, Value: "x"}},
		`the property "value" has different types in [Group Tool]; ask one kind at a time`: {
			Kinds: []string{"Group", "Tool"}, Where: kg.Compare{Property: "value", Op: kg.OpIsNull, Value: true}},
		`live cannot be compared with "lt"; use an operator that fits the type`: {
			Kinds: []string{"Thing"}, Where: kg.Compare{Property: "live", Op: kg.OpLt, Value: true}},
		`isNull on count has the value 1; give isNull true or false`: {Kinds: []string{"Thing"}, Where: kg.Compare{Property: "count", Op: kg.OpIsNull, Value: 1}},
		`end: "soon" is not a date in EDTF: year "soon": needs 4 digits; ` + kg.EDTFRemedy: {
			Kinds: []string{"Thing"}, Where: kg.Compare{Property: "end", Op: kg.OpLt, Value: "soon"}},
		`comparing count (Int) eq: a value of type string does not fit`: {Kinds: []string{"Thing"}, Where: kg.Compare{Property: "count", Op: kg.OpEq, Value: "1"}},
		`comparing count (Int) in: a value of type []string does not fit`: {
			Kinds: []string{"Thing"}, Where: kg.Compare{Property: "count", Op: kg.OpIn, Value: []string{"1"}}},
		`size cannot be NaN; write a finite number`: {Kinds: []string{"Thing"}, Where: kg.Compare{Property: "size", Op: kg.OpIn, Value: []float64{1, math.NaN()}}},
		`remark has the character U+0000: "\x00"; take the character out`: {
			Kinds: []string{"Thing"}, Where: kg.Compare{Property: "remark", Op: kg.OpContains, Value: "\x00"}},
		`a filter on a far node stands outside a list of edges; filter the node itself`: {Kinds: []string{"Thing"}, Where: kg.Far{}},
		`there is no edge "SELECT" on [Group]; use a relation of the model`: {
			Kinds: []string{"Group"}, Where: kg.Edges{Step: kg.Step{Type: "SELECT"}, Op: kg.OpGte, N: 1}},
		`a number of edges cannot be -1; use 0 or more`: {Kinds: []string{"Thing"}, Where: kg.Edges{Step: linked, Op: kg.OpGte, N: -1}},
		`a number of edges cannot be compared with "in"; use eq, lt, lte, gt or gte`: {
			Kinds: []string{"Thing"}, Where: kg.Edges{Step: linked, Op: kg.OpIn}},
		`a filter by kind stands on an edge; put it on the node`: {
			Kinds: []string{"Thing"}, Where: kg.Edges{Step: linked, Op: kg.OpGte, N: 1, Where: kg.Kinds{"Thing"}}},
		`a filter over edges stands on an edge; put it on the node`: {
			Kinds: []string{"Thing"}, Where: kg.Edges{Step: linked, Op: kg.OpGte, N: 1, Where: kg.Edges{Step: linked, Op: kg.OpGte, N: 1}}},
		`LINKED has no property "count"; use a property of the relation`: {
			Kinds: []string{"Thing"}, Where: kg.Edges{Step: linked, Op: kg.OpGte, N: 1, Where: kg.Compare{Property: "count", Op: kg.OpEq, Value: int64(1)}}},
		`words is a list and has no order; order by a single value`: {Kinds: []string{"Thing"}, Order: []kg.SortKey{{Property: "words"}}},
		`a page of -1 records; ask for 0 or more`:                   {Kinds: []string{"Thing"}, Page: kg.Page{Limit: -1}},
		`the cursor does not fit the order of the list; pass on a cursor exactly as it was returned`: {
			Kinds: []string{"Thing"}, Page: kg.Page{Before: &kg.Position{Keys: []any{nil}}}},
	} {
		if _, err := store.PlanFind(o, q); err == nil || err.Error() != want {
			t.Errorf("%+v gives the error\n%v\nwant\n%s", q, err, want)
		}
	}
}

// What a person reads when a batch is refused.
func TestMessagesAboutBatches(t *testing.T) {
	o := storetest.Model(t)
	thing := func(id string, props ...kg.Property) *kg.Node {
		n := &kg.Node{ID: id, Kind: "Thing", Props: append(kg.Props{{Name: "name", Value: "n"}, {Name: "order", Value: int64(0)}}, props...)}
		n.Props.Sort()
		return n
	}
	link := func(to string, props ...kg.Property) *kg.Edge {
		return &kg.Edge{ID: "LINKED:a:" + to + ":LEAD:", Type: "LINKED", From: "a", To: to, Props: append(kg.Props{{Name: "role", Value: "LEAD"}}, props...)}
	}
	sourced := func(e kg.Evidence) *kg.Node {
		n := thing("b")
		n.Evidence = []kg.Evidence{e}
		return n
	}
	unsorted := thing("b")
	unsorted.Props[0], unsorted.Props[1] = unsorted.Props[1], unsorted.Props[0]
	for want, b := range map[string]store.Batch{
		`node has an empty id; give it an id`:                               {Nodes: []*kg.Node{thing("")}},
		`node "b": there is no kind "Person"; use a kind of the model`:      {Nodes: []*kg.Node{{ID: "b", Kind: "Person"}}},
		`node b: there is no property "speed"; use a property of the model`: {Nodes: []*kg.Node{thing("b", kg.Property{Name: "speed", Value: "x"})}},
		`node b: count cannot be 2147483648; an Int lies between -2147483648 and 2147483647; use Float for more`: {
			Nodes: []*kg.Node{thing("b", kg.Property{Name: "count", Value: int64(math.MaxInt32 + 1)})}},
		`node b: count cannot be 1; an Int lies between -2147483648 and 2147483647; use Float for more`: {
			Nodes: []*kg.Node{thing("b", kg.Property{Name: "count", Value: "1"})}},
		`node b: size cannot be +Inf; write a finite number`:                                     {Nodes: []*kg.Node{thing("b", kg.Property{Name: "size", Value: math.Inf(1)})}},
		`node b: size cannot be 1; write a number`:                                               {Nodes: []*kg.Node{thing("b", kg.Property{Name: "size", Value: int64(1)})}},
		`node b: live cannot be yes; write true or false`:                                        {Nodes: []*kg.Node{thing("b", kg.Property{Name: "live", Value: "yes"})}},
		`node b: remark cannot be ""; write a text that is not empty, or leave the property out`: {Nodes: []*kg.Node{thing("b", kg.Property{Name: "remark", Value: ""})}},
		`node b: remark has bytes that are not UTF-8: "\xff"; write the text in UTF-8`:           {Nodes: []*kg.Node{thing("b", kg.Property{Name: "remark", Value: "\xff"})}},
		`node b: colour cannot be "PINK"; use a value of Colour`:                                 {Nodes: []*kg.Node{thing("b", kg.Property{Name: "colour", Value: "PINK"})}},
		`node b: end: "soon" is not a date in EDTF: year "soon": needs 4 digits; ` + kg.EDTFRemedy: {
			Nodes: []*kg.Node{thing("b", kg.Property{Name: "end", Value: "soon"})}},
		`node b: words is an empty list; leave the property out`: {Nodes: []*kg.Node{thing("b", kg.Property{Name: "words", Value: []string{}})}},
		`node b: words is a list and cannot be string`:           {Nodes: []*kg.Node{thing("b", kg.Property{Name: "words", Value: "x"})}},
		`node b: properties are not sorted by name`:              {Nodes: []*kg.Node{unsorted}},
		`node b: order is missing; give it a value`:              {Nodes: []*kg.Node{{ID: "b", Kind: "Thing", Props: kg.Props{{Name: "name", Value: "n"}}}}},
		`node b: a piece of evidence has no source; name the source`: {
			Nodes: []*kg.Node{sourced(kg.Evidence{Basis: kg.Stated, Confidence: kg.High, Rank: kg.Normal})}},
		`node b: the basis of evidence cannot be "SAID"; use STATED or INFERRED`: {
			Nodes: []*kg.Node{sourced(kg.Evidence{Source: "s", Basis: "SAID", Confidence: kg.High, Rank: kg.Normal})}},
		`node b: the confidence of evidence cannot be ""; use HIGH, MEDIUM or LOW`: {
			Nodes: []*kg.Node{sourced(kg.Evidence{Source: "s", Basis: kg.Stated, Rank: kg.Normal})}},
		`node b: the rank of evidence cannot be "FIRST"; use PREFERRED, NORMAL or DEPRECATED`: {
			Nodes: []*kg.Node{sourced(kg.Evidence{Source: "s", Basis: kg.Stated, Confidence: kg.Low, Rank: "FIRST"})}},
		`node "a" is a Thing and cannot become a Tool; give one of them another id`:                                  {Nodes: []*kg.Node{{ID: "a", Kind: "Tool", Props: thing("a").Props}}},
		`edge "x": there is no relation "KNOWS"; use a relation of the model`:                                        {Edges: []*kg.Edge{{ID: "x", Type: "KNOWS"}}},
		`edge "x" should have the id "LINKED:a:a::"; derive the id from the edge`:                                    {Edges: []*kg.Edge{{ID: "x", Type: "LINKED", From: "a", To: "a"}}},
		`edge "LINKED:a:c:LEAD:": there is no node "c"; add the node first, or in the same batch`:                    {Edges: []*kg.Edge{link("c")}},
		`edge "LINKED:a:t:LEAD:": LINKED does not lead from a Thing to a Tool; see the relation's ends in the model`: {Edges: []*kg.Edge{link("t")}},
		`edge LINKED:a:a:LEAD:: times cannot be x; an Int lies between -2147483648 and 2147483647; use Float for more`: {
			Edges: []*kg.Edge{link("a", kg.Property{Name: "times", Value: "x"})}},
		`edge LINKED:a:a::: role is missing; give it a value`:                                  {Edges: []*kg.Edge{{ID: "LINKED:a:a::", Type: "LINKED", From: "a", To: "a"}}},
		`the id of node "` + strings.Repeat("x", 60) + `…" is too long; use at most 500 bytes`: {Nodes: []*kg.Node{thing(strings.Repeat("x", 501))}},
	} {
		stored := store.Stored{
			Nodes: map[string]*kg.Node{"a": thing("a")}, Kinds: map[string]string{"a": "Thing", "t": "Tool"},
		}
		if c, err := store.Resolve(o, b, stored); err == nil || err.Error() != want || c != nil {
			t.Errorf("gives %v and the error\n%v\nwant\n%s", c, err, want)
		}
	}
}

// An engine that has nothing stored may say so with nothing.
func TestResolveOverNothing(t *testing.T) {
	c, err := store.Resolve(storetest.Model(t), store.Batch{Nodes: []*kg.Node{{ID: "s", Kind: "Source", Props: kg.Props{{Name: "name", Value: "n"}}}}}, store.Stored{})
	if err != nil || len(c.CreateNodes) != 1 || len(c.UpdateNodes) != 0 || c.Applied.Nodes[0] != store.Created {
		t.Errorf("gives %+v and the error %v", c, err)
	}
}
