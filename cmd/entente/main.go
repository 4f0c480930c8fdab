// Entente is a knowledge graph of who influences whom in international
// security, served over GraphQL. See README.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"reflect"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"entente/internal/config"
)

func main() { os.Exit(runMain()) }

func runMain() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	m := &Main{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	return m.Run(ctx, os.Args[1:])
}

// Main is the program with its surroundings, so that tests can run it whole.
type Main struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Ready, where set, is told the address that serve answers on.
	Ready func(url string)
}

// Exit codes: the command did its work; it failed; it was called wrongly.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// errReported says that a command failed and has told the person why.
var errReported = errors.New("reported")

// cli is the command line. Environment variables stand beside each flag.
type cli struct {
	Config configFile `help:"A JSON file with settings, by flag name." env:"ENTENTE_CONFIG" placeholder:"FILE"`
	config.Log

	Serve   serveCmd   `cmd:"" default:"withargs" help:"Serve the graph: GraphQL at /graphql, the playground at /. This is the default."`
	Seed    seedCmd    `cmd:"" help:"Load a folder of CSV files into the store."`
	Check   checkCmd   `cmd:"" help:"Check a folder of CSV files without writing anything."`
	Query   queryCmd   `cmd:"" help:"Run a GraphQL query and print the answer."`
	Trace   traceCmd   `cmd:"" help:"Show what a node led to, or what led to it, with the evidence."`
	Paths   pathsCmd   `cmd:"" help:"Show the best paths of influence from one node to another, with the evidence."`
	Backup  backupCmd  `cmd:"" help:"Copy the embedded store to a file, while it is in use, and check the copy."`
	Restore restoreCmd `cmd:"" help:"Put a backup in the place of the embedded store."`
	Key     keyCmd     `cmd:"" help:"Make an API key, and the line that lets it in."`
	Show    configCmd  `cmd:"" name:"config" help:"Print the settings in effect, and where each comes from."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// Run runs the program with these arguments and returns its exit code.
func (m *Main) Run(ctx context.Context, args []string) int {
	code := -1
	parser, err := m.parser(ctx, func(c int) { code = c })
	if err != nil {
		return m.fail(err)
	}
	parsed, err := parser.Parse(args)
	if code >= 0 { // --help has printed and asked to stop
		return code
	}
	if err != nil {
		_, _ = fmt.Fprintf(m.Stderr, "entente: %v\nRun \"entente --help\" for what can be given.\n", err)
		return exitUsage
	}
	if err := parsed.Run(); err != nil {
		return m.fail(err)
	}
	return exitOK
}

// parser reads the command line; exit is told when it has printed the help.
func (m *Main) parser(ctx context.Context, exit func(code int)) (*kong.Kong, error) {
	defaultStore, err := config.DefaultStore()
	if err != nil {
		return nil, err
	}
	parser, err := kong.New(&cli{},
		kong.Name("entente"),
		kong.Description("A knowledge graph of who influences whom in international security, served over GraphQL."),
		kong.Writers(m.Stdout, m.Stderr),
		kong.Exit(exit),
		kong.Vars{"default_store": defaultStore},
		kong.TypeMapper(reflect.TypeFor[time.Duration](), kong.MapperFunc(duration)),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(m),
		kong.UsageOnError(),
	)
	if err != nil {
		return nil, fmt.Errorf("setting up the command line: %w", err)
	}
	return parser, nil
}

func (m *Main) fail(err error) int {
	if !errors.Is(err, errReported) {
		_, _ = fmt.Fprintln(m.Stderr, "entente:", err)
	}
	return exitFailed
}
