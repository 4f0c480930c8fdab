package ingest

import (
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// FuzzRead reads any two files. Reading never panics, and what it accepts, a store accepts.
func FuzzRead(f *testing.F) {
	paths, err := filepath.Glob("testdata/reports/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			f.Add(file.Data, []byte("from,to,role,since,source\np1,p1,x,2019,s1\n"), true)
		}
	}
	f.Add([]byte("id,name,kind,reviews,source\np1,A,treaty,1;2,s1\np1,,,3,s1\n"), []byte("from,to,role,at,source\nNZL,p1,x,,s1\nNZL,p1,x,g1,s1\n"), false)
	f.Add([]byte(":ID;name:string;kind;aliases\np1;A;treaty;a|b\\|c\n"), []byte(":START_ID\t:END_ID\tsource\nNZL\tp1\ts1\n"), true)
	o := model(f)
	f.Fuzz(func(t *testing.T, nodes, edges []byte, unsourced bool) {
		fsys := folder(
			"nodes/Source.csv", "id,name\ns1,A report\n", "nodes/Group.csv", "id,name,source\ng1,A group,s1\n",
			"nodes/State.csv", "id,name,source\nNZL,New Zealand,s1\n",
			"nodes/Pact.csv", string(nodes), "edges/JOINED.csv", string(edges),
		)
		ds, report, err := Read(t.Context(), fsys, o, Options{AllowUnsourced: unsourced})
		if err != nil {
			t.Fatal(err)
		}
		if !report.OK() {
			checkRejections(t, report)
			return
		}
		checkDataset(t, o, ds)
		if _, err := Load(t.Context(), newFakeStore(o), ds, nil); err != nil {
			t.Fatalf("an accepted data set cannot be stored: %v", err)
		}
	})
}

func checkRejections(t *testing.T, report *Report) {
	t.Helper()
	for _, r := range report.Rejections {
		if r.File == "" || r.Problem == "" || r.Remedy == "" || len(r.Value) > 300 || len(r.Problem) > 1000 {
			t.Fatalf("rejection %+v", r)
		}
	}
}

// checkDataset holds a data set to what the store does not look up.
func checkDataset(t *testing.T, o *ontology.Ontology, ds *Dataset) {
	t.Helper()
	kinds := map[string]string{}
	for _, n := range ds.Nodes {
		if kinds[n.ID] != "" || len(n.ID) > MaxID {
			t.Fatalf("node %q stands twice or is too long", n.ID)
		}
		kinds[n.ID] = n.Kind
	}
	for _, n := range ds.Nodes {
		checkFacts(t, o, kinds, o.Kind(n.Kind).Properties, n.Props, n.Evidence)
	}
	edges := map[string]bool{}
	for _, e := range ds.Edges {
		if edges[e.ID] || !o.Relation(e.Type).Joins(kinds[e.From], kinds[e.To]) {
			t.Fatalf("edge %q stands twice, or joins a %q and a %q", e.ID, kinds[e.From], kinds[e.To])
		}
		edges[e.ID] = true
		checkFacts(t, o, kinds, o.Relation(e.Type).Properties, e.Props, e.Evidence)
	}
}

func checkFacts(t *testing.T, o *ontology.Ontology, kinds map[string]string, declared []*ontology.Property, props kg.Props, evidence []kg.Evidence) {
	t.Helper()
	for _, d := range declared {
		v := props.Get(d.Name)
		if v == nil {
			continue
		}
		if err := store.CheckValue(o, d, v); err != nil {
			t.Fatal(err)
		}
		if id, ok := v.(string); ok && d.Type == ontology.Ref && kinds[id] != d.TypeName {
			t.Fatalf("%s is %q, a %q", d.Name, id, kinds[id])
		}
	}
	for i, e := range evidence {
		if kinds[e.Source] != sourceKind || i > 0 && kg.CompareEvidence(evidence[i-1], e) >= 0 {
			t.Fatalf("evidence %+v", evidence)
		}
	}
}
