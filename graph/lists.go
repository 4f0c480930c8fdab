package graph

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"entente/graph/model"
	"entente/internal/guard"
	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/loaders"
)

// one reads a node of one kind by id; nil where there is none of that kind.
func one[T model.Named](ctx context.Context, r *Resolver, id string) (T, error) {
	var none T
	found, err := r.read(ctx, []string{id})
	if err != nil || found.ByID[id] == nil {
		return none, err
	}
	node, ok := model.NewNode(found.ByID[id], found.Cohort).(T)
	if !ok {
		return none, nil
	}
	return node, nil
}

// read gets nodes by id, as a cohort.
func (r *Resolver) read(ctx context.Context, ids []string) (*loaders.Nodes, error) {
	byID, err := r.store(ctx).Nodes(ctx, ids)
	if err != nil {
		return nil, err
	}
	nodes := make([]*kg.Node, 0, len(byID))
	for _, id := range ids {
		if n := byID[id]; n != nil {
			nodes = append(nodes, n)
		}
	}
	return &loaders.Nodes{ByID: byID, Cohort: loaders.New(r.store(ctx), nodes, nil)}, nil
}

// list answers a root list of one kind.
func list[C any](ctx context.Context, r *Resolver, kind string, args pageArgs, where map[string]any, orderBy []map[string]any,
	build func(*store.NodePage, model.Listing) *C,
) (*C, error) {
	in := reader{r.Ontology}
	hash := listHash(kind, where, orderBy)
	page, err := args.page(ctx, hash)
	if err != nil {
		return nil, err
	}
	filter, err := in.filter(in.nodeShape(kind), where)
	if err != nil {
		return nil, err
	}
	order, err := in.order(in.nodeShape(kind), orderBy)
	if err != nil {
		return nil, err
	}
	sel := selected(ctx)
	found, err := r.store(ctx).Find(ctx, store.NodeQuery{
		Kinds: []string{kind}, Where: filter, Order: order, Page: page, Count: sel.totalCount,
	})
	if err != nil {
		return nil, err
	}
	if err := guard.Spend(ctx, len(found.Nodes)); err != nil {
		return nil, err
	}
	cohort := loaders.New(r.store(ctx), found.Nodes, nil)
	return build(found, listing(sel, cohort, hash, page, len(found.Nodes), found.More, found.Count, found.Position)), nil
}

// related answers an edge field of one node, together with its whole cohort.
func related[C any](ctx context.Context, r *Resolver, cohort *loaders.Cohort, id, owner, field string, args pageArgs,
	where map[string]any, orderBy []map[string]any, build func(*store.EdgePage, model.Listing) *C,
) (*C, error) {
	in := reader{r.Ontology}
	f := r.edgeField(owner, field)
	if f == nil {
		return nil, fmt.Errorf("the model has no edge field %s.%s: run go generate", owner, field)
	}
	hash := listHash(owner+"."+field, where, orderBy)
	page, err := args.page(ctx, hash)
	if err != nil {
		return nil, err
	}
	filter, err := in.filter(edgeShape(f), where)
	if err != nil {
		return nil, err
	}
	order, err := in.order(edgeShape(f), orderBy)
	if err != nil {
		return nil, err
	}
	sel := selected(ctx)
	level, err := cohort.Expand(ctx, fmt.Sprint(hash, page.Limit, page.Backward, cursorText(args), sel.totalCount), r.Ontology.KindsOf(owner),
		store.ExpandQuery{Step: f.Step, Kinds: r.Ontology.KindsOf(f.Target), Where: filter, Order: order, Page: page, Count: sel.totalCount})
	if err != nil {
		return nil, err
	}
	found := level.Pages[id]
	if err := guard.Spend(ctx, len(found.Items)); err != nil {
		return nil, err
	}
	return build(found, listing(sel, level.Cohort, hash, page, len(found.Items), found.More, found.Count, found.Position)), nil
}

func cursorText(args pageArgs) string {
	text := ""
	for _, c := range []*string{args.after, args.before} {
		if c != nil {
			text += *c
		}
		text += "|"
	}
	return text
}

func (r *Resolver) edgeField(owner, field string) *ontology.EdgeField {
	for _, f := range (reader{r.Ontology}).nodeShape(owner).fields {
		if f.Name == field {
			return f
		}
	}
	return nil
}

// reference answers a property that holds the id of a node.
func reference[T model.Named](ctx context.Context, _ *Resolver, cohort *loaders.Cohort, property, id string) (T, error) {
	var none T
	if id == "" {
		return none, nil
	}
	found, err := cohort.References(ctx, property)
	if err != nil || found.ByID[id] == nil {
		return none, err
	}
	node, _ := model.NewNode(found.ByID[id], found.Cohort).(T) // none of that type: nothing
	return node, nil
}

// grouped answers the counts of one kind by a property, named by its enum value.
func grouped(ctx context.Context, r *Resolver, kind, by string, where map[string]any) ([]*model.PropertyGroup, error) {
	in := reader{r.Ontology}
	filter, err := in.filter(in.nodeShape(kind), where)
	if err != nil {
		return nil, err
	}
	for _, p := range r.Ontology.Kind(kind).Properties {
		if ontology.EnumName(p.Name) == by {
			by = p.Name
			break
		}
	}
	groups, err := r.store(ctx).Group(ctx, store.GroupQuery{Kinds: []string{kind}, Where: filter, By: by})
	if err != nil {
		return nil, err
	}
	out := make([]*model.PropertyGroup, len(groups))
	for i, g := range groups {
		out[i] = &model.PropertyGroup{Value: valueText(g.Value), Count: int32(min(g.Count, math.MaxInt32))}
	}
	return out, nil
}

func valueText(v any) *string {
	var text string
	switch v := v.(type) {
	case nil:
		return nil
	case float64:
		text = strconv.FormatFloat(v, 'f', -1, 64)
	default:
		text = fmt.Sprint(v)
	}
	return &text
}
