package graph_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The worked example of docs/influence.md is what the program computes: its
// rows are the hops of the best path, and its last line is the score.
func TestWorkedExampleOfTheGuide(t *testing.T) {
	guide, err := os.ReadFile("../docs/influence.md")
	if err != nil {
		t.Fatal(err)
	}
	type paths struct {
		Paths struct {
			Paths []struct {
				Score float64
				Hops  []struct {
					Type                                string
					From, To                            struct{ ID string }
					Weight, Confidence, Strength, Decay float64
					Sources                             int
				}
			}
		}
	}
	st, o := bundled(t)
	a := ask(t, st, o, `{ paths(from: "christchurch-2019", to: "alliance-meeting-2019", first: 1) { paths { score hops { type from { id } to { id } weight confidence strength decay sources } } } }`, nil)
	best := data[paths](t, a).Paths.Paths[0]
	rows := regexp.MustCompile(`(?m)^\| (\S+) → (\S+) \| (\S+) \| (\S+) \| (\d+) \| (\S+) \| .([A-Z_]+)`).FindAllStringSubmatch(string(guide), -1)
	if len(rows) != len(best.Hops) {
		t.Fatalf("the guide has %d steps, the path %d", len(rows), len(best.Hops))
	}
	product := 1.0
	for i, row := range rows {
		h := best.Hops[i]
		if row[1] != h.From.ID || row[2] != h.To.ID || row[7] != h.Type || number(t, row[3]) != h.Weight || number(t, row[4]) != h.Confidence ||
			number(t, row[5]) != float64(h.Sources) || math.Abs(number(t, row[6])-h.Strength) > 1e-12 {
			t.Errorf("step %d of the guide is %v, of the path %+v", i, row[1:], h)
		}
		product *= h.Decay * h.Strength
	}
	_, line, _ := strings.Cut(string(guide), "    0.8 × 0.5 × 0.3 = ")
	said, _, _ := strings.Cut(line, "\n")
	if math.Abs(number(t, said)-best.Score) > 1e-12 || math.Abs(product-best.Score) > 1e-12 {
		t.Errorf("the guide says %s, the program %v, its terms %v", said, best.Score, product)
	}
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
