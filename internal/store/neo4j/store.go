// Package neo4j keeps the graph in a Neo4j server, 5.23 or newer, over Bolt.
//
// A node has the label of its kind, the labels of the interfaces that it
// implements and one label that all nodes share; an edge is a relationship of
// its type. layout.go says how values are stored, schema.go which indexes there
// are; find.go, expand.go, neighbours.go, search.go and group.go write the
// Cypher of one operation each, with render.go for conditions. No value ever
// becomes part of a statement: values are parameters, names come from the
// ontology and are quoted.
package neo4j

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/notifications"
	"golang.org/x/sync/semaphore"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/watch"
)

// Config says which database to use, and how.
type Config struct {
	URI                string // neo4j:// or bolt://, also with +s or +ssc
	Username, Password string // both empty: a server without authentication
	Database           string // empty: the user's home database

	MaxConnections     int           // 0: 50
	TransactionTimeout time.Duration // 0: 30 s; the server ends a transaction that takes longer

	// ReadOnly leaves the database as it is: one that is not in line with the
	// model is refused, and so is any batch.
	ReadOnly bool

	// OnStatement, where set, is told every statement before it runs. It is
	// meant for tests and for measuring; it must not change the parameters.
	OnStatement func(cypher string, params map[string]any)
}

const (
	defaultConnections = 50
	defaultTimeout     = 30 * time.Second
	healthTime         = 5 * time.Second // what takes longer is as bad as no answer
)

// Store is a store.Store over one Neo4j database.
type Store struct {
	o         *ontology.Ontology
	cfg       Config
	address   string // for messages: without user, password and query
	layout    *layout
	driver    neo4j.DriverWithContext
	bookmarks neo4j.BookmarkManager // a read sees every write that this store has made
	writer    chan struct{}         // held by the one batch that is being written
	commits   *semaphore.Weighted   // all of it is held by a commit, a share by each reader; see reading and writing
	engine    *watch.Engine
	sessions  sessions
}

var _ store.Store = (*Store)(nil)

// Open connects to the server, and creates the constraints and indexes that the
// ontology asks for where they are missing, unless it is to read only.
func Open(ctx context.Context, cfg Config, o *ontology.Ontology) (*Store, error) {
	if cfg.MaxConnections == 0 {
		cfg.MaxConnections = defaultConnections
	}
	if cfg.TransactionTimeout == 0 {
		cfg.TransactionTimeout = defaultTimeout
	}
	u, err := url.Parse(cfg.URI)
	if err != nil || u.Host == "" {
		return nil, kg.Invalid(addressRemedy, "the store's address is not one of a Neo4j server")
	}
	auth := neo4j.NoAuth()
	if cfg.Password != "" {
		auth = neo4j.BasicAuth(cfg.Username, cfg.Password, "")
	}
	driver, err := neo4j.NewDriverWithContext(cfg.URI, auth, func(c *config.Config) {
		c.MaxConnectionPoolSize = cfg.MaxConnections
		c.MaxTransactionRetryTime = 0 // repeat knows better what is worth another try
		c.FetchSize = neo4j.FetchAll  // every statement bounds its rows
		c.NotificationsMinSeverity = notifications.DisabledLevel
		c.TelemetryDisabled = true
	})
	if err != nil {
		return nil, kg.Invalid(addressRemedy, "%s://%s is not the address of a Neo4j server: %v", u.Scheme, u.Host, err)
	}
	s := &Store{
		o: o, cfg: cfg, address: u.Scheme + "://" + u.Host, layout: newLayout(o), driver: driver,
		bookmarks: neo4j.NewBookmarkManager(neo4j.BookmarkManagerConfig{}), writer: make(chan struct{}, 1),
		commits: semaphore.NewWeighted(everyReader), engine: newEngine(cfg.Database, u.Hostname()),
	}
	s.sessions.most = int64(cfg.MaxConnections)
	if err := s.prepare(ctx); err != nil {
		_ = driver.Close(ctx) // the first error counts
		return nil, err
	}
	return s, nil
}

// Health asks the server for the simplest answer there is, and does not wait long for it.
func (s *Store) Health(ctx context.Context) error {
	own, cancel := context.WithTimeout(ctx, healthTime)
	defer cancel()
	_, err := ask(own, s, statement{cypher: "RETURN 1"}, func([]any) (struct{}, error) { return struct{}{}, nil })
	if err != nil && own.Err() != nil && ctx.Err() == nil {
		return s.silent(err, healthTime)
	}
	return err
}

// Close closes the connections.
func (s *Store) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := s.driver.Close(ctx); err != nil {
		return fmt.Errorf("closing the connections to %s: %w", s.address, err)
	}
	return nil
}
