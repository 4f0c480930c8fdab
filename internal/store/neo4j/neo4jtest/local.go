package neo4jtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// password is set for the user of every server that this package starts.
const password = "entente-tests"

// settings of a server for tests: quiet, small, and with nobody locked out
// after the wrong passwords of a test.
const settings = `server.bolt.listen_address=%[1]s
server.bolt.advertised_address=%[1]s
server.http.enabled=false
server.https.enabled=false
server.default_listen_address=127.0.0.1
dbms.usage_report.enabled=false
dbms.security.auth_max_failed_attempts=0
server.memory.pagecache.size=512m
db.tx_log.preallocate=false
`

// installation is a server that can be started again and again.
type installation struct {
	java, jars, home string
	Server
	process *process
	output  bytes.Buffer
}

// install prepares a server from its jars, in a temporary folder, on a free port.
func install(ctx context.Context, more ...string) (*installation, error) {
	java, err := findJava(ctx)
	if err != nil {
		return nil, err
	}
	jars, err := fetchJars(ctx)
	if err != nil {
		return nil, err
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	home, err := makeHome(overlaid(fmt.Sprintf(settings, address), more))
	if err != nil {
		return nil, err
	}
	return &installation{java: java, jars: jars, home: home,
		Server: Server{URI: "bolt://" + address, Username: "neo4j", Password: password}}, nil
}

// overlaid adds lines to settings, in place of those of the same name: Neo4j takes none twice.
func overlaid(settings string, more []string) string {
	lines := strings.Split(strings.TrimSpace(settings), "\n")
	for _, added := range more {
		name, _, _ := strings.Cut(added, "=")
		lines = slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, name+"=") })
	}
	return strings.Join(append(lines, more...), "\n") + "\n"
}

// spawn starts the server's process.
func (i *installation) spawn() (err error) {
	i.output.Reset() // the process before has ended
	if i.process, err = spawn(command(i.java, i.jars, i.home, &i.output)); err != nil {
		return fmt.Errorf("starting %s: %w", i.java, err)
	}
	return nil
}

// remove ends the server and deletes its data.
func (i *installation) remove() {
	if i.process != nil {
		i.process.kill()
	}
	_ = os.RemoveAll(i.home) // a rest in the temporary folder does no harm
}

// first starts the server for the first time, and connects.
func (i *installation) first(ctx context.Context) (*running, error) {
	if err := i.spawn(); err != nil {
		return nil, err
	}
	r, err := signIn(ctx, i.Server, i.process.done)
	if err != nil {
		i.process.kill()
		return nil, fmt.Errorf("%w\nits last words:\n%s", err, lastLines(i.output.String(), 20))
	}
	return r, nil
}

// startLocal starts a server of its own for a test binary.
func startLocal(ctx context.Context) (*running, error) {
	i, err := install(ctx)
	if err != nil {
		return nil, err
	}
	r, err := i.first(ctx)
	if err != nil {
		i.remove()
		return nil, err
	}
	r.stop = i.remove
	return r, nil
}

// command is the one that Neo4j's own script would run.
func command(java, jars, home string, output *bytes.Buffer) *exec.Cmd {
	cmd := exec.Command(java, //nolint:noctx // the server outlives the test that starts it
		"-Xmx1g", "-XX:+UseG1GC",
		"--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/java.io=ALL-UNNAMED",
		"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
		"--enable-native-access=ALL-UNNAMED", "--add-modules=jdk.incubator.vector",
		"-Dio.netty.tryReflectionSetAccessible=true", "-cp", filepath.Join(jars, "*"),
		"org.neo4j.server.Neo4jCommunity", "--home-dir="+home, "--config-dir="+filepath.Join(home, "conf"), "--console-mode")
	cmd.Stdout, cmd.Stderr = output, output
	return cmd
}

func makeHome(conf string) (string, error) {
	home, err := os.MkdirTemp("", "entente-neo4j-")
	if err != nil {
		return "", fmt.Errorf("making a folder for Neo4j: %w", err)
	}
	for _, name := range []string{"conf", "data", "logs", "run", "plugins", "import", "licenses"} {
		err = errors.Join(err, os.Mkdir(filepath.Join(home, name), 0o700))
	}
	err = errors.Join(err, os.WriteFile(filepath.Join(home, "conf", "neo4j.conf"), []byte(conf), 0o600))
	if err != nil {
		return "", errors.Join(fmt.Errorf("filling the folder for Neo4j: %w", err), os.RemoveAll(home))
	}
	return home, nil
}

// freeAddress asks the system for a port that nobody uses now.
func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("looking for a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// signIn changes the password that every new server has, which nothing else
// can be asked before, and connects with the new one.
func signIn(ctx context.Context, s Server, gone <-chan struct{}) (*running, error) {
	const initial = "neo4j"
	fresh := s
	fresh.Password = initial
	driver, err := connect(ctx, fresh, gone)
	if err != nil {
		return nil, err
	}
	_, err = neo4j.ExecuteQuery(ctx, driver, "ALTER CURRENT USER SET PASSWORD FROM $old TO $new",
		map[string]any{"old": initial, "new": s.Password}, neo4j.EagerResultTransformer, neo4j.ExecuteQueryWithDatabase("system"))
	if err = errors.Join(err, driver.Close(ctx)); err != nil {
		return nil, fmt.Errorf("setting the password: %w", err)
	}
	if driver, err = connect(ctx, s, gone); err != nil {
		return nil, err
	}
	return &running{Server: s, driver: driver}, nil
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
