package sqlite

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entente/internal/kg"
	"entente/internal/store"
)

// A filter that lets few through, all far from where the page begins, is still
// answered whole: the walk in the order of the page gives up, and the filter is served first.
func TestMatchesFarFromTheStart(t *testing.T) {
	s := newStore(t, smallModel(t, townModel))
	const towns, matches, limit = 3000, 40, 7
	var b store.Batch
	var want []string
	for i := range towns {
		n := town(fmt.Sprintf("t%04d", i), kg.Property{Name: "size", Value: int64(i)})
		b.Nodes = append(b.Nodes, n)
		if i >= towns-matches {
			want = append(want, n.ID)
		}
	}
	apply(t, s, b)
	q := store.NodeQuery{
		Kinds: []string{"Town"}, Where: kg.Compare{Property: "size", Op: kg.OpGte, Value: int64(towns - matches)},
		Order: []kg.SortKey{{Property: "name"}}, Page: kg.Page{Limit: limit}, Count: true,
	}
	for _, backward := range []bool{false, true} {
		q.Page = kg.Page{Limit: limit, Backward: backward}
		var got []string
		for more := true; more; {
			page, err := s.Find(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if page.Count != matches {
				t.Errorf("the count is %d, want %d", page.Count, matches)
			}
			var ids []string
			for _, n := range page.Nodes {
				ids = append(ids, n.ID)
			}
			more = page.More
			if backward {
				got = slices.Concat(ids, got)
				first := page.Position(0)
				q.Page.Before = &first
			} else {
				got = slices.Concat(got, ids)
				last := page.Position(len(ids) - 1)
				q.Page.After = &last
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("backward %t: %s", backward, diff)
		}
	}
}

func TestEvidenceIsKept(t *testing.T) {
	for _, text := range []string{
		"", "plain", `"`, `\`, `\"`, `","`, `["a","b"]`, "a\nb\tc", "<b>&amp;</b>", "\u2028\u2029", "日本 \U0001f600", "\x01\x1f\x7f",
	} {
		want := []kg.Evidence{
			{Source: "s" + text, Locator: text, Basis: kg.Stated, Confidence: kg.High, Rank: kg.Normal, Note: text},
			{Source: "t", Basis: kg.Inferred, Confidence: kg.Low, Rank: kg.Deprecated, Note: text + text},
		}
		column, err := encodeEvidence(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := decodeEvidence(column)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
	for _, damaged := range []string{`["a"]`, `["\"`, `["\x"]`} {
		if got, err := decodeEvidence(damaged); err == nil {
			t.Errorf("%s is read as %v", damaged, got)
		}
	}
}
