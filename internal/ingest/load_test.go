package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"entente/internal/kg"
)

// large is a folder of more than one batch of nodes and of edges.
func large(states, edges int) fstest.MapFS {
	var nodes, borders strings.Builder
	nodes.WriteString("id,name,source\n")
	for i := range states {
		fmt.Fprintf(&nodes, "n%d,State %d,s1\n", i, i)
	}
	borders.WriteString("from,to,source\n")
	for i := range edges {
		fmt.Fprintf(&borders, "n%d,n%d,s1\n", i%states, i/states)
	}
	return folder("nodes/Source.csv", "id,name\ns1,A report\n", "nodes/State.csv", nodes.String(), "edges/BORDERS.csv", borders.String())
}

func TestLoadCountsByFile(t *testing.T) {
	fsys := large(batchSize+5, 2*batchSize+7)
	ds, read := mustRead(t, fsys, Options{})
	st := newFakeStore(model(t))
	var progress []int
	report, err := Load(t.Context(), st, ds, func(done, total int) {
		if total != 3*batchSize+13 {
			t.Errorf("total %d", total)
		}
		progress = append(progress, done)
	})
	if err != nil {
		t.Fatal(err)
	}
	wantProgress := []int{batchSize, batchSize + 6, 2*batchSize + 6, 3*batchSize + 6, 3*batchSize + 13}
	if diff := cmp.Diff(wantProgress, progress); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
	checkCounts(t, report, "1 of 1 created", "20005 of 20005 created", "40007 of 40007 created")
	if read.Applied || read.Files[0].Created != 0 {
		t.Error("loading changed the report of reading")
	}

	again, err := Load(t.Context(), st, ds, nil)
	if err != nil {
		t.Fatal(err)
	}
	checkCounts(t, again, "1 of 1 unchanged", "20005 of 20005 unchanged", "40007 of 40007 unchanged")

	st.nodes["s1"] = &kg.Node{ID: "s1", Kind: "Source", Props: kg.Props{{Name: "name", Value: "Another"}}}
	changed, err := Load(t.Context(), st, ds, nil)
	if err != nil {
		t.Fatal(err)
	}
	checkCounts(t, changed, "1 of 1 changed", "20005 of 20005 unchanged", "40007 of 40007 unchanged")
}

func checkCounts(t *testing.T, r *Report, want ...string) {
	t.Helper()
	var got []string
	for _, f := range r.Files {
		switch f.Read {
		case f.Created:
			got = append(got, fmt.Sprintf("%d of %d created", f.Created, f.Read))
		case f.Changed:
			got = append(got, fmt.Sprintf("%d of %d changed", f.Changed, f.Read))
		case f.Unchanged:
			got = append(got, fmt.Sprintf("%d of %d unchanged", f.Unchanged, f.Read))
		default:
			got = append(got, fmt.Sprintf("%+v", *f))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

// TestLoadCutOff: a run that stops in any of its batches can be run again, to the same end.
func TestLoadCutOff(t *testing.T) {
	ds, _ := mustRead(t, large(batchSize+5, batchSize+7), Options{})
	for call := 1; call <= 4; call++ {
		st := newFakeStore(model(t))
		st.failsAt, st.err = call, kg.Unavailable(errors.New("cause"), "", "the line is down")
		report, err := Load(t.Context(), st, ds, nil)
		if kg.CodeOf(err) != kg.CodeUnavailable || !errors.Is(err, st.err) {
			t.Fatalf("error %v", err)
		}
		if call == 2 {
			want := "storing nodes 20001 to 20006 (nodes/State.csv): the line is down; " +
				"20000 of 40013 records are stored, and nothing of this batch; mend the cause and run the same command again: what is stored stays as it is"
			if err.Error() != want {
				t.Errorf("error %q, want %q", err, want)
			}
		}
		stored := 0
		for _, f := range report.Files {
			stored += f.Created
		}
		if stored != len(st.nodes)+len(st.edges) {
			t.Errorf("the report counts %d records, the store has %d", stored, len(st.nodes)+len(st.edges))
		}
		if _, err := Load(t.Context(), st, ds, nil); err != nil {
			t.Fatal(err)
		}
		if len(st.nodes) != len(ds.Nodes) || len(st.edges) != len(ds.Edges) {
			t.Errorf("after the second run the store has %d nodes and %d edges", len(st.nodes), len(st.edges))
		}
	}
}

func TestLoadNeedsADataset(t *testing.T) {
	if _, err := Load(t.Context(), newFakeStore(model(t)), nil, nil); kg.CodeOf(err) != kg.CodeInvalid {
		t.Errorf("error %v", err)
	}
}

func TestLoadedReport(t *testing.T) {
	ds, _ := mustRead(t, large(2, 3), Options{})
	report, err := Load(t.Context(), newFakeStore(model(t)), ds, nil)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := report.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	want := `  file               read  merged  rejected  created  changed  unchanged
  nodes/Source.csv      1       0         0        1        0          0
  nodes/State.csv       2       0         0        2        0          0
  edges/BORDERS.csv     3       0         0        3        0          0
  total                 6       0         0        6        0          0
`
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	doc, err := json.Marshal(report.Files[2])
	wantDoc := `{"file":"edges/BORDERS.csv","read":3,"merged":0,"rejected":0,"created":3,"changed":0,"unchanged":0}`
	if err != nil || string(doc) != wantDoc {
		t.Errorf("JSON %s, %v; want %s", doc, err, wantDoc)
	}
}
