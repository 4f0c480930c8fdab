package neo4j

import (
	"context"

	"entente/internal/kg"
)

// Nodes reads nodes by their ids.
func (s *Store) Nodes(ctx context.Context, ids []string) (map[string]*kg.Node, error) {
	if err := ctx.Err(); err != nil || len(ids) == 0 {
		return map[string]*kg.Node{}, err
	}
	found, err := ask(ctx, s, s.nodesStatement(ids), s.layout.readNode)
	if err != nil {
		return nil, err
	}
	return byID(found), nil
}

func (s *Store) nodesStatement(ids []string) statement {
	return statement{
		cypher: "MATCH (n" + label(entityLabel) + ") WHERE n.id IN $ids RETURN " + project(s.layout.kinds, "n") + " AS node",
		params: map[string]any{"ids": ids},
	}
}

func byID(found []*kg.Node) map[string]*kg.Node {
	nodes := make(map[string]*kg.Node, len(found))
	for _, n := range found {
		if n != nil { // else it is of a kind that the model no longer has
			nodes[n.ID] = n
		}
	}
	return nodes
}
