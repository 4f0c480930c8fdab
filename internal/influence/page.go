package influence

import (
	"cmp"
	"encoding/json"
	"slices"

	"entente/internal/kg"
)

// Position returns the place of a node in a trace, from which a cursor is made.
func (r Reached) Position() kg.Position {
	return kg.Position{Keys: []any{rounded(r.Path.Score)}, ID: r.ID}
}

// Page returns the part of a trace that a page asks for, and whether there is
// more in the direction of paging.
func (t *Trace) Page(p kg.Page) (window []Reached, more bool, err error) {
	window = t.Reached
	if p.After != nil {
		i, err := t.place(p.After, true)
		if err != nil {
			return nil, false, err
		}
		window = window[i:]
	}
	if p.Before != nil {
		i, err := t.place(p.Before, false)
		if err != nil {
			return nil, false, err
		}
		window = window[:max(0, i-(len(t.Reached)-len(window)))]
	}
	if len(window) <= p.Limit {
		return window, false, nil
	}
	if p.Backward {
		return window[len(window)-p.Limit:], true, nil
	}
	return window[:p.Limit], true, nil
}

// place returns how many nodes come before a position, the one at it included where asked for.
func (t *Trace) place(at *kg.Position, including bool) (int, error) {
	bad := kg.Invalid("pass on a cursor exactly as it was returned", "the cursor does not fit a trace")
	if len(at.Keys) != 1 {
		return 0, bad
	}
	score, ok := at.Keys[0].(float64)
	if number, isNumber := at.Keys[0].(json.Number); isNumber {
		var err error
		score, err = number.Float64()
		ok = err == nil
	}
	if !ok {
		return 0, bad
	}
	i, found := slices.BinarySearchFunc(t.Reached, at.ID, func(r Reached, id string) int {
		return cmp.Or(cmp.Compare(score, rounded(r.Path.Score)), cmp.Compare(r.ID, id))
	})
	if found && including {
		i++
	}
	return i, nil
}
