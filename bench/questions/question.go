// Package questions holds what the bench and the load test ask over GraphQL.
package questions

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Question is an operation with its variables, and how its answer is read.
type Question struct {
	Name  string
	Query string         // in GraphQL
	Vars  map[string]any // of the query
	// Lines gives what an answer's data found as lines of text, for comparing answers.
	Lines func(data Found) []string
}

// Body returns the body of the request that asks it over HTTP.
func (q Question) Body() ([]byte, error) {
	body, err := json.Marshal(map[string]any{"query": q.Query, "variables": q.Vars})
	if err != nil {
		return nil, fmt.Errorf("writing the request: %w", err)
	}
	return body, nil
}

// Found is a value in a GraphQL answer.
type Found struct{ v any }

// At returns the value at a path of names, joined by dots.
func (f Found) At(path string) Found {
	for name := range strings.SplitSeq(path, ".") {
		object, _ := f.v.(map[string]any)
		f = Found{object[name]}
	}
	return f
}

// Each returns the elements of the list at a path.
func (f Found) Each(path string) []Found {
	list, _ := f.At(path).v.([]any)
	out := make([]Found, len(list))
	for i, v := range list {
		out[i] = Found{v}
	}
	return out
}

// Line joins the values at some paths.
func (f Found) Line(paths ...string) string {
	parts := make([]string, len(paths))
	for i, p := range paths {
		parts[i] = Text(f.At(p).v)
	}
	return strings.Join(parts, "|")
}

// Parse reads the JSON of an answer.
func Parse(data []byte) (Found, error) {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return Found{}, fmt.Errorf("reading the answer: %w", err)
	}
	return Found{v}, nil
}

// Text reads a value as text; empty where there is none.
func Text(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}
