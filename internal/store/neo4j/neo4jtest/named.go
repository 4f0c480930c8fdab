package neo4jtest

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/url"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// startNamed takes the server that the environment names, for this process alone.
func startNamed(ctx context.Context, address string) (*running, error) {
	s, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	unlock, err := lockedfile.MutexAt(lockPath(s.URI)).Lock()
	if err != nil {
		return nil, fmt.Errorf("waiting for the turn at %s: %w", s.URI, err)
	}
	driver, err := connect(ctx, s, nil)
	if err != nil {
		unlock()
		return nil, err
	}
	return &running{Server: s, driver: driver, stop: unlock}, nil
}

func parseAddress(address string) (Server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return Server{}, fmt.Errorf("%s is not an address such as bolt://user:password@host:7687", AddressVariable)
	}
	s := Server{Username: u.User.Username()}
	s.Password, _ = u.User.Password()
	u.User = nil
	s.URI = u.String()
	return s, nil
}

// lockPath names one file for each server, the same in all processes.
func lockPath(uri string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(uri)) // hashes never fail
	return filepath.Join(os.TempDir(), fmt.Sprintf("entente-neo4j-%x.lock", h.Sum64()))
}
