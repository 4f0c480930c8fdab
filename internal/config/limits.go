package config

import (
	"reflect"

	"entente/internal/kg"
)

// Limits are the most that one request may ask for. The fields are those of
// graph.Limits, to which it converts.
type Limits struct {
	Body          int `name:"limit-body" help:"Bytes of a request's body. This limit and the following: 0 is none." env:"ENTENTE_LIMIT_BODY" default:"262144" placeholder:"N"`
	Tokens        int `name:"limit-tokens" help:"Words and signs of a GraphQL document." env:"ENTENTE_LIMIT_TOKENS" default:"15000" placeholder:"N"`
	Definitions   int `name:"limit-definitions" help:"Operations and fragments of a document." env:"ENTENTE_LIMIT_DEFINITIONS" default:"100" placeholder:"N"`
	Depth         int `name:"limit-depth" help:"Fields within fields." env:"ENTENTE_LIMIT_DEPTH" default:"20" placeholder:"N"`
	Fields        int `name:"limit-fields" help:"Fields and fragments of an operation, spelt out." env:"ENTENTE_LIMIT_FIELDS" default:"1000" placeholder:"N"`
	RootFields    int `name:"limit-root-fields" help:"Fields at the top of an operation." env:"ENTENTE_LIMIT_ROOT_FIELDS" default:"20" placeholder:"N"`
	Aliases       int `name:"limit-aliases" help:"Aliases of an operation." env:"ENTENTE_LIMIT_ALIASES" default:"50" placeholder:"N"`
	Directives    int `name:"limit-directives" help:"Directives of an operation." env:"ENTENTE_LIMIT_DIRECTIVES" default:"50" placeholder:"N"`
	SamePath      int `name:"limit-same-path" help:"Fields that are merged into one field of the answer." env:"ENTENTE_LIMIT_SAME_PATH" default:"50" placeholder:"N"`
	Introspection int `name:"limit-introspection" help:"Questions about the schema in an operation." env:"ENTENTE_LIMIT_INTROSPECTION" default:"2" placeholder:"N"`
	List          int `name:"limit-list" help:"Elements of a list that is an argument or a variable." env:"ENTENTE_LIMIT_LIST" default:"1000" placeholder:"N"`
	Text          int `name:"limit-text" help:"Bytes of a text that is an argument or a variable." env:"ENTENTE_LIMIT_TEXT" default:"32768" placeholder:"N"`
	IDs           int `name:"limit-ids" help:"Ids of nodes asked for at once." env:"ENTENTE_LIMIT_IDS" default:"1000" placeholder:"N"`
	Page          int `name:"limit-page" help:"Rows of a page." env:"ENTENTE_LIMIT_PAGE" default:"1000" placeholder:"N"`
	Complexity    int `name:"limit-complexity" help:"Values that an operation may ask for, the lengths of pages multiplied down." env:"ENTENTE_LIMIT_COMPLEXITY" default:"250000" placeholder:"N"`
	Rows          int `name:"limit-rows" help:"Rows read for one answer." env:"ENTENTE_LIMIT_ROWS" default:"50000" placeholder:"N"`
	Errors        int `name:"limit-errors" help:"Errors in one answer." env:"ENTENTE_LIMIT_ERRORS" default:"20" placeholder:"N"`
}

// Verify reports the first limit that cannot be one, with a remedy.
func (l Limits) Verify() error {
	v := reflect.ValueOf(l)
	for i := range v.NumField() {
		if n := v.Field(i).Int(); n < 0 {
			return kg.Invalid("write 0 for no limit, or a number above it", "--%s is %d", v.Type().Field(i).Tag.Get("name"), n)
		}
	}
	return nil
}
