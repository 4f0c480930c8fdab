package ingest

// link is an edge between two nodes, which are numbered from 0.
type link struct{ from, to int }

// cyclesOf finds cycles among the links that are not gone: each is a list of
// positions in links, in the order in which they follow each other. No two cycles
// share a link, none passes a node twice, and every cycle there is shares a link
// with one of them: without their links there is none. It takes time in
// proportion to nodes and links, and depends on their order alone.
//
// It walks along links that it has not taken yet. Where it meets its own path, it
// has found a cycle, and goes on from before it; where it can go no further, it
// takes one step back. A link that is stepped back over is on no cycle of links
// that are left.
func cyclesOf(nodes int, links []link, gone []bool) [][]int {
	w := cycleWalk{links: links, left: linksByNode(nodes, links, gone), place: make([]int, nodes)}
	for start := range nodes {
		w.from(start)
	}
	return w.cycles
}

type cycleWalk struct {
	links  []link
	left   [][]int // by node, the links from it that were not taken yet
	path   []int   // of links
	place  []int   // by node, the place in path of the link that leaves it, from 1; 0: it is not on the path
	cycles [][]int
}

func (w *cycleWalk) from(node int) {
	for {
		if len(w.left[node]) == 0 {
			w.place[node] = 0
			last := len(w.path) - 1
			if last < 0 {
				return
			}
			node, w.path = w.links[w.path[last]].from, w.path[:last]
			continue
		}
		next := w.left[node][0]
		w.left[node] = w.left[node][1:]
		w.path = append(w.path, next)
		w.place[node] = len(w.path)
		node = w.links[next].to
		if first := w.place[node]; first > 0 {
			w.close(first - 1)
		}
	}
}

// close takes what the path has from a place on for a cycle.
func (w *cycleWalk) close(first int) {
	cycle := append([]int(nil), w.path[first:]...)
	for _, l := range cycle {
		w.place[w.links[l].from] = 0
	}
	w.path = w.path[:first]
	w.cycles = append(w.cycles, cycle)
}

// linksByNode sorts links by the nodes they leave, within one array.
func linksByNode(nodes int, links []link, gone []bool) [][]int {
	count := make([]int, nodes)
	for _, l := range links {
		count[l.from]++
	}
	all, lists := make([]int, len(links)), make([][]int, nodes)
	for node, n := range count {
		lists[node], all = all[:0:n], all[n:]
	}
	for i, l := range links {
		if !gone[i] {
			lists[l.from] = append(lists[l.from], i)
		}
	}
	return lists
}
