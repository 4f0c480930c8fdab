package neo4j

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entente/internal/store"
	"entente/internal/watch"
)

// newEngine names this engine in the spans of its statements. Cypher has no one
// word for what a statement does, so that none is given.
func newEngine(database, host string) *watch.Engine {
	return &watch.Engine{System: "neo4j", Database: database, Host: host, Status: status}
}

// status is Neo4j's own code of an error.
func status(err error) string {
	if answer, ok := errors.AsType[*neo4j.Neo4jError](lastOf(err)); ok {
		return answer.Code
	}
	return ""
}

// begin tells those who watch of a statement that is about to run.
func (s *Store) begin(ctx context.Context, st statement) watch.Statement {
	if s.cfg.OnStatement != nil {
		s.cfg.OnStatement(st.cypher, st.params)
	}
	return s.engine.Statement(ctx, st.cypher)
}

var _ store.Pooled = (*Store)(nil)

// Pool tells of the sessions: each holds one connection at most. The driver does
// not show its pool, so that how long a session waits for a connection is not
// known; that it has to is, with one server. A cluster has as many connections
// for each of its servers.
func (s *Store) Pool() store.Pool {
	return store.Pool{InUse: min(int(s.sessions.open.Load()), s.cfg.MaxConnections), Max: s.cfg.MaxConnections, Waits: s.sessions.waits.Load()}
}

// sessions counts what is under way at the server.
type sessions struct {
	most        int64
	open, waits atomic.Int64
}

// enter counts one more until the function that it returns is called.
func (n *sessions) enter() (leave func()) {
	if n.open.Add(1) > n.most {
		n.waits.Add(1)
	}
	return func() { n.open.Add(-1) }
}
