package store_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entente/internal/store"
)

func TestSortGroups(t *testing.T) {
	for name, want := range map[string][]store.Group{
		"numbers":  {{Value: int64(9), Count: 3}, {Count: 2}, {Value: int64(-10), Count: 1}, {Value: int64(2), Count: 1}, {Value: int64(10), Count: 1}},
		"unknown":  {{Value: "z", Count: 1}, {Value: nil, Count: 1}},
		"texts":    {{Value: "A", Count: 1}, {Value: "a", Count: 1}, {Value: "\uffff", Count: 1}, {Value: "😀", Count: 1}, {Count: 1}},
		"Booleans": {{Value: false, Count: 2}, {Value: true, Count: 2}, {Count: 2}},
		"floats":   {{Value: -1e308, Count: 1}, {Value: 0.5, Count: 1}, {Value: 10.0, Count: 1}},
		"nothing":  {},
	} {
		for range 20 {
			got := append([]store.Group{}, want...)
			rand.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
			store.SortGroups(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}
