package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/99designs/gqlgen/graphql"

	"entente/graph"
	"entente/internal/config"
	"entente/internal/kg"
)

type queryCmd struct {
	File      string `arg:"" help:"File with a GraphQL query; - reads standard input." placeholder:"FILE|-"`
	Variables string `help:"Variables of the query, as a JSON object." placeholder:"JSON"`
	Operation string `help:"Name of the operation to run, where the file has several." placeholder:"NAME"`
	Format    string `help:"Form of the answer: json, or a table with one row for each result." enum:"json,table" default:"json"`
	config.Store
}

// Run answers one query in this process, without a server.
func (c *queryCmd) Run(ctx context.Context, m *Main, cli *cli) (err error) {
	text, err := c.text(m.Stdin)
	if err != nil {
		return err
	}
	req := graph.Request{Query: text, Operation: c.Operation}
	if c.Variables != "" {
		if err := json.Unmarshal([]byte(c.Variables), &req.Variables); err != nil {
			return kg.Invalid(`write an object such as {"id": "christchurch-2019"}`, "--variables is not a JSON object: %v", err)
		}
	}
	if err := c.check(req); err != nil {
		return err
	}
	st, err := openToAsk(ctx, c.Store, m.upgraded)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	resp, err := graph.Run(ctx, &graph.Resolver{Store: st.Store, Ontology: st.Ontology}, cli.Logger(m.Stderr), req)
	if err != nil {
		return err
	}
	return c.print(m, resp)
}

func (c *queryCmd) text(stdin io.Reader) (string, error) {
	if c.File == "-" {
		text, err := io.ReadAll(stdin)
		if err != nil {
			return "", fmt.Errorf("reading the query from standard input: %w", err)
		}
		return string(text), nil
	}
	text, err := os.ReadFile(c.File)
	if err != nil {
		return "", kg.Invalid("name a file with a GraphQL query, or - for standard input", "the query cannot be read: %v", err)
	}
	return string(text), nil
}

// print writes the answer; errors in it make the command fail after printing.
func (c *queryCmd) print(m *Main, resp *graphql.Response) error {
	for _, e := range resp.Errors {
		_, _ = fmt.Fprintln(m.Stderr, "entente: the query failed:", e.Error())
	}
	if c.Format == "table" && len(resp.Data) > 0 {
		rows, err := writeTable(m.Stdout, resp.Data)
		if err != nil {
			return fmt.Errorf("printing the table: %w", err)
		}
		if rows == 0 && len(resp.Errors) == 0 {
			_, _ = fmt.Fprintln(m.Stderr, "entente: the table has no rows: nothing in the graph is as asked, or nothing is known of it.")
		}
	}
	if c.Format == "json" {
		enc := json.NewEncoder(m.Stdout)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		if err := enc.Encode(resp); err != nil {
			return fmt.Errorf("printing the answer: %w", err)
		}
	}
	if len(resp.Errors) > 0 {
		return errReported
	}
	return nil
}
