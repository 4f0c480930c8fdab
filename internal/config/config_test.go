package config_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"entente/internal/config"
)

type all struct {
	config.Store
	config.Server
	config.Log
	config.Access
	config.Load
	config.Discovery
}

func parse(t *testing.T, args ...string) all {
	t.Helper()
	var c all
	p, err := kong.New(&c, kong.Vars{"default_store": ""})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Parse(args); err != nil {
		t.Fatal(err)
	}
	return c
}

// Every default is a promise: a change of one is a change for everybody.
func TestDefaults(t *testing.T) {
	want := all{
		Store:     config.Store{Neo4jUser: "neo4j", StoreTimeout: 30 * time.Second},
		Server:    config.Server{Listen: "127.0.0.1:8080", RequestTimeout: 30 * time.Second, DrainTimeout: 10 * time.Second},
		Log:       config.Log{LogLevel: "info", LogFormat: "text"},
		Load:      config.Load{Requests: 32, Rate: 50, Connections: 64, SocketOps: 32, AllConnections: 4096},
		Discovery: config.Discovery{Playground: true, Introspection: true, Suggestions: true},
	}
	if diff := cmp.Diff(want, parse(t)); diff != "" {
		t.Error(diff)
	}
}

func TestFlagsWinOverTheEnvironment(t *testing.T) {
	t.Setenv("ENTENTE_LISTEN", "127.0.0.1:1")
	t.Setenv("ENTENTE_STORE", "sqlite:env.db")
	t.Setenv("ENTENTE_CORS_ORIGINS", "https://a.example,https://b.example")
	c := parse(t, "--listen", "127.0.0.1:2")
	if c.Listen != "127.0.0.1:2" || c.Store.Store != "sqlite:env.db" || len(c.CORSOrigins) != 2 {
		t.Errorf("got %+v", c)
	}
}

func TestVerifySaysWhatToDo(t *testing.T) {
	good := parse(t, "--store", "sqlite:x.db")
	for name, tc := range map[string]struct {
		change func(*all)
		remedy string // empty: all is well
	}{
		"defaults":           {func(*all) {}, ""},
		"bolt":               {func(c *all) { c.Store.Store = "bolt+ssc://db.example:7687" }, ""},
		"origin":             {func(c *all) { c.CORSOrigins = []string{"https://a.example", "http://localhost:5173"} }, ""},
		"no scheme":          {func(c *all) { c.Store.Store = "graph.db" }, "write sqlite:FILE"},
		"no file":            {func(c *all) { c.Store.Store = "sqlite:" }, "write sqlite:FILE"},
		"unknown scheme":     {func(c *all) { c.Store.Store = "postgres://db" }, "write sqlite:FILE, neo4j://HOST:PORT or bolt://HOST:PORT"},
		"no host":            {func(c *all) { c.Store.Store = "neo4j://" }, "write neo4j://HOST:PORT"},
		"password in a URL":  {func(c *all) { c.Store.Store = "bolt://a:b@db" }, "ENTENTE_NEO4J_PASSWORD"},
		"no time for stores": {func(c *all) { c.Store.Store, c.StoreTimeout = "bolt://db", 0 }, "such as 30s"},
		"no time for a file": {func(c *all) { c.StoreTimeout = -1 }, "--store-timeout is -1ns; write a duration above 0, such as 30s"},
		"no such port":       {func(c *all) { c.Listen = "127.0.0.1:99999" }, `no port "99999"; use a port from 1 to 65535`},
		"a word for a port":  {func(c *all) { c.Listen = "127.0.0.1:http" }, "use a port from"},
		"no time to end":     {func(c *all) { c.DrainTimeout = 0 }, "--drain-timeout is 0s; write a duration above 0, such as 30s"},
		"no port":            {func(c *all) { c.Listen = "localhost" }, "write HOST:PORT"},
		"any origin":         {func(c *all) { c.CORSOrigins = []string{"*"} }, "write the origin in full"},
		"origin with a path": {func(c *all) { c.CORSOrigins = []string{"https://a.example/x"} }, "write the origin in full"},
		"no time at all":     {func(c *all) { c.RequestTimeout = -1 }, "such as 30s"},
	} {
		t.Run(name, func(t *testing.T) {
			c := good
			tc.change(&c)
			err := c.Store.Verify()
			if err == nil {
				err = c.Server.Verify()
			}
			switch {
			case tc.remedy == "" && err != nil:
				t.Error(err)
			case tc.remedy != "" && (err == nil || !strings.Contains(err.Error(), tc.remedy)):
				t.Errorf("got %v, want %q", err, tc.remedy)
			}
		})
	}
}

func TestDefaultStoreIsInTheUsersDataFolder(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_DATA_HOME", dir)
	got, err := config.DefaultStore()
	if want := "sqlite:" + filepath.Join(dir, "entente", "entente.db"); err != nil || got != want {
		t.Errorf("got %s %v, want %s", got, err, want)
	}
}
