package kg_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entente/internal/kg"
)

func TestEdgeID(t *testing.T) {
	for _, c := range []struct {
		parts []string
		want  string
	}{
		{[]string{"ENDORSED", "NZL", "christchurch-call", "CONVENER"}, "ENDORSED:NZL:christchurch-call:CONVENER"},
		{[]string{"PART_OF", "a", "b"}, "PART_OF:a:b"},
		{[]string{"LINKED", "a", "b", "", ""}, "LINKED:a:b::"},
		{[]string{"LINKED", "a:b", "50%", "x y/é"}, "LINKED:a%3Ab:50%25:x y/é"},
		{[]string{"LINKED", "a%3Ab", "b"}, "LINKED:a%253Ab:b"},
	} {
		if got := kg.EdgeID(c.parts[0], c.parts[1], c.parts[2], c.parts[3:]...); got != c.want {
			t.Errorf("EdgeID(%q) = %q, want %q", c.parts, got, c.want)
		}
	}
}

// Two different edges of a type never share an id, whatever their ends and keys hold.
func TestEdgeIDsAreApart(t *testing.T) {
	part := rapid.StringOfN(rapid.SampledFrom([]rune("ab:%235A")), 0, 5, -1)
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOfN(part, 2, 4).Draw(t, "one")
		b := rapid.SliceOfN(part, 2, 4).Draw(t, "other")
		same := kg.EdgeID("T", a[0], a[1], a[2:]...) == kg.EdgeID("T", b[0], b[1], b[2:]...)
		if same != slices.Equal(a, b) {
			t.Fatalf("%q and %q have the ids %q and %q", a, b, kg.EdgeID("T", a[0], a[1], a[2:]...), kg.EdgeID("T", b[0], b[1], b[2:]...))
		}
	})
	rapid.Check(t, func(t *rapid.T) { // and an id can be read back
		parts := rapid.SliceOfN(part, 2, 4).Draw(t, "parts")
		var back []string
		for _, p := range strings.Split(kg.EdgeID("T", parts[0], parts[1], parts[2:]...), ":")[1:] {
			back = append(back, strings.ReplaceAll(strings.ReplaceAll(p, "%3A", ":"), "%25", "%"))
		}
		if diff := cmp.Diff(parts, back); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestProps(t *testing.T) {
	p := kg.Props{{Name: "b", Value: int64(1)}, {Name: "a", Value: "x"}, {Name: "B", Value: []string{"y"}}}
	p.Sort()
	want := kg.Props{{Name: "B", Value: []string{"y"}}, {Name: "a", Value: "x"}, {Name: "b", Value: int64(1)}}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Error(diff)
	}
	if p.Get("a") != "x" || p.Get("c") != nil || p.Get("") != nil || kg.Props(nil).Get("a") != nil {
		t.Error("Get finds the wrong value")
	}
	if !p.Equal(want) || p.Equal(want[:2]) || p.Equal(nil) || !kg.Props(nil).Equal(kg.Props{}) {
		t.Error("Equal compares wrongly")
	}
}

func TestValueEqual(t *testing.T) {
	values := []any{
		nil, "", "a", "A", int64(0), int64(1), 0.0, 1.0, false, true, []string{"a"}, []string{"a", "b"}, []string{"b", "a"}, []string{},
		[]int64{1}, []int64{0}, []float64{1}, []float64{0}, []bool{true}, []bool{false},
	}
	for i, a := range values {
		for j, b := range values {
			if kg.ValueEqual(a, b) != (i == j) {
				t.Errorf("%#v and %#v: equal is %v", a, b, i != j)
			}
		}
	}
}

func TestSteps(t *testing.T) {
	e := &kg.Edge{From: "a", To: "b"}
	for _, c := range []struct {
		direction kg.Direction
		near, far string
	}{{kg.Out, "a", "b"}, {kg.In, "b", "a"}} {
		s := kg.Step{Type: "T", Direction: c.direction}
		if s.Near(e) != c.near || s.Far(e) != c.far {
			t.Errorf("a step of direction %d leads from %s to %s, want from %s to %s", c.direction, s.Near(e), s.Far(e), c.near, c.far)
		}
	}
}
