package graph

import (
	"testing"

	"entente/graph/model"
)

// gqlgen puts enum values into maps as pointers where they may be left out.
func TestSortDirectionIsRead(t *testing.T) {
	for _, direction := range []model.SortDirection{model.SortDirectionAsc, model.SortDirectionDesc} {
		for _, given := range []any{direction, &direction} {
			key, err := reader{}.sortKey(shape{}, map[string]any{"name": given})
			if err != nil || key.Desc != (direction == model.SortDirectionDesc) {
				t.Errorf("%T of %s: got %+v, %v", given, direction, key, err)
			}
		}
	}
}
