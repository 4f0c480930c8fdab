package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"entente/internal/kg"
	"entente/internal/store"
)

// checkNodes refuses the first id that no node has, with those it may stand for.
func checkNodes(ctx context.Context, st store.Store, ids []string) error {
	found, err := st.Nodes(ctx, ids)
	if err != nil {
		return fmt.Errorf("looking up %s: %w", strings.Join(ids, ", "), err)
	}
	for _, id := range ids {
		if found[id] == nil {
			return unknown(ctx, st, id)
		}
	}
	return nil
}

// checkSeen refuses the first node that is there, but not in a view.
func checkSeen(ctx context.Context, seen store.Store, ids []string, v store.View) error {
	found, err := seen.Nodes(ctx, ids)
	if err != nil {
		return fmt.Errorf("looking up %s: %w", strings.Join(ids, ", "), err)
	}
	for _, id := range ids {
		if found[id] == nil {
			return &kg.Error{
				Code:    kg.CodeNotFound,
				Message: fmt.Sprintf("the node %s is not in the graph%s", id, ofView(v)),
				Remedy:  "choose a later date, or add --include-undated to see what has no date that tells",
			}
		}
	}
	return nil
}

func ofView(v store.View) string {
	text := ""
	if v.ValidAt != "" {
		text += " valid at " + v.ValidAt
	}
	if v.KnownAt != "" {
		text += " known at " + v.KnownAt
	}
	return text
}

func unknown(ctx context.Context, st store.Store, id string) error {
	e := &kg.Error{Code: kg.CodeNotFound, Message: fmt.Sprintf("there is no node %q in the store", id)}
	near, err := nearIDs(ctx, st, id)
	if err != nil {
		return err
	}
	e.Remedy = "look for its id with a search in the playground, or in the id columns of the CSV files"
	if len(near) > 0 {
		e.Remedy = "did you mean " + strings.Join(near, " or ") + "?"
	}
	return e
}

// nearIDs searches for the words of an id, then for how they begin, and returns
// the ids of what is found that are most like it, three at most.
func nearIDs(ctx context.Context, st store.Store, id string) ([]string, error) {
	words, err := store.Terms(id)
	if err != nil { // nothing to search for
		return nil, nil //nolint:nilerr // an id without letters is near to none
	}
	for _, letters := range []int{len(id), 3, 2} {
		var found []string
		for _, word := range words {
			begin := []rune(word)
			page, err := st.Search(ctx, store.SearchQuery{Text: string(begin[:min(letters, len(begin))]), Page: kg.Page{Limit: 100}})
			if err != nil {
				return nil, fmt.Errorf("searching for what is like %q: %w", id, err)
			}
			for _, hit := range page.Hits {
				found = append(found, hit.Node.ID)
			}
		}
		if near := nearest(id, found); len(near) > 0 {
			return near, nil
		}
	}
	return nil, nil
}

// nearest orders ids by how many letters they differ from another, or from what
// begins with it; those that have less than half in common with it are left out.
func nearest(id string, ids []string) []string {
	asked := []rune(strings.ToLower(id))
	whole := func(other string) int { return levenshtein.ComputeDistance(string(asked), strings.ToLower(other)) }
	distance := func(other string) int {
		letters := []rune(strings.ToLower(other))
		begin := letters[:min(len(asked), len(letters))]
		return min(whole(other), 1+levenshtein.ComputeDistance(string(asked), string(begin)))
	}
	slices.Sort(ids)
	ids = slices.DeleteFunc(slices.Compact(ids), func(other string) bool { return distance(other) > len(asked)/2 })
	slices.SortStableFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(distance(a), distance(b)), cmp.Compare(whole(a), whole(b)))
	})
	return ids[:min(3, len(ids))]
}
