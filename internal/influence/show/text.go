package show

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"entente/internal/kg"
)

func unique(ids []string) []string {
	sorted := slices.Clone(ids)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

// list is never nil, so that JSON has [] and not null.
func list(values []string) []string { return append([]string{}, values...) }

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// known returns nil for a text that is empty, which JSON shows as null.
func known(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// value is the other way about.
func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// text returns a property of a node that is a text; empty where there is none.
func text(n *kg.Node, property string) string {
	s, _ := n.Props.Get(property).(string)
	return s
}

// line makes one line of a text that may hold anything. What could command a
// terminal, or turn the direction of writing, becomes a space.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// number rounds for people; JSON, CSV and GraphML have all digits.
func number(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }

func exact(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", many)
}

// interval writes the days of a hop as a date where it is one, else as an
// interval with .. for an open end.
func (h *Hop) interval() string {
	if h.Undated {
		return "undated"
	}
	from, to := or(value(h.Earliest), ".."), or(value(h.Latest), "..")
	if from == to {
		return from
	}
	for _, n := range []int{len("2019"), len("2019-11")} {
		if len(from) < n || len(to) < n || from[:n] != to[:n] {
			continue
		}
		if first, last := kg.EDTF(from[:n]).Bounds(); first == from && last == to {
			return from[:n]
		}
	}
	return from + "/" + to
}

// people writes a node as people see it: its name, and what to look it up by.
func (n Node) people() string {
	if n.Kind == "" {
		return line(n.ID)
	}
	return fmt.Sprintf("%s (%s %s)", line(n.Name), n.Kind, line(n.ID))
}

// people writes a passage in one line: who says it, when, where, and how far to trust it.
func (e Evidence) people() string {
	parts := []string{line(e.Source.Name)}
	for _, part := range []string{value(e.Source.Publisher), or(value(e.Source.Date), "no date"), value(e.Locator)} {
		if part != "" {
			parts = append(parts, line(part))
		}
	}
	trust := fmt.Sprintf(" [%s, %s confidence", strings.ToLower(e.Basis), strings.ToLower(e.Confidence))
	if e.Rank == string(kg.Deprecated) {
		trust += ", deprecated"
	}
	return strings.Join(parts, ", ") + trust + "]"
}

func (h *Hop) passages() []string {
	var out []string
	for _, e := range h.Evidence {
		out = append(out, e.people())
	}
	return out
}
