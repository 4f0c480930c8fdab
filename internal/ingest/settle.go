package ingest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// nodesComplete is called when all files of nodes have been read. From then on
// a claim that the folder does not meet can be settled by asking the store.
func (x *references) nodesComplete(ctx context.Context) error {
	x.complete = true
	if err := x.checkStored(ctx); err != nil {
		return err
	}
	return x.settle(ctx)
}

// checkStored rejects nodes whose ids the store has for nodes of other kinds.
func (x *references) checkStored(ctx context.Context) error {
	if x.r.opts.Known == nil || x.r.opts.Stored != nil { // compareStored does it then
		return nil
	}
	ids := slices.Sorted(maps.Keys(x.declared))
	for part := range slices.Chunk(ids, askedAtOnce) {
		kinds, err := x.r.opts.Known(ctx, part)
		if err != nil {
			return fmt.Errorf("asking the store for nodes: %w", err)
		}
		for _, id := range part {
			x.checkKind(id, kinds[id])
		}
	}
	return nil
}

// checkKind rejects a node that is of another kind in the store.
func (x *references) checkKind(id, stored string) {
	d := x.declared[id]
	if stored == "" || stored == d.kind {
		return
	}
	p := place{file: d.file, line: int(d.line), row: int(d.row), column: colID, value: shorten(id)}
	x.r.rejectPlace(p, &fault{
		"the store has a node of kind " + stored + " with the same id",
		"give this one another id; ids are one space over all kinds",
	})
}

// settleMany settles the claims once there are many of them.
func (x *references) settleMany(ctx context.Context) error {
	if len(x.pending) < pendingClaims || !x.complete {
		return nil
	}
	return x.settle(ctx)
}

// settle checks all claims that were put off.
func (x *references) settle(ctx context.Context) error {
	if err := x.ask(ctx); err != nil {
		return err
	}
	for _, c := range x.pending {
		x.check(c)
	}
	x.pending = x.pending[:0]
	return nil
}

// ask finds out about the nodes of the claims that only the store can have.
func (x *references) ask(ctx context.Context) error {
	if x.r.opts.Known == nil {
		return nil
	}
	missing := map[string]bool{}
	for _, c := range x.pending {
		for _, e := range c.ends {
			_, asked := x.stored[e.id]
			if x.declared[e.id].kind == "" && !asked {
				missing[e.id] = true
			}
		}
	}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(missing)), askedAtOnce) {
		kinds, err := x.r.opts.Known(ctx, part)
		if err != nil {
			return fmt.Errorf("asking the store for nodes: %w", err)
		}
		for _, id := range part {
			x.stored[id] = kinds[id]
		}
	}
	return nil
}

func (x *references) kindOf(id string) string {
	if kind := x.declared[id].kind; kind != "" {
		return kind
	}
	return x.stored[id]
}

// check rejects what is wrong with one claim.
func (x *references) check(c claim) {
	right := true
	for _, e := range c.ends {
		right = x.checkEnd(c, e) && right
	}
	if !right || c.rel == nil {
		return
	}
	from, to := c.ends[0], c.ends[1]
	if fromKind, toKind := x.kindOf(from.id), x.kindOf(to.id); !c.rel.Joins(fromKind, toKind) {
		x.r.rejectPlace(to.place, &fault{
			fmt.Sprintf("%s does not lead from a node of kind %s to one of kind %s", c.rel.Type, fromKind, toKind),
			fmt.Sprintf("from %s it leads to %s", fromKind, oneOf(x.targets(c, fromKind))),
		})
	}
}

// targets returns the kinds that the relation of a claim leads to from a kind.
func (x *references) targets(c claim, from string) []string {
	var kinds []string
	for _, pair := range c.rel.Ends() {
		if pair[0] == from {
			kinds = append(kinds, pair[1])
		}
	}
	return kinds
}

// checkEnd reports whether a cell names a node of a right kind, and rejects it
// if that is certainly not so.
func (x *references) checkEnd(c claim, e end) bool {
	kind := x.kindOf(e.id)
	if kind == "" {
		if !x.isExcused(e) {
			x.r.rejectPlace(e.place, &fault{"there is no node with this id",
				fmt.Sprintf("%sadd it to %s, or correct the id", x.hint(e.id), fileOf(e.kinds))})
		}
		return false
	}
	if slices.Contains(e.kinds, kind) {
		return true
	}
	what := "the column"
	if c.rel != nil {
		what = "this end of " + c.rel.Type
	}
	x.r.rejectPlace(e.place, &fault{
		fmt.Sprintf("this is a node of kind %s", kind),
		fmt.Sprintf("%s takes %s", what, oneOf(e.kinds)),
	})
	return false
}

// isExcused reports whether the node of a cell may be in a row that could not be read.
func (x *references) isExcused(e end) bool {
	if x.doubtful[e.id] {
		return true
	}
	for _, kind := range e.kinds {
		if x.partial[kind] {
			x.excused[kind] = true
			return true
		}
	}
	return false
}

// noteExcused says which references could not be checked.
func (x *references) noteExcused() {
	for _, kind := range slices.Sorted(maps.Keys(x.excused)) {
		x.r.report.Notices = append(x.r.report.Notices, Notice{
			File: nodesFolder + "/" + kind + csvSuffix,
			Text: "not all of its nodes could be read, so that references to others than those that were are not checked",
		})
	}
}

// hint looks for declared ids like one that is not there.
func (x *references) hint(id string) string {
	if x.hints == 0 {
		return ""
	}
	x.hints--
	if x.words == nil {
		x.words = newLexicon(slices.Sorted(maps.Keys(x.declared)))
	}
	return didYouMean(id, x.words)
}

// fileOf names the file for nodes of one of the kinds.
func fileOf(kinds []string) string {
	if len(kinds) == 1 {
		return nodesFolder + "/" + kinds[0] + csvSuffix
	}
	return "the file of its kind (" + oneOf(kinds) + ")"
}

// oneOf writes a list of kinds.
func oneOf(kinds []string) string {
	n := len(kinds)
	if n < 2 {
		return strings.Join(kinds, "")
	}
	return strings.Join(kinds[:n-1], ", ") + " or " + kinds[n-1]
}
