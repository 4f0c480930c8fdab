package main

import (
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The targets.
const (
	storeTarget  = 1.3 // a store's call, to its raw statement
	figureTarget = 1.5 // the embedded store's call, to what it took when SQLite was chosen
	growthTarget = 1.5 // ten times the data, where no more rows are touched
	firstTarget  = 40_000
	secondTarget = 3 // times the first
)

// report writes tables for people, and counts the targets that are met.
type report struct {
	out    io.Writer
	notes  io.Writer // for what is being done
	about  string    // the graph at hand
	met    int
	missed []string
}

func (r *report) print(format string, args ...any) {
	_, _ = fmt.Fprintf(r.out, format, args...) // where the terminal is gone, nobody reads
}

func (r *report) note(format string, args ...any) {
	_, _ = fmt.Fprintf(r.notes, "bench: "+format+"\n", args...)
}

// verdict compares what was measured with its target.
func (r *report) verdict(what string, met bool) string {
	if met {
		r.met++
		return "met"
	}
	r.missed = append(r.missed, r.about+": "+what)
	return "MISSED"
}

// begin says what is measured with.
func (r *report) begin() {
	r.print("%s on %s/%s with %d processors\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0))
}

// end sums up.
func (r *report) end() {
	r.print("%d targets met, %d missed\n", r.met, len(r.missed))
	for _, what := range r.missed {
		r.print("  %s\n", what)
	}
}

// subject writes what was measured on one graph, the index-th of those measured together.
func (r *report) subject(s *subject, results []result, index int) {
	r.about = fmt.Sprintf("%s, %s nodes", s.engine, thousands(s.nodes))
	r.print("%s and %s edges\n\n", r.about, thousands(s.nodes*edgesPerNode))
	r.loads(s)
	r.ratios(results, index)
	r.milliseconds(s, results, index)
}

// loads writes how fast the graph was loaded. The targets are those of the
// embedded store, whose work is done by this program.
func (r *report) loads(s *subject) {
	l := s.loads
	row := func(what string, took spent, target float64) []string {
		rate := l.perSecond(took.Passed)
		row := []string{what, thousands(int(rate)), "", "", ""}
		if s.embedded {
			row[2], row[3] = thousands(int(target)), r.verdict("load "+what, rate >= target)
			row[4] = thousands(int(l.perSecond(took.Processor)))
		}
		return row
	}
	heading := []string{"load, measured " + l.When.Format(time.DateTime), "rows/s", "", "", ""}
	if s.embedded {
		heading[2], heading[4] = "target", "per second of a processor"
	}
	r.table([][]string{heading,
		row("into the empty store", l.First, firstTarget),
		row("again, nothing changed", l.Second, secondTarget*firstTarget),
	})
}

// ratios writes one line for each workload.
func (r *report) ratios(results []result, index int) {
	rows := [][]string{{"ratio to the raw statement", "store", "", "target", "", "graph.Run", "HTTP"}}
	for _, res := range results {
		middle, spread := res.ratio(index, viaStore, viaRaw)
		row := []string{res.name, decimals(middle), "±" + decimals(spread), decimals(storeTarget), r.verdict(res.name+", store to raw statement", middle <= storeTarget), "", ""}
		if res.paths == allPaths {
			run, _ := res.ratio(index, viaRun, viaRaw)
			http, _ := res.ratio(index, viaHTTP, viaRaw)
			row[5], row[6] = decimals(run), decimals(http)
		}
		rows = append(rows, row)
	}
	r.table(rows)
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
			row[5], row[6] = strconv.FormatFloat(best, 'f', 3, 64), decimals(figure)
			row[7], row[8], row[9] = decimals(best/figure), decimals(figureTarget), r.verdict(res.name+", to the figure of its choice", best/figure <= figureTarget)
		}
		rows = append(rows, row)
	}
	r.table(rows)
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
				row[[]int{1, 2, 5, 6}[i]] = decimals(res.growth(via))
			}
		}
		if res.grows {
			row[4] = "touches more rows"
		} else {
			row[3], row[4] = decimals(growthTarget), r.verdict(res.name+", growth", res.growth(viaStore) <= growthTarget)
		}
		rows = append(rows, row)
	}
	r.table(rows)
}

// table writes rows in columns; the first is a heading.
func (r *report) table(rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				line.WriteString(cell + pad)
			} else {
				line.WriteString("  " + pad + cell)
			}
		}
		r.print("%s\n", strings.TrimRight(line.String(), " "))
	}
	r.print("\n")
}

func decimals(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) }

// thousands writes a number with separators.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
