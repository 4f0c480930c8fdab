package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"entente/graph"
	"entente/internal/kg"
)

// check refuses a request that names no operation or lacks variables, in words
// of the command line. Any other fault of a query is told by what runs it.
func (c *queryCmd) check(req graph.Request) error {
	where := c.File
	if where == "-" {
		where = "standard input"
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: req.Query})
	if err != nil {
		return nil //nolint:nilerr // it is told with its place when the query is run
	}
	operation, err := chosen(doc.Operations, req.Operation, where)
	if err != nil {
		return err
	}
	return checkVariables(operation, req.Variables)
}

// chosen finds the operation that is to be run.
func chosen(all ast.OperationList, name, where string) (*ast.OperationDefinition, error) {
	if len(all) == 0 {
		return nil, kg.Invalid("write one, such as { overview { kinds { kind count } } }", "%s holds no query", where)
	}
	if name == "" && len(all) == 1 {
		return all[0], nil
	}
	i := slices.IndexFunc(all, func(o *ast.OperationDefinition) bool { return o.Name == name && name != "" })
	if i >= 0 {
		return all[i], nil
	}
	var names []string
	for _, o := range all {
		if o.Name != "" {
			names = append(names, o.Name)
		}
	}
	list := strings.Join(names, ", ")
	switch {
	case len(names) == 0 && name == "":
		return nil, kg.Invalid("give each a name, such as query Name { … }, and choose one with --operation", "%s holds %d operations without a name", where, len(all))
	case len(names) == 0:
		return nil, kg.Invalid("leave --operation out", "%s holds no operation with the name %q, but one without a name", where, name)
	case name == "":
		return nil, kg.Invalid("choose one with --operation, such as --operation "+names[0], "%s holds %d operations: %s", where, len(all), list)
	}
	return nil, kg.Invalid("choose one with --operation: "+list, "%s holds no operation with the name %q", where, name)
}

// checkVariables refuses a request that lacks a value which the operation cannot do without.
func checkVariables(o *ast.OperationDefinition, given map[string]any) error {
	var missing, example []string
	for _, v := range o.VariableDefinitions {
		if _, ok := given[v.Variable]; ok || !v.Type.NonNull || v.DefaultValue != nil {
			continue
		}
		missing = append(missing, fmt.Sprintf("$%s (%s)", v.Variable, v.Type))
		example = append(example, fmt.Sprintf("%q: …", v.Variable))
	}
	if len(missing) == 0 {
		return nil
	}
	return kg.Invalid(fmt.Sprintf("give it with --variables '{%s}'", strings.Join(example, ", ")),
		"the query needs a value for %s", strings.Join(missing, ", "))
}
