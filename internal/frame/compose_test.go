package frame

import (
	"context"
	"net"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"

	"entente/internal/config"
)

const composeFile = "docker-compose.yml"

// password stands for what a person writes into .env.
const password = "a-password-of-nobody"

// compose reads docker-compose.yml as docker compose does, with these variables in .env.
func compose(ctx context.Context, env types.Mapping) (*types.Project, error) {
	return loader.LoadWithContext(ctx, types.ConfigDetails{
		WorkingDir:  root,
		ConfigFiles: []types.ConfigFile{{Filename: filepath.Join(root, composeFile)}},
		Environment: env,
	}, func(o *loader.Options) { o.SetProjectName("entente", true) })
}

func composed(t *testing.T) *types.Project {
	t.Helper()
	project, err := compose(t.Context(), types.Mapping{"ENTENTE_NEO4J_PASSWORD": password})
	if err != nil {
		t.Fatalf("reading %s: %v", composeFile, err)
	}
	return project
}

func TestComposeNeedsAPassword(t *testing.T) {
	_, err := compose(t.Context(), types.Mapping{})
	if err == nil || !strings.Contains(err.Error(), "ENTENTE_NEO4J_PASSWORD") || !strings.Contains(err.Error(), ".env") {
		t.Errorf("without a password: got the error %v, want one that names the variable and where to write it", err)
	}
}

// The API waits until the database answers, and starts again when it falls.
func TestComposeWaitsForNeo4j(t *testing.T) {
	services := composed(t).Services
	if names := services; len(names) != 2 {
		t.Errorf("there are %d services, not neo4j and api", len(names))
	}
	need, ok := services["api"].DependsOn["neo4j"]
	if !ok || need.Condition != types.ServiceConditionHealthy || !need.Required {
		t.Errorf("api depends on neo4j with %+v, not until it is healthy", need)
	}
	health := services["neo4j"].HealthCheck
	if health == nil || health.Disable || len(health.Test) != 2 || !strings.Contains(health.Test[1], "cypher-shell") {
		t.Fatalf("the health of neo4j is not checked with a query: %+v", health)
	}
	if health.Interval == nil || health.Timeout == nil || health.StartPeriod == nil || time.Duration(*health.StartPeriod) < time.Minute {
		t.Errorf("the health check of neo4j leaves it no time to start: %+v", health)
	}
	for name, service := range services {
		if service.Restart != types.RestartPolicyUnlessStopped {
			t.Errorf("%s restarts %q, not unless stopped", name, service.Restart)
		}
	}
}

// The password that the health check uses is the one the server got, and the shell takes it from there.
func TestComposePasswordsAgree(t *testing.T) {
	services := composed(t).Services
	auth := services["neo4j"].Environment["NEO4J_AUTH"]
	given := services["api"].Environment["ENTENTE_NEO4J_PASSWORD"]
	user := services["api"].Environment["ENTENTE_NEO4J_USER"]
	if auth == nil || given == nil || user == nil || *auth != *user+"/"+*given || *given != password {
		t.Error("api and neo4j do not get the same user and password from .env")
	}
	check := services["neo4j"].HealthCheck.Test[1]
	if !strings.Contains(check, `"${NEO4J_AUTH#neo4j/}"`) || strings.Contains(check, password) {
		t.Errorf("the health check does not read the password from the server's environment: %s", check)
	}
}

func TestComposeKeepsTheData(t *testing.T) {
	project := composed(t)
	volumes := project.Services["neo4j"].Volumes
	if len(volumes) != 1 || volumes[0].Type != types.VolumeTypeVolume || volumes[0].Target != "/data" {
		t.Fatalf("neo4j keeps its data in %+v, not in a volume at /data", volumes)
	}
	if _, ok := project.Volumes[volumes[0].Source]; !ok {
		t.Errorf("the volume %q is not declared", volumes[0].Source)
	}
}

// Nothing is published to other machines.
func TestComposePublishesToThisMachineOnly(t *testing.T) {
	for name, service := range composed(t).Services {
		for _, port := range service.Ports {
			if ip := net.ParseIP(port.HostIP); ip == nil || !ip.IsLoopback() {
				t.Errorf("%s publishes port %s at %q, not at 127.0.0.1", name, port.Published, port.HostIP)
			}
		}
	}
}

// What compose tells the program is a configuration that the program takes.
func TestComposeConfiguresTheProgram(t *testing.T) {
	project := composed(t)
	env := project.Services["api"].Environment
	value := func(name string) string {
		if v := env[name]; v != nil {
			return *v
		}
		return ""
	}
	settings := programSettings(t)
	for name := range env {
		if !slices.Contains(settings, name) {
			t.Errorf("api gets the environment variable %s, which the program does not read", name)
		}
	}
	st := config.Store{
		Store: value("ENTENTE_STORE"), Neo4jUser: value("ENTENTE_NEO4J_USER"),
		Neo4jPassword: value("ENTENTE_NEO4J_PASSWORD"), StoreTimeout: time.Second,
	}
	if err := st.Verify(); err != nil {
		t.Error(err)
	}
	who := config.Access{Public: value("ENTENTE_PUBLIC") == "true", APIKeys: value("ENTENTE_API_KEYS")}
	if err := who.Verify(dockerfile(t).env["ENTENTE_LISTEN"]); err != nil {
		t.Error(err)
	}
	if _, host, _ := strings.Cut(st.Store, "://"); !strings.HasPrefix(host, "neo4j:") {
		t.Errorf("the store is %s, not the service neo4j", st.Store)
	}
	ports := project.Services["api"].Ports
	_, listen, err := net.SplitHostPort(dockerfile(t).env["ENTENTE_LISTEN"])
	if err != nil || len(ports) != 1 || listen != "8080" || ports[0].Target != 8080 {
		t.Errorf("the image listens on port %s and compose publishes %+v", listen, ports)
	}
	if build := project.Services["api"].Build; build == nil || (build.Dockerfile != "Dockerfile" && build.Dockerfile != "") {
		t.Errorf("api is not built from the Dockerfile: %+v", build)
	}
}

// Compose and the tests run the same Neo4j.
func TestOneVersionOfNeo4j(t *testing.T) {
	pom := read(t, "internal/store/neo4j/neo4jtest/pom.xml")
	image := composed(t).Services["neo4j"].Image
	version, ok := strings.CutPrefix(strings.TrimSuffix(image, "-community"), "neo4j:")
	if !ok || !strings.Contains(pom, ">"+version+"<") {
		t.Errorf("compose runs %s, which is not the version in the tests' pom.xml", image)
	}
}

// programSettings returns the environment variables that the program reads.
func programSettings(t *testing.T) []string {
	t.Helper()
	tag := regexp.MustCompile(`env:"(ENTENTE_[A-Z0-9_]+)"`)
	var names []string
	for _, name := range withSuffix(tree(t), ".go") {
		if !strings.HasPrefix(name, "internal/config/") && !strings.HasPrefix(name, "cmd/entente/") {
			continue
		}
		for _, match := range tag.FindAllStringSubmatch(read(t, name), -1) {
			names = append(names, match[1])
		}
	}
	return names
}
