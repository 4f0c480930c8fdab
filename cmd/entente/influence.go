package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"entente/internal/config"
	"entente/internal/influence"
	"entente/internal/influence/show"
	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// influenceFlags are what trace and paths have in common.
type influenceFlags struct {
	Format string `help:"Form of the answer: tree, to read; json; csv, one row for each hop; graphml or dot (Graphviz), to draw." enum:"tree,json,csv,graphml,dot" default:"tree"`

	Types          []string           `help:"Only edges of these types, such as CITED,RESPONDED_TO." placeholder:"TYPE"`
	Kinds          []string           `help:"Only over nodes of these kinds, such as Incident,Initiative." placeholder:"KIND"`
	Confidence     string             `help:"Only evidence of this confidence or more counts: HIGH, MEDIUM or LOW." enum:"HIGH,MEDIUM,LOW," default:"" placeholder:"LEVEL"`
	Sources        []string           `help:"Only evidence from these sources counts, by id." placeholder:"ID"`
	Weight         map[string]float64 `help:"Another weight for a type of edges, such as CITED=0.5, above 0 to 1. Can be repeated." placeholder:"TYPE=NUMBER"`
	WithoutNodes   []string           `help:"Take these nodes away, by id." placeholder:"ID"`
	WithoutSources []string           `help:"Take these sources away, by id. An edge goes with its last source." placeholder:"ID"`
	WithoutTypes   []string           `help:"Take all edges of these types away." placeholder:"TYPE"`

	ValidAt        string `help:"The graph as it was on this date: 2019, 2019-11 or 2019-11-12; its last day counts." placeholder:"DATE"`
	KnownAt        string `help:"The graph as sources had told of it by this date; its last day counts." placeholder:"DATE"`
	IncludeUndated bool   `help:"With --valid-at or --known-at: also what has no date that tells."`

	MaxNodes int           `help:"How many nodes to visit at most; 20000 where left out." placeholder:"N"`
	MaxEdges int           `help:"How many edges to read at most; 100000 where left out." placeholder:"N"`
	MaxTime  time.Duration `help:"How long to look at most, such as 2s; 5s where left out." placeholder:"DURATION"`

	config.Store
}

// formatsHelp is what the help of both commands says at its end.
const formatsHelp = `The score of a path is 0.8^(L-1) times the strengths of its L hops; the strength of a hop is
weight × confidence × support, with a confidence of 1, 0.6 or 0.2 (high, medium, low) and a support of 1 - 0.5^n
for n sources. In CSV, a text that begins with = + - @ gets a ' in front, so that no spreadsheet takes it for a formula.`

// graphView is an engine over the graph as the flags see it.
type graphView struct {
	*influence.Engine
	view store.View
}

// ask opens the store, looks up all that is named, and calls answer.
func (f *influenceFlags) ask(ctx context.Context, m *Main, ends, others []string, answer func(*graphView) error) (err error) {
	view, err := f.view()
	if err != nil {
		return err
	}
	if f.MaxNodes < 0 || f.MaxEdges < 0 || f.MaxTime < 0 {
		return kg.Invalid("use a limit above 0, or leave it out", "--max-nodes, --max-edges or --max-time is below 0")
	}
	st, err := openToAsk(ctx, f.Store, m.upgraded)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if err := checkNodes(ctx, st, slices.Concat(ends, others, f.Sources, f.WithoutNodes, f.WithoutSources)); err != nil {
		return err
	}
	seen, err := store.At(ctx, st.Store, st.Ontology, view)
	if err != nil {
		return err
	}
	if err := checkSeen(ctx, seen, ends, view); err != nil {
		return err
	}
	return answer(&graphView{Engine: &influence.Engine{Store: seen, Ontology: st.Ontology}, view: view})
}

func (f *influenceFlags) view() (store.View, error) {
	v := store.View{Undated: f.IncludeUndated}
	var err error
	if v.ValidAt, err = lastDay("--valid-at", f.ValidAt); err != nil {
		return v, err
	}
	if v.KnownAt, err = lastDay("--known-at", f.KnownAt); err != nil {
		return v, err
	}
	if v.Undated && v.ValidAt == "" && v.KnownAt == "" {
		return v, kg.Invalid("give a date too, or leave it out", "--include-undated stands without --valid-at and --known-at")
	}
	return v, nil
}

// lastDay is the day that a date stands for; empty where none is given.
func lastDay(flag, given string) (string, error) {
	if given == "" {
		return "", nil
	}
	date, err := kg.ParseEDTF(given)
	if err != nil {
		return "", kg.Invalid(kg.EDTFRemedy, "%s: %v", flag, err)
	}
	_, last := date.Bounds()
	return last, nil
}

func (f *influenceFlags) rules(o *ontology.Ontology) (influence.Rules, error) {
	r := influence.Rules{
		Confidence: kg.Confidence(f.Confidence), Sources: f.Sources,
		Without: influence.Removal{Nodes: f.WithoutNodes, Sources: f.WithoutSources},
	}
	types := relationTypes(o)
	var err error
	if r.Kinds, err = pick("--kinds", f.Kinds, o.KindNames()); err != nil {
		return r, err
	}
	if r.Types, err = pick("--types", f.Types, types); err != nil {
		return r, err
	}
	if r.Without.Types, err = pick("--without-types", f.WithoutTypes, types); err != nil {
		return r, err
	}
	for typ, weight := range f.Weight {
		names, err := pick("--weight", []string{typ}, types)
		if err != nil {
			return r, err
		}
		if r.Weights == nil {
			r.Weights = map[string]float64{}
		}
		r.Weights[names[0]] = weight
	}
	return r, nil
}

func relationTypes(o *ontology.Ontology) []string {
	types := make([]string, len(o.Relations))
	for i, rel := range o.Relations {
		types[i] = rel.Type
	}
	return types
}

// pick finds the names that are given, in whatever case, among those of the model.
func pick(flag string, given, names []string) ([]string, error) {
	var picked []string
	for _, g := range given {
		i := slices.IndexFunc(names, func(name string) bool { return strings.EqualFold(name, g) })
		if i < 0 {
			return nil, kg.Invalid("use one of "+strings.Join(names, ", "), "%s: there is no %q in the model", flag, g)
		}
		picked = append(picked, names[i])
	}
	return picked, nil
}

func (f *influenceFlags) budget() influence.Budget {
	return influence.Budget{Nodes: f.MaxNodes, Edges: f.MaxEdges, Time: f.MaxTime}
}

// print writes the answer, and says on standard error how to get more of one
// that was cut short. The exit code stays 0: what there is, is right.
func (f *influenceFlags) print(m *Main, answer interface {
	Write(io.Writer, show.Format) error
}, cut influence.Limit) error {
	if err := answer.Write(m.Stdout, show.Format(f.Format)); err != nil {
		return fmt.Errorf("printing the answer: %w", err)
	}
	if cut != influence.None {
		_, _ = fmt.Fprintf(m.Stderr, "entente: the answer was cut short by the limit %s; %sask for less: fewer --types, a smaller depth or length\n", cut, raise(cut))
	}
	return nil
}

// raise names the flag of a limit; there is none for steps.
func raise(cut influence.Limit) string {
	flag := map[influence.Limit]string{influence.Nodes: "--max-nodes", influence.Edges: "--max-edges", influence.Time: "--max-time"}[cut]
	if flag == "" {
		return ""
	}
	return "raise " + flag + ", or "
}
