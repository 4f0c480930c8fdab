package main

import (
	"fmt"
	"strconv"
	"time"

	"entente/bench/graphs"
	"entente/bench/sheet"
	"entente/bench/stores"
)

// The targets.
const (
	storeTarget  = 1.3 // a store's call, to its raw statement
	figureTarget = 1.5 // the embedded store's call, to what it took when SQLite was chosen
	growthTarget = 1.5 // ten times the data, where no more rows are touched
	firstTarget  = 40_000
	secondTarget = 3 // times the first
)

// report writes what was measured.
type report struct{ *sheet.Sheet }

// subject writes what was measured on one graph, the index-th of those measured together.
func (r *report) subject(s *subject, results []result, index int) {
	r.About = fmt.Sprintf("%s, %s nodes", s.engine, sheet.Thousands(s.nodes))
	r.Print("%s and %s edges\n\n", r.About, sheet.Thousands(s.nodes*graphs.EdgesPerNode))
	r.loads(s)
	r.ratios(results, index)
	r.milliseconds(s, results, index)
}

// loads writes how fast the graph was loaded. The targets are those of the
// embedded store, whose work is done by this program.
func (r *report) loads(s *subject) {
	l := s.loads
	row := func(what string, took stores.Spent, target float64) []string {
		rate := l.PerSecond(took.Passed)
		row := []string{what, sheet.Thousands(int(rate)), "", "", ""}
		if s.embedded {
			row[2], row[3] = sheet.Thousands(int(target)), r.Verdict("load "+what, rate >= target)
			row[4] = sheet.Thousands(int(l.PerSecond(took.Processor)))
		}
		return row
	}
	heading := []string{"load, measured " + l.When.Format(time.DateTime), "rows/s", "", "", ""}
	if s.embedded {
		heading[2], heading[4] = "target", "per second of a processor"
	}
	r.Table([][]string{heading,
		row("into the empty store", l.First, firstTarget),
		row("again, nothing changed", l.Second, secondTarget*firstTarget),
	})
}

// ratios writes one line for each workload.
func (r *report) ratios(results []result, index int) {
	rows := [][]string{{"ratio to the raw statement", "store", "", "target", "", "graph.Run", "HTTP"}}
	for _, res := range results {
		middle, spread := res.ratio(index, viaStore, viaRaw)
		row := []string{res.name, sheet.Decimals(middle), "±" + sheet.Decimals(spread), sheet.Decimals(storeTarget), r.Verdict(res.name+", store to raw statement", middle <= storeTarget), "", ""}
		if res.paths == allPaths {
			run, _ := res.ratio(index, viaRun, viaRaw)
			http, _ := res.ratio(index, viaHTTP, viaRaw)
			row[5], row[6] = sheet.Decimals(run), sheet.Decimals(http)
		}
		rows = append(rows, row)
	}
	r.Table(rows)
}

// milliseconds writes the times themselves. Against fixed figures, which the
// load of the day must not spoil, the best tenth of the rounds counts.
func (r *report) milliseconds(s *subject, results []result, index int) {
	rows := [][]string{{"milliseconds", "raw", "store", "graph.Run", "HTTP"}}
	if s.embedded {
		rows[0] = append(rows[0], "store, best tenth", "when chosen", "ratio", "target", "")
	}
	for _, res := range results {
		row := make([]string, len(rows[0]))
		row[0] = res.name
		for via := range res.paths {
			row[1+via] = strconv.FormatFloat(res.median(index, via), 'f', 3, 64)
		}
		if figure := res.figures[min(index, 1)]; figure > 0 && s.embedded {
			best := res.best(index, viaStore)
			row[5], row[6] = strconv.FormatFloat(best, 'f', 3, 64), sheet.Decimals(figure)
			row[7], row[8], row[9] = sheet.Decimals(best/figure), sheet.Decimals(figureTarget), r.Verdict(res.name+", to the figure of its choice", best/figure <= figureTarget)
		}
		rows = append(rows, row)
	}
	r.Table(rows)
}

// growth compares the larger graph, measured second, with the smaller, where there is one.
func (r *report) growth(results []result) {
	if len(results) == 0 || len(results[0].times) == results[0].paths {
		return
	}
	rows := [][]string{{"ten times the data: ratio of times", "raw", "store", "target", "", "graph.Run", "HTTP"}}
	for _, res := range results {
		row := []string{res.name, "", "", "", "", "", ""}
		for i, via := range []int{viaRaw, viaStore, viaRun, viaHTTP} {
			if via < res.paths {
				row[[]int{1, 2, 5, 6}[i]] = sheet.Decimals(res.growth(via))
			}
		}
		if res.grows {
			row[4] = "touches more rows"
		} else {
			row[3], row[4] = sheet.Decimals(growthTarget), r.Verdict(res.name+", growth", res.growth(viaStore) <= growthTarget)
		}
		rows = append(rows, row)
	}
	r.Table(rows)
}
