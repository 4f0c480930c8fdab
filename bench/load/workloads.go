package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"

	"entente/bench/graphs"
	"entente/bench/questions"
)

// workload is a list of requests that clients ask over and over.
type workload struct {
	name string
	list []request
}

// asked is what the workloads are made of.
func asked(p graphs.Picks) map[string][]questions.Question {
	var points []questions.Question
	for _, id := range p.IDs {
		points = append(points, questions.PointRead(pointRead, []string{id}))
	}
	return map[string][]questions.Question{
		pointRead:     points,
		"nested list": {questions.NestedList(p)}, "filter and page": {questions.Page()},
		"trace": {questions.Trace(p)}, "path": {questions.Path(p)}, "search": {questions.Search("search", p.Common)},
	}
}

const pointRead = "point read"

// shares says how often each is asked in the mixed workload, in the order of the tables.
func shares() []struct {
	name  string
	times int
} {
	return []struct {
		name  string
		times int
	}{{pointRead, 10}, {"nested list", 1}, {"filter and page", 4}, {"trace", 1}, {"path", 1}, {"search", 3}}
}

// workloads puts the questions about one graph to the program, one at a time, keeps
// its answers, which it has to give under load too, and ends with the mixed one.
func workloads(ctx context.Context, p *program, picks graphs.Picks) ([]workload, error) {
	c, err := dial(ctx, p.address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = c.Close() }()
	known := asked(picks)
	var all []workload
	mixed := workload{name: "mixed"}
	for _, s := range shares() {
		w := workload{name: s.name}
		for _, q := range known[s.name] {
			r, err := prepare(c, p.address, q)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.name, err)
			}
			w.list = append(w.list, r)
		}
		all = append(all, w)
		for i := range s.times {
			mixed.list = append(mixed.list, w.list[i%len(w.list)])
		}
	}
	mixed.list = spread(mixed.list)
	return append(all, mixed), nil
}

// spread takes every seventh, so that what is alike stands apart.
func spread(list []request) []request {
	out := make([]request, 0, len(list))
	for i := range list {
		out = append(out, list[i*stride%len(list)])
	}
	return out
}

// prepare writes a request, and asks it until two answers are alike.
func prepare(c *client, address string, q questions.Question) (request, error) {
	body, err := q.Body()
	if err != nil {
		return request{}, err
	}
	r := request{name: q.Name, sent: fmt.Appendf(nil,
		"POST /graphql HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", address, len(body), body)}
	for range 2 {
		got, err := c.ask(r.sent)
		if err != nil {
			return r, err
		}
		if got.status != http.StatusOK || bytes.Contains(got.body, []byte(`"errors"`)) {
			return r, fmt.Errorf("it is answered with status %d: %s", got.status, shortened(got.body))
		}
		if r.want != nil && !bytes.Equal(r.want, got.body) {
			return r, fmt.Errorf("it is answered differently each time: %s; %s", shortened(r.want), shortened(got.body))
		}
		r.want = slices.Clone(got.body)
	}
	answer, err := questions.Parse(r.want)
	if err != nil {
		return r, err
	}
	if len(q.Lines(answer.At("data"))) == 0 {
		return r, fmt.Errorf("it finds nothing: %s", shortened(r.want))
	}
	return r, nil
}
