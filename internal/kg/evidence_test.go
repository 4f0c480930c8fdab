package kg_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"entente/internal/kg"
)

func TestMergeEvidence(t *testing.T) {
	piece := func(source, locator, note string) kg.Evidence {
		return kg.Evidence{Source: source, Locator: locator, Note: note, Basis: kg.Stated}
	}
	older := []kg.Evidence{piece("s", "1", "old"), piece("t", "", "old"), piece("t", "", "twice")}
	newer := []kg.Evidence{piece("u", "", "new"), piece("s", "2", "new"), {Source: "s", Locator: "1", Basis: kg.Inferred}, piece("S", "", "first"), piece("S", "", "last")}
	want := []kg.Evidence{piece("S", "", "last"), {Source: "s", Locator: "1", Basis: kg.Inferred}, piece("s", "2", "new"), piece("t", "", "twice"), piece("u", "", "new")}
	if diff := cmp.Diff(want, kg.MergeEvidence(older, newer)); diff != "" {
		t.Error(diff)
	}
	if len(kg.MergeEvidence(nil, nil)) != 0 {
		t.Error("nothing and nothing make something")
	}
}

// Merging is what a map by source and locator would do, in order, and leaves its input alone.
func TestMergeEvidenceIsAUnion(t *testing.T) {
	pieces := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) kg.Evidence {
		text := rapid.SampledFrom([]string{"", "a", "b", "\uffff", "😀"})
		return kg.Evidence{Source: text.Draw(t, "source"), Locator: text.Draw(t, "locator"), Note: text.Draw(t, "note")}
	}), 0, 8)
	rapid.Check(t, func(t *rapid.T) {
		older, newer := pieces.Draw(t, "older"), pieces.Draw(t, "newer")
		olderBefore, newerBefore := slices.Clone(older), slices.Clone(newer)
		merged := kg.MergeEvidence(older, newer)
		if !slices.Equal(older, olderBefore) || !slices.Equal(newer, newerBefore) {
			t.Fatal("the input was changed")
		}
		byPassage := map[[2]string]kg.Evidence{}
		for _, e := range append(olderBefore, newerBefore...) {
			byPassage[[2]string{e.Source, e.Locator}] = e
		}
		got := map[[2]string]kg.Evidence{}
		for i, e := range merged {
			got[[2]string{e.Source, e.Locator}] = e
			if i > 0 && kg.CompareEvidence(merged[i-1], e) >= 0 {
				t.Fatalf("%v is not in order", merged)
			}
		}
		if diff := cmp.Diff(byPassage, got); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(merged, kg.MergeEvidence(merged, newer), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("merging again changes something:\n%s", diff)
		}
	})
}
