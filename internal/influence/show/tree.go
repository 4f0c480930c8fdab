package show

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"entente/internal/influence"
	"entente/internal/kg"
)

func (t *Trace) title() string {
	what := "What " + line(t.Start.ID) + " led to"
	if t.Direction == "UP" {
		what = "What led to " + line(t.Start.ID)
	}
	return fmt.Sprintf("%s, within %s%s", what, counted(t.Depth, "hop", "hops"), t.AsOf.people())
}

func (p *Paths) title() string {
	way := fmt.Sprintf("How %s led to %s", line(p.From.ID), line(p.To.ID))
	if p.Undirected {
		way = fmt.Sprintf("How %s and %s are connected, whichever way influence passes", line(p.From.ID), line(p.To.ID))
	}
	return fmt.Sprintf("%s, within %s%s", way, counted(p.MaxLength, "hop", "hops"), p.AsOf.people())
}

func (a *AsOf) people() string {
	if a == nil {
		return ""
	}
	text := ""
	if a.ValidAt != "" {
		text += ", valid at " + a.ValidAt
	}
	if a.KnownAt != "" {
		text += ", known at " + a.KnownAt
	}
	if a.IncludeUndated {
		text += ", with what has no date"
	}
	return text
}

// tree writes paths one below the other, each from the top to the bottom.
func (p *Paths) tree() string {
	var b strings.Builder
	order := "the strongest first"
	if p.By == "LENGTH" {
		order = "the shortest first"
	}
	switch len(p.Paths) {
	case 0:
		b.WriteString(p.title() + ": no path\n")
	case 1:
		b.WriteString(p.title() + ": 1 path\n")
	default:
		fmt.Fprintf(&b, "%s: %d paths, %s\n", p.title(), len(p.Paths), order)
	}
	for i := range p.Paths {
		path := &p.Paths[i]
		fmt.Fprintf(&b, "\n%d. %s\n", i+1, path.terms())
		indent := strings.Repeat(" ", len(strconv.Itoa(i+1))+2)
		b.WriteString(indent + path.Nodes[0].people() + "\n")
		for j := range path.Hops {
			for _, l := range path.Hops[j].lines(path.Nodes[j].ID) {
				b.WriteString(indent + "  " + l + "\n")
			}
			b.WriteString(indent + path.Nodes[j+1].people() + "\n")
		}
	}
	return end(&b, p.Spent)
}

func end(b *strings.Builder, s Spent) string {
	if cut := s.limit(); cut != "" {
		b.WriteString("\n" + cut + "\n")
	}
	return b.String()
}

// terms writes the score of a path so that it can be recomputed.
func (p *Path) terms() string {
	factors := make([]string, 0, len(p.Hops)+1)
	for i := range p.Hops {
		factors = append(factors, number(p.Hops[i].Strength))
	}
	if n := len(p.Hops) - 1; n == 1 {
		factors = append(factors, number(influence.Decay))
	} else if n > 1 {
		factors = append(factors, fmt.Sprintf("%s^%d", number(influence.Decay), n))
	}
	text := "score " + number(p.Score)
	if len(factors) > 1 {
		text += " = " + strings.Join(factors, " × ")
	}
	text += ", " + counted(p.Length, "hop", "hops")
	if p.Undated {
		text += ", undated"
	}
	if !p.FullyCited {
		text += ", not fully cited"
	}
	return text
}

// lines writes a hop below the node that it is walked from: what is stated, with
// an arrow the way influence passes; the terms of its strength; its evidence.
func (h *Hop) lines(near string) []string {
	arrow := "↓"
	if near != h.From {
		arrow = "↑"
	}
	stated := fmt.Sprintf("%s %s %s %s, %s", arrow, line(h.Edge.From), h.Edge.Type, line(h.Edge.To), h.interval())
	if props := h.properties(); props != "" {
		stated += " (" + props + ")"
	}
	strength := fmt.Sprintf("  strength %s = weight %s × confidence %s × support %s (%s)",
		number(h.Strength), number(h.Weight), number(h.Confidence), number(h.Support), counted(len(h.Sources), "source", "sources"))
	out := []string{stated, strength}
	for _, e := range h.Evidence {
		out = append(out, "  "+e.people())
		if e.Note != nil {
			out = append(out, "    note: "+line(*e.Note))
		}
	}
	return out
}

