package influence

import (
	"cmp"
	"maps"
	"slices"
)

// within leaves the hops that lie on some way of at most so many hops from one
// node to another, in the order of their edges' ids.
func within(all map[string]map[string]*Hop, from, to string, length int) map[string][]*Hop {
	ahead := map[string][]string{}
	back := map[string][]string{}
	for near, hops := range all {
		for _, h := range hops {
			far := h.other(near)
			ahead[near] = append(ahead[near], far)
			back[far] = append(back[far], near)
		}
	}
	start, end := distances(ahead, from), distances(back, to)
	left := map[string][]*Hop{}
	for near, hops := range all {
		d, reached := start[near]
		if !reached || near == to {
			continue
		}
		for _, h := range hops {
			rest, leads := end[h.other(near)]
			if leads && h.other(near) != from && d+1+rest <= length {
				left[near] = append(left[near], h)
			}
		}
		slices.SortFunc(left[near], func(a, b *Hop) int { return cmp.Compare(a.Edge.ID, b.Edge.ID) })
	}
	return left
}

// distances returns the number of steps from a node to each that can be reached.
func distances(steps map[string][]string, from string) map[string]int {
	d := map[string]int{from: 0}
	for frontier := []string{from}; len(frontier) > 0; {
		var next []string
		for _, near := range frontier {
			for _, far := range steps[near] {
				if _, seen := d[far]; !seen {
					d[far] = d[near] + 1
					next = append(next, far)
				}
			}
		}
		frontier = next
	}
	return d
}

// nearsOf returns the nodes that hops are walked from, ordered.
func nearsOf(hops map[string][]*Hop) []string { return slices.Sorted(maps.Keys(hops)) }
