package graph

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"entente/graph/model"
	"entente/internal/guard"
	"entente/internal/kg"
	"entente/loaders"
)

// pageArgs are the arguments of a Relay connection.
type pageArgs struct {
	first  *int32
	after  *string
	last   *int32
	before *string
}

// page checks the arguments against the Relay specification and decodes the
// cursors, which must belong to the list with that hash.
func (a pageArgs) page(ctx context.Context, hash string) (kg.Page, error) {
	p := kg.Page{Limit: DefaultPage}
	if a.first != nil && a.last != nil {
		return p, kg.Invalid("give one of them: first to page forward, last to page backward", "both first and last are given")
	}
	for name, n := range map[string]*int32{"first": a.first, "last": a.last} {
		if n == nil {
			continue
		}
		if *n < 0 {
			return p, kg.Invalid("ask for 0 or more", "%s is %d", name, *n)
		}
		if most := guard.LimitsIn(ctx).Page; most > 0 && int(*n) > most {
			return p, guard.Exceeded(guard.CodePage, int(*n), most, "ask for less and page on with a cursor", "%s asks for %d rows", name, *n)
		}
		p.Limit = int(*n)
	}
	p.Backward = a.last != nil
	var err error
	if p.After, err = position(hash, a.after); err != nil {
		return p, err
	}
	p.Before, err = position(hash, a.before)
	return p, err
}

func position(hash string, cursor *string) (*kg.Position, error) {
	if cursor == nil {
		return nil, nil
	}
	return kg.DecodeCursor(hash, *cursor)
}

// listHash identifies a list by its field, filter and order.
func listHash(field string, where map[string]any, orderBy []map[string]any) string {
	if len(where) == 0 {
		where = nil // as if left out
	}
	shape, err := json.Marshal([]any{where, orderBy}) // maps are written in the order of their keys
	if err != nil {                                   // cannot happen: they came from JSON
		return field
	}
	return kg.QueryHash(field, string(shape))
}

// listing makes what a page needs besides its records.
func listing(sel selection, cohort *loaders.Cohort, hash string, page kg.Page, n int, more bool, count int, at func(int) kg.Position) model.Listing {
	cursor := func(i int) string { return kg.EncodeCursor(hash, at(i)) }
	info := &model.PageInfo{HasNextPage: more, HasPreviousPage: page.After != nil}
	if page.Backward {
		info.HasNextPage, info.HasPreviousPage = page.Before != nil, more
	}
	if n > 0 && sel.pageInfo {
		first, last := cursor(0), cursor(n-1)
		info.StartCursor, info.EndCursor = &first, &last
	}
	if !sel.cursors {
		cursor = func(int) string { return "" } // not asked for, and not free
	}
	return model.Listing{Cohort: cohort, PageInfo: info, TotalCount: int32(count), Cursor: cursor}
}

// selection tells which costly parts of a connection a query asks for.
type selection struct{ totalCount, pageInfo, cursors bool }

func selected(ctx context.Context) selection {
	oc := graphql.GetOperationContext(ctx)
	field := graphql.GetFieldContext(ctx).Field
	// Fragments on the connection's own type count as well.
	fields := graphql.CollectFields(oc, field.Selections, []string{field.Definition.Type.Name()})
	sel := selection{totalCount: has(fields, "totalCount"), pageInfo: has(fields, "pageInfo")}
	for _, f := range fields {
		if f.Name == "edges" {
			sel.cursors = sel.cursors || hasIn(oc, f.Selections, "cursor")
		}
	}
	return sel
}

func has(fields []graphql.CollectedField, name string) bool {
	return slices.ContainsFunc(fields, func(f graphql.CollectedField) bool { return f.Name == name })
}

// hasIn reports whether a field is selected, on whatever type: a fragment on
// an interface counts.
func hasIn(oc *graphql.OperationContext, sel ast.SelectionSet, name string) bool {
	for _, s := range sel {
		switch s := s.(type) {
		case *ast.Field:
			if s.Name == name {
				return true
			}
		case *ast.InlineFragment:
			if hasIn(oc, s.SelectionSet, name) {
				return true
			}
		case *ast.FragmentSpread:
			if d := oc.Doc.Fragments.ForName(s.Name); d != nil && hasIn(oc, d.SelectionSet, name) {
				return true
			}
		}
	}
	return false
}
