package guard

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"entente/internal/kg"
)

// Limits are the most that one request may ask for. Zero is no limit.
// Internal/config has a struct of the same fields, which converts to it.
type Limits struct {
	Body          int // bytes of a request's body, or of its address where the query is in it
	Tokens        int // words and signs of a document
	Definitions   int // operations and fragments of a document
	Depth         int // fields within fields; introspection is not counted
	Fields        int // fields and fragments of an operation, spelt out
	RootFields    int // fields of the operation itself
	Aliases       int // fields with an alias of their own
	Directives    int // directives of an operation
	SamePath      int // fields that are merged into one of the answer
	Introspection int // __schema and __type in one operation
	List          int // elements of a list given as an argument or a variable
	Text          int // bytes of a text given as an argument or a variable
	IDs           int // ids of nodes asked for at once
	Page          int // rows of one page
	Complexity    int // values that an operation may ask for, page sizes multiplied down
	Rows          int // rows read for one answer
	Errors        int // errors in one answer
}

// DefaultLimits are the limits of a server that anybody may reach.
func DefaultLimits() Limits {
	return Limits{
		Body: 256 << 10, Tokens: 15_000, Definitions: 100, Depth: 20, Fields: 1_000, RootFields: 20, Aliases: 50, Directives: 50,
		SamePath: 50, Introspection: 2, List: 1_000, Text: 32 << 10, IDs: 1_000, Page: 1_000,
		Complexity: 250_000, Rows: 50_000, Errors: 20,
	}
}

// LocalLimits are those of a person who asks a graph on the own machine: such
// a one waits as long as it takes.
func LocalLimits() Limits {
	l := DefaultLimits()
	l.Complexity, l.Rows = 0, 0
	return l
}

// Exceeded is the error of a request that asks for more than it may.
func Exceeded(code kg.Code, got, most int, remedy, format string, args ...any) *LimitError {
	return &LimitError{Code: code, Got: got, Most: most, What: fmt.Sprintf(format, args...), Remedy: remedy}
}

// LimitError says which limit a request exceeds, and what to do.
type LimitError struct {
	Code      kg.Code
	What      string // "the operation has 30 fields within fields"
	Got, Most int    // Got is 0 where it is not known
	Remedy    string
}

// Error says what, how much, the limit, and what to do.
func (e *LimitError) Error() string {
	return fmt.Sprintf("%s, more than the %d allowed; %s", e.What, e.Most, e.Remedy)
}

// GraphQL is the error as a client sees it.
func (e *LimitError) GraphQL() *gqlerror.Error {
	out := Refusal(e.Code, "%s", e.Error())
	out.Extensions["limit"] = e.Most
	if e.Got > 0 {
		out.Extensions["asked"] = e.Got
	}
	return out
}

// Refusal is an error with a code.
func Refusal(code kg.Code, format string, args ...any) *gqlerror.Error {
	return &gqlerror.Error{Message: fmt.Sprintf(format, args...), Extensions: map[string]any{"code": string(code)}}
}