// properties writes what an edge says besides its dates, which the interval tells.
func (h *Hop) properties() string {
	var parts []string
	for _, p := range h.Edge.props {
		value := fmt.Sprint(p.Value)
		switch v := p.Value.(type) {
		case []string:
			value = strings.Join(v, ", ")
		case string:
			if _, err := kg.ParseEDTF(v); err == nil && !h.Undated {
				continue
			}
		}
		parts = append(parts, p.Name+" "+line(value))
	}
	return strings.Join(parts, "; ")
}

// branch is a node of a trace with those whose best paths go on from its own.
type branch struct {
	rank     int
	reached  *Reached
	known    int // hops of its path that are shown above it
	branches []*branch
}

// tree writes each node that is reached once, below the last node of its path
// that it can be read on from: one whose own best path the way there is.
func (t *Trace) tree() string {
	var b strings.Builder
	shown := ""
	if len(t.Reached) < t.TotalCount {
		shown = fmt.Sprintf(", the best %d shown", len(t.Reached))
	}
	if t.TotalCount == 0 {
		b.WriteString(t.title() + ": nothing\n")
	} else {
		fmt.Fprintf(&b, "%s: %s%s\n", t.title(), counted(t.TotalCount, "node", "nodes"), shown)
	}
	b.WriteString("\n" + t.Start.people() + "\n")
	t.grow(t.branches(), "", &b)
	return end(&b, t.Spent)
}

// branches returns those at the start.
func (t *Trace) branches() []*branch {
	root := &branch{}
	at := map[string]*branch{"": root} // by the edges of their paths, from the start
	for i := range t.Reached {
		at[wayKey(t.outward(&t.Reached[i].Path))] = &branch{rank: i + 1, reached: &t.Reached[i]}
	}
	for i := range t.Reached {
		hops := t.outward(&t.Reached[i].Path)
		own := at[wayKey(hops)]
		for own.known = len(hops) - 1; ; own.known-- {
			if parent := at[wayKey(hops[:own.known])]; parent != nil {
				parent.branches = append(parent.branches, own)
				break
			}
		}
	}
	return root.branches
}

// outward returns the hops of a path from the start of the trace.
func (t *Trace) outward(p *Path) []*Hop {
	hops := make([]*Hop, len(p.Hops))
	for i := range p.Hops {
		hops[i] = &p.Hops[i]
	}
	if t.Direction == "UP" {
		slices.Reverse(hops)
	}
	return hops
}

func wayKey(hops []*Hop) string {
	var b strings.Builder
	for _, h := range hops {
		b.WriteString(h.Edge.ID + "\x00")
	}
	return b.String()
}

func (t *Trace) grow(branches []*branch, indent string, b *strings.Builder) {
	for i, br := range branches {
		fork, below := "├─ ", "│  "
		if i == len(branches)-1 {
			fork, below = "└─ ", "   "
		}
		stem := "   "
		if len(br.branches) > 0 {
			stem = "│  "
		}
		fmt.Fprintf(b, "%s%s%d. %s\n", indent, fork, br.rank, br.reached.Node.people())
		for _, l := range t.details(br) {
			b.WriteString(indent + below + stem + l + "\n")
		}
		t.grow(br.branches, indent+below, b)
	}
}

// details writes the score of a node and the hops that lead to it from the one above.
func (t *Trace) details(br *branch) []string {
	p := &br.reached.Path
	score := p.terms()
	if br.reached.Depth != p.Length {
		score += fmt.Sprintf(" (%d on the shortest way)", br.reached.Depth)
	}
	out := []string{score}
	nodes := slices.Clone(p.Nodes)
	if t.Direction == "UP" {
		slices.Reverse(nodes)
	}
	for i, h := range t.outward(p) {
		if i < br.known {
			continue
		}
		if i > br.known {
			out = append(out, "by way of "+nodes[i].people())
		}
		out = append(out, h.lines(nodes[i].ID)...)
	}
	return out
}
