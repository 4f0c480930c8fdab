package neo4j_test

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entente/internal/ontology"
	"entente/internal/store/neo4j/neo4jtest"
	"entente/internal/store/storetest"
)

// fullScans are the operators that read what no index was asked for.
var fullScans = regexp.MustCompile(`\b(AllNodesScan|\w*NodeByLabelScan|\w*LabelsScan|\w*AllRelationshipsScan|\w*RelationshipTypeScan|\w*RelationshipTypesScan)\b`)

// schemaStatement tells the statements that cannot be explained.
var schemaStatement = regexp.MustCompile(`^(SHOW|CREATE (CONSTRAINT|RANGE|FULLTEXT)|DROP) `)

func TestNoStatementScans(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]map[string]any{}
	s := server.Start(t)
	st := openAt(t, s, storetest.Model(t), func(cypher string, params map[string]any) {
		mu.Lock()
		defer mu.Unlock()
		if !schemaStatement.MatchString(cypher) {
			seen[cypher] = maps.Clone(params)
		}
	})
	storetest.Exercise(t.Context(), t, st)
	explain, shape := explainer(t, s), shapes(storetest.Model(t))
	explained := map[string]bool{}
	for _, cypher := range slices.Sorted(maps.Keys(seen)) {
		if explained[shape(cypher)] {
			continue
		}
		explained[shape(cypher)] = true
		plan := explain(cypher, seen[cypher])
		if found := fullScans.FindAllString(plan, -1); found != nil {
			t.Errorf("%v in the plan of\n%s\n%s", found, cypher, plan)
		}
	}
	t.Logf("%d statements of %d shapes", len(seen), len(explained))
}

// shapes returns a function that makes one text of statements that differ only
// in the choice among properties of one type, or among operators that an index
// serves alike, which spares a fifth of thousands of statements their explaining.
func shapes(o *ontology.Ontology) func(cypher string) string {
	pairs := []string{" >= ", " < ", " <= ", " < ", " > ", " < "}
	for _, k := range o.Kinds {
		for _, p := range k.Properties {
			pairs = append(pairs, "`"+p.Name, fmt.Sprintf("`%s %v %v", p.Type, p.List, p.Required))
		}
	}
	names := strings.NewReplacer(pairs...)
	number := regexp.MustCompile(`\$p\d+`)
	return func(cypher string) string { return number.ReplaceAllString(names.Replace(cypher), "$p") }
}

// explainer returns a function that asks for the plan of a statement, as the
// server writes it: the driver's own tree of operators lacks some of them.
func explainer(t *testing.T, s neo4jtest.Server) func(cypher string, params map[string]any) string {
	t.Helper()
	d, err := driver.NewDriverWithContext(s.URI, driver.BasicAuth(s.Username, s.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close(context.Background()) })
	return func(cypher string, params map[string]any) string {
		t.Helper()
		result, err := driver.ExecuteQuery(t.Context(), d, "EXPLAIN "+cypher, params, driver.EagerResultTransformer)
		if err != nil {
			t.Fatalf("explaining\n%s\n%v", cypher, err)
		}
		plan, ok := result.Summary.Plan().Arguments()["string-representation"].(string)
		if !ok || !strings.Contains(plan, "ProduceResults") && !strings.Contains(plan, "EmptyResult") {
			t.Fatalf("the server gave no plan of\n%s", cypher)
		}
		return plan
	}
}
