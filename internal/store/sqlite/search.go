package sqlite

import (
	"context"
	"strings"

	"entente/internal/store"
)

// searchSteps builds the search table where it is missing or holds the texts
// of other properties than the model marks with @text.
func (g *migration) searchSteps(ctx context.Context, objects map[string]string) ([]step, error) {
	wanted, found := g.model.searched(), ""
	if len(objects) > 0 {
		var err error
		if found, err = g.meta(ctx, "searched"); err != nil {
			return nil, err
		}
	}
	if found == wanted {
		return nil, nil
	}
	return []step{
		g.sql("", "", "DROP TABLE IF EXISTS search"),
		g.sql("", "", searchTable),
		{"built", "the search table", g.fillSearch},
		g.sql("", "", "INSERT INTO meta (key, value) VALUES ('searched', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", wanted),
	}, nil
}

// searched names the properties whose texts are searched, and the way of folding
// them: a change of store.Fold needs another number here.
func (m *model) searched() string {
	names := []string{"folding 1"}
	for _, k := range m.Kinds {
		for _, sl := range m.kinds[k.Name].slots {
			if sl.property.Text {
				names = append(names, k.Name+"."+sl.column)
			}
		}
	}
	return strings.Join(names, ", ")
}

// fillSearch writes the texts of all nodes.
func (g *migration) fillSearch(ctx context.Context) error {
	const atOnce = 5000
	l := g.model.allKinds
	q := &query{}
	q.text("SELECT n.pk, ").nodeColumns(l, "n").text(" FROM node AS n WHERE n.pk > ? ORDER BY n.pk LIMIT ?")
	for last := int64(0); ; {
		var texts [][]any
		err := g.c.query(ctx, q.String(), []any{last, atOnce}, func(row []any) error {
			n, err := l.node(row[1:])
			if err != nil {
				return err
			}
			if last, err = pkOf(row[0]); err != nil {
				return err
			}
			name, other := store.SearchTexts(g.model.Kind(n.Kind), n)
			texts = append(texts, []any{last, name, other})
			return nil
		})
		if err != nil || len(texts) == 0 {
			return err
		}
		if err := g.c.insertTexts(ctx, texts); err != nil {
			return err
		}
	}
}

// insertTexts writes rows of pk, name texts and other texts in one statement:
// at the end of each the search table flushes what it has gathered.
func (c *conn) insertTexts(ctx context.Context, texts [][]any) error {
	if len(texts) == 0 {
		return nil
	}
	doc, err := jsonText(texts)
	if err != nil {
		return err
	}
	return c.exec(ctx, `INSERT INTO search (rowid, name, other)
		SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)`, doc)
}

// Search finds nodes by the words of their texts.
func (s *Store) Search(ctx context.Context, sq store.SearchQuery) (*store.SearchPage, error) {
	plan, err := store.PlanSearch(s.model.Ontology, sq)
	if err != nil {
		return nil, err
	}
	f := &searcher{plan: plan, kinds: narrowed(plan.Kinds, nil)}
	f.layout = s.model.nodeLayout(f.kinds)
	if len(f.kinds) == 0 {
		f.layout = s.model.allKinds
	}
	var hits []store.Hit
	count := 0
	err = s.read(ctx, true, "searching", func(c *conn) error {
		if err := f.leaveOutUnknown(ctx, c, s.model); err != nil {
			return err
		}
		for _, stretch := range plan.Stretches() {
			if len(hits) >= plan.Fetch() {
				break
			}
			if hits, err = f.page(ctx, c, stretch, hits); err != nil {
				return err
			}
		}
		if plan.Count {
			count, err = f.count(ctx, c)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return plan.SearchPage(hits, count), nil
}

var hitScope = scope{node: "h"}

// searcher writes the statements of one Search.
type searcher struct {
	plan   *store.SearchPlan
	kinds  []string // empty: all
	layout *layout
}

// leaveOutUnknown restricts a search of all kinds to those of the model, where
// a program with a newer one has written others since the file was opened. The
// condition is looked up for every hit, so it is set only where it is needed.
func (f *searcher) leaveOutUnknown(ctx context.Context, c *conn, m *model) error {
	if len(f.kinds) > 0 {
		return nil
	}
	q := &query{}
	q.text("SELECT count(*) FROM counter WHERE n > 0 AND what = ").value(countNodes).text(" AND NOT name").names(m.KindNames())
	unknown, err := c.count(ctx, q.String(), q.args)
	if err == nil && unknown > 0 {
		f.kinds = m.KindNames()
	}
	return err
}

// page appends what is left to read of a stretch. The hits are found and put in
// order by their ids first; only those of the page are read.
func (f *searcher) page(ctx context.Context, c *conn, stretch store.Stretch, hits []store.Hit) ([]store.Hit, error) {
	direction := ""
	if f.plan.Backward {
		direction = " DESC"
	}
	q := &query{}
	q.text("SELECT ").nodeColumns(f.layout, "n").text(" FROM node AS n WHERE n.pk IN (SELECT h.pk FROM search AS t CROSS JOIN node AS h ON h.pk = t.rowid WHERE t.search MATCH ")
	q.value(ofRank(f.plan.Terms, stretch.Rank))
	if len(f.kinds) > 0 {
		q.text(" AND ")
		q.inKinds("h", f.kinds)
	}
	if stretch.Above != "" {
		q.text(" AND h.id > ").value(stretch.Above)
	}
	if stretch.Below != "" {
		q.text(" AND h.id < ").value(stretch.Below)
	}
	if !isEmpty(f.plan.Where) {
		q.text(" AND ")
		if err := q.where(f.plan.Where, hitScope); err != nil {
			return nil, err
		}
	}
	q.text(" ORDER BY h.id", direction, " LIMIT ").value(f.plan.Fetch()-len(hits)).text(") ORDER BY n.id", direction)
	err := c.query(ctx, q.String(), q.args, func(row []any) error {
		n, err := f.layout.node(row)
		hits = append(hits, store.Hit{Node: n, Rank: stretch.Rank})
		return err
	})
	return hits, err
}

// count counts the hits of all ranks: the widest condition includes the others.
func (f *searcher) count(ctx context.Context, c *conn) (int, error) {
	q := &query{}
	q.text("SELECT count(*) FROM search AS t")
	readsHit := len(f.kinds) > 0 || !isEmpty(f.plan.Where)
	if readsHit {
		q.text(" CROSS JOIN node AS h ON h.pk = t.rowid")
	}
	q.text(" WHERE t.search MATCH ").value(anywhere(f.plan.Terms))
	if len(f.kinds) > 0 {
		q.text(" AND ")
		q.inKinds("h", f.kinds)
	}
	if readsHit {
		q.text(" AND ")
		if err := q.where(f.plan.Where, hitScope); err != nil {
			return 0, err
		}
	}
	return c.count(ctx, q.String(), q.args)
}

// ofRank writes the search expression that is true for the hits of one rank only.
func ofRank(terms []string, rank int) string {
	switch rank {
	case 0:
		return wholeInName(terms)
	case 1:
		return "(" + begunInName(terms) + ") NOT (" + wholeInName(terms) + ")"
	}
	return "(" + anywhere(terms) + ") NOT (" + begunInName(terms) + ")"
}

func wholeInName(terms []string) string { return "name : (" + allOf(terms) + ")" }

func begunInName(terms []string) string { return "name : (" + allOf(terms) + "*)" }

func anywhere(terms []string) string { return allOf(terms) + "*" }

// allOf joins terms, which hold letters and digits only; quoted, none is an operator.
func allOf(terms []string) string { return `"` + strings.Join(terms, `" AND "`) + `"` }
