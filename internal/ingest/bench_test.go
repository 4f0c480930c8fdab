package ingest

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"entente/internal/store/sqlite"
)

// BenchmarkRead reads and checks a folder of 100,000 nodes and 700,000 edges,
// and reports rows per second and the memory that the data set takes.
func BenchmarkRead(b *testing.B) {
	const nodes, edges = 100_000, 700_000
	fsys, o := sample(nodes, edges), model(b)
	kept := make([]*Dataset, 1)
	for b.Loop() {
		ds, report, err := Read(b.Context(), fsys, o, Options{})
		if err != nil || !report.OK() {
			b.Fatal(err, report.Rejections)
		}
		kept[0] = ds
	}
	b.ReportMetric(float64(b.N)*(nodes+edges)/b.Elapsed().Seconds(), "rows/s")
	b.StopTimer()
	with := live()
	kept[0] = nil
	b.ReportMetric(float64(with-live())/(1<<20), "MiB-kept")
}

func live() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// sample is a folder of nodes and edges with sources, locators, dates and lists.
func sample(nodes, edges int) fstest.MapFS {
	var sources, states, pacts, joined strings.Builder
	sources.WriteString("id,name\n")
	for i := range 100 {
		fmt.Fprintf(&sources, "source-%d,Report %d\n", i, i)
	}
	states.WriteString("id,name,aliases,source,locator,confidence\n")
	pacts.WriteString("id,name,kind,signed,articles,subjects,source,locator,basis\n")
	joined.WriteString("from,to,role,since,remarks,source,locator,basis,confidence\n")
	half := nodes / 2
	for i := range half {
		fmt.Fprintf(&states, "state-%d,The state %d of the world,S%d;St%d,source-%d,p. %d,HIGH\n", i, i, i, i, i%100, i%40)
		fmt.Fprintf(&pacts, "pact-%d,\"Pact, number %d\",TREATY,%d-%02d-%02d,%d,TRADE;ARMS_CONTROL,source-%d,para. %d,STATED\n",
			i, i, 1950+i%70, 1+i%12, 1+i%28, i%90, i%97, i%300)
	}
	for i := range edges {
		fmt.Fprintf(&joined, "state-%d,pact-%d,role %d,%d-%02d-%02d,first;second %d,source-%d,para. %d,stated,MEDIUM\n",
			(i*7919)%half, (i*104729+i/half)%half, i%5, 1950+i%70, 1+i%12, 1+i%28, i%1000, i%100, i%500)
	}
	return folder("nodes/Source.csv", sources.String(), "nodes/State.csv", states.String(), "nodes/Pact.csv", pacts.String(),
		"edges/JOINED.csv", joined.String())
}

// BenchmarkStored reads the same folder against an embedded store: one that is
// empty, and one that holds all of it; and loads it into each.
func BenchmarkStored(b *testing.B) {
	const nodes, edges = 100_000, 700_000
	fsys, o := sample(nodes, edges), model(b)
	st, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "graph.db"), o)
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := st.Close(); err != nil {
			b.Error(err)
		}
	}()
	var ds *Dataset
	step := func(name string, work func() error) {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				if err := work(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*(nodes+edges)/b.Elapsed().Seconds(), "rows/s")
		})
	}
	read := func() (err error) {
		ds, _, err = Read(b.Context(), fsys, o, Options{Stored: st})
		return err
	}
	load := func() error {
		_, err := Load(b.Context(), st, ds, nil)
		return err
	}
	step("check-empty", read)
	step("load-empty", load)
	step("check-full", read)
	step("load-full", load)
}
