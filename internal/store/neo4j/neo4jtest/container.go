package neo4jtest

import (
	"context"
	"fmt"

	"github.com/testcontainers/testcontainers-go"
)

const (
	image = "neo4j:" + version + "-community"
	bolt  = "7687/tcp"
)

// startContainer starts a server in a container.
func startContainer(ctx context.Context) (*running, error) {
	if err := checkEngine(ctx); err != nil {
		return nil, err
	}
	c, err := testcontainers.Run(ctx, image, testcontainers.WithExposedPorts(bolt), testcontainers.WithEnv(map[string]string{
		"NEO4J_AUTH": "neo4j/" + password,
		"NEO4J_dbms_security_auth__max__failed__attempts": "0",
	}))
	stop := func() { _ = testcontainers.TerminateContainer(c) } // the engine's reaper takes what is left
	if err != nil {
		stop()
		return nil, fmt.Errorf("starting a container of %s: %w", image, err)
	}
	uri, err := c.PortEndpoint(ctx, bolt, "bolt")
	if err != nil {
		stop()
		return nil, fmt.Errorf("asking for the port of the container: %w", err)
	}
	s := Server{URI: uri, Username: "neo4j", Password: password}
	driver, err := connect(ctx, s, nil)
	if err != nil {
		stop()
		return nil, err
	}
	return &running{Server: s, driver: driver, stop: stop}, nil
}

// checkEngine finds out whether a container engine runs; the library panics where it finds none.
func checkEngine(ctx context.Context) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &missing{fmt.Sprintf("no container engine: %v", r)}
		}
	}()
	provider, err := testcontainers.ProviderDefault.GetProvider()
	if err != nil {
		return &missing{fmt.Sprintf("no container engine: %v", err)}
	}
	defer func() { _ = provider.Close() }() // nothing was changed through it
	if err := provider.Health(ctx); err != nil {
		return &missing{fmt.Sprintf("no container engine: %v", err)}
	}
	return nil
}
