// Package config holds everything a person can set: one struct, filled from
// flags, then environment variables, then a configuration file, then defaults.
package config

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"entente/internal/kg"
)

// Store says where the graph is kept.
type Store struct {
	Store string `help:"Where the graph is kept: sqlite:FILE, or neo4j://HOST:PORT or bolt://HOST:PORT (also +s, +ssc). Default: a file in the user's data folder, ${default_store}." env:"ENTENTE_STORE" placeholder:"URL"`

	// kong would write the names as "neo-4-j".
	Neo4jUser     string        `name:"neo4j-user" help:"User name at Neo4j." env:"ENTENTE_NEO4J_USER" default:"neo4j" placeholder:"NAME"`
	Neo4jPassword string        `name:"neo4j-password" secret:"" help:"Password at Neo4j; empty for a server without authentication. Prefer the environment variable." env:"ENTENTE_NEO4J_PASSWORD" placeholder:"PASSWORD"`
	Neo4jDatabase string        `name:"neo4j-database" help:"Database at Neo4j; the user's home database where left out." env:"ENTENTE_NEO4J_DATABASE" placeholder:"NAME"`
	StoreTimeout  time.Duration `help:"How long one transaction of the store may take." env:"ENTENTE_STORE_TIMEOUT" default:"30s"`
}

// Log says how the program reports what it does, on standard error.
type Log struct {
	LogLevel  string `help:"Least level that is logged: debug, info, warn or error." env:"ENTENTE_LOG_LEVEL" default:"info" enum:"debug,info,warn,error"`
	LogFormat string `help:"Form of the log: text or json." env:"ENTENTE_LOG_FORMAT" default:"text" enum:"text,json"`
}

// Server says how the program serves.
type Server struct {
	Listen         string        `help:"Address to serve on, HOST:PORT; port 0 picks a free one." env:"ENTENTE_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	CORSOrigins    []string      `help:"Origins whose pages may call the API from a browser, such as https://example.org; separated by commas." env:"ENTENTE_CORS_ORIGINS" placeholder:"ORIGIN"`
	RequestTimeout time.Duration `help:"How long one request may take." env:"ENTENTE_REQUEST_TIMEOUT" default:"30s"`
	DrainTimeout   time.Duration `help:"How long running requests may take to end when the program is told to stop." env:"ENTENTE_DRAIN_TIMEOUT" default:"10s"`
}

const durationRemedy = "write a duration above 0, such as 30s"

// Verify reports the first setting of the store that cannot work, with a remedy.
func (s Store) Verify() error {
	if s.StoreTimeout <= 0 {
		return kg.Invalid(durationRemedy, "--store-timeout is %s", s.StoreTimeout)
	}
	scheme, rest, ok := strings.Cut(s.Store, ":")
	if !ok {
		return kg.Invalid("write sqlite:FILE, neo4j://HOST:PORT or bolt://HOST:PORT", "the store %q has no scheme", s.Store)
	}
	if scheme == "sqlite" {
		if rest == "" {
			return kg.Invalid("write sqlite:FILE", "the store %q names no file", s.Store)
		}
		return nil
	}
	if !slices.Contains([]string{"neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc"}, scheme) {
		return kg.Invalid("write sqlite:FILE, neo4j://HOST:PORT or bolt://HOST:PORT", "there is no store %q", scheme)
	}
	u, err := url.Parse(s.Store)
	if err != nil || u.Host == "" {
		return kg.Invalid("write "+scheme+"://HOST:PORT", "the store is not a usable address")
	}
	if u.User != nil {
		return kg.Invalid("use --neo4j-user and the environment variable ENTENTE_NEO4J_PASSWORD", "the store's address holds a user name or a password")
	}
	return nil
}

// Verify reports the first setting of the server that cannot work, with a remedy.
func (s Server) Verify() error {
	_, port, err := net.SplitHostPort(s.Listen)
	if err != nil {
		return kg.Invalid("write HOST:PORT, such as 127.0.0.1:8080", "--listen is %q", s.Listen)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return kg.Invalid("use a port from 1 to 65535, or 0 for a free one, such as 127.0.0.1:8080", "--listen is %q, and there is no port %q", s.Listen, port)
	}
	for _, origin := range s.CORSOrigins {
		u, err := url.Parse(origin)
		if err != nil || u.Scheme == "" || u.Host == "" || strings.TrimSuffix(u.Path, "/") != "" || strings.Contains(origin, "*") {
			return kg.Invalid("write the origin in full, such as https://example.org", "--cors-origins has %q", origin)
		}
	}
	if s.RequestTimeout <= 0 {
		return kg.Invalid(durationRemedy, "--request-timeout is %s", s.RequestTimeout)
	}
	if s.DrainTimeout <= 0 {
		return kg.Invalid(durationRemedy, "--drain-timeout is %s", s.DrainTimeout)
	}
	return nil
}

// Logger makes the log, usually on standard error.
func (l Log) Logger(out io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(l.LogLevel)) // the enum above leaves readable levels only
	opts := &slog.HandlerOptions{Level: level}
	if l.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(out, opts))
	}
	return slog.New(slog.NewTextHandler(out, opts))
}

// DefaultStore is the embedded store in the user's data folder.
func DefaultStore() (string, error) {
	dir, err := dataDir()
	if err != nil {
		return "", fmt.Errorf("finding the user's data folder: %w", err)
	}
	return "sqlite:" + filepath.Join(dir, "entente", "entente.db"), nil
}

// dataDir follows each system's custom; XDG_DATA_HOME wins on all of them.
func dataDir() (string, error) {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return dir, nil
	}
	switch runtime.GOOS {
	case "darwin":
		return os.UserConfigDir() // ~/Library/Application Support
	case "windows":
		return os.UserCacheDir() // %LocalAppData%
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(home, ".local", "share"), nil
}
