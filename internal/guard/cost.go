package guard

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Price tells what a field costs beyond its values: how much work it is by
// itself, and how many elements it may have where it is a list. Zero leaves
// either to what is usual.
type Price func(f *ast.Field, args map[string]any) (work, times int)

// someElements is how many elements a list has that cannot be paged: evidence,
// aliases. Most have one or two.
const someElements = 3

// Costs works out how many values an operation may ask for: each field is
// one, and what is in a list counts as often as the list has elements; a page
// has as many as were asked for, and a list of the schema as many as it has.
type Costs struct {
	Schema      *ast.Schema
	DefaultPage int // length of a page where none is given
	MaxPage     int // longer ones are refused when they are read
	Price       Price

	measured sync.Once
	lengths  lengths // of the lists of the schema
}

// costKey is a fragment within a list of that many elements: the same
// fragment costs the same there, so each is worked out once.
type costKey struct {
	fragment string
	page     int
}

type pricing struct {
	*Costs
	vars map[string]any
	memo map[costKey]int
}

// Of returns the cost of an operation that has been validated.
func (c *Costs) Of(op *ast.OperationDefinition, vars map[string]any) int {
	p := &pricing{Costs: c, vars: vars, memo: map[costKey]int{}}
	return p.set(op.SelectionSet, 0)
}

// set adds up a set of selections; page is the length of the page they are
// part of, where they are those of a connection.
func (p *pricing) set(set ast.SelectionSet, page int) (sum int) {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			sum = plus(sum, p.field(sel, page))
		case *ast.InlineFragment:
			sum = plus(sum, p.set(sel.SelectionSet, page))
		case *ast.FragmentSpread:
			key := costKey{sel.Name, page}
			cost, known := p.memo[key]
			if !known && sel.Definition != nil {
				p.memo[key] = 0 // validation has refused circles; should one come through, it ends here
				cost = p.set(sel.Definition.SelectionSet, page)
				p.memo[key] = cost
			}
			sum = plus(sum, cost)
		}
	}
	return sum
}

func (p *pricing) field(f *ast.Field, page int) int {
	if isIntrospection(f) {
		return p.ofSchema(f)
	}
	if f.Definition == nil || strings.HasPrefix(f.Name, "__") {
		return 1
	}
	args := p.args(f)
	work, times := 0, 0
	if p.Price != nil {
		work, times = p.Price(f, args)
	}
	if times == 0 {
		times = p.usual(f, page)
	}
	inner := 0
	if p.isConnection(f.Definition.Type) {
		inner = p.set(f.SelectionSet, p.page(args))
	} else {
		inner = p.set(f.SelectionSet, 0)
	}
	return plus(plus(1, work), multiplied(plus(inner, extra(f)), times))
}

// extra counts each element of a list of plain values.
func extra(f *ast.Field) int {
	if len(f.SelectionSet) == 0 && f.Definition.Type.Elem != nil {
		return 1
	}
	return 0
}

func multiplied(n, times int) int {
	if times > 0 && n > enough/times {
		return enough
	}
	return n * times
}

func (p *pricing) usual(f *ast.Field, page int) int {
	switch {
	case f.Definition.Type.Elem == nil:
		return 1
	case f.ObjectDefinition != nil && hasPages(f.ObjectDefinition):
		return page
	default:
		return someElements
	}
}

func (p *pricing) isConnection(t *ast.Type) bool {
	def := p.Schema.Types[t.Name()]
	return t.Elem == nil && def != nil && hasPages(def)
}

// hasPages recognises a connection, as Relay defines it.
func hasPages(def *ast.Definition) bool { return def.Fields.ForName("pageInfo") != nil }

func (p *pricing) page(args map[string]any) int {
	for _, name := range []string{"first", "last"} {
		if n, ok := Number(args[name]); ok {
			if p.MaxPage > 0 {
				n = min(n, p.MaxPage)
			}
			return max(n, 1)
		}
	}
	return p.DefaultPage
}

// args reads a field's arguments; gqlparser panics on a value that validation
// should have refused.
func (p *pricing) args(f *ast.Field) (args map[string]any) {
	defer func() {
		if recover() != nil {
			args = nil
		}
	}()
	return f.ArgumentMap(p.vars)
}

// Number reads a whole number as it comes out of a document or of JSON.
func Number(v any) (int, bool) {
	switch v := v.(type) {
	case int:
		return v, true
	case int32:
		return int(v), true
	case int64:
		return int(v), true
	case float64:
		if v >= math.MinInt32 && v <= math.MaxInt32 {
			return int(v), true
		}
	case json.Number:
		n, err := v.Int64()
		return int(n), err == nil
	}
	return 0, false
}

const costExtension = "cost"

// CostOf is what an operation costs, once it has been checked.
func CostOf(oc *graphql.OperationContext) int {
	cost, _ := oc.Stats.GetExtension(costExtension).(int)
	return cost
}

// checkCost refuses an operation that may ask for too many values.
func (l Limits) checkCost(c *Costs, oc *graphql.OperationContext) *gqlerror.Error {
	cost := c.Of(oc.Operation, oc.Variables)
	oc.Stats.SetExtension(costExtension, cost)
	if !over(cost, l.Complexity) {
		return nil
	}
	text := fmt.Sprint(cost)
	if cost >= enough {
		text = fmt.Sprintf("%d or more", enough)
	}
	return Exceeded(CodeComplexity, cost, l.Complexity, "make the pages of the inner lists smaller with `first`, or ask for fewer lists within lists",
		"the operation may ask for %s values", text).GraphQL()
}
