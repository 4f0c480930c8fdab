package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/alecthomas/kong"

	"entente/internal/config"
)

// configCmd takes what serve takes: all settings there are.
type configCmd struct {
	serveCmd
	Format string `help:"Form of the answer: text or json." enum:"text,json" default:"text"`
}

// Help ends the help of the command.
func (c *configCmd) Help() string {
	return "A flag wins over an environment variable, and that over the configuration file. Passwords are not shown."
}

// setting is one line of the answer.
type setting struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
	From  origin `json:"from"`
	Where string `json:"where,omitempty"` // the variable or the file
}

type origin string

const (
	fromFlag        origin = "flag"
	fromEnvironment origin = "environment"
	fromFile        origin = "file"
	fromDefault     origin = "default"
)

// Run prints the settings in effect, then refuses the first that cannot work.
func (c *configCmd) Run(m *Main, cli *cli, parsed *kong.Context) error {
	if c.Store.Store == "" {
		var err error
		if c.Store.Store, err = config.DefaultStore(); err != nil {
			return err
		}
	}
	var list []setting
	for _, path := range parsed.Path {
		for _, flag := range path.Flags {
			if isSetting(flag) {
				list = append(list, effective(parsed, flag, string(cli.Config)))
			}
		}
	}
	if err := c.print(m, list); err != nil {
		return fmt.Errorf("printing the settings: %w", err)
	}
	return c.verify()
}

// effective describes a setting.
func effective(parsed *kong.Context, flag *kong.Flag, file string) setting {
	s := setting{Name: flag.Name, Value: shownValue(flag), From: fromDefault}
	if variable := variableOf(flag); variable != "" {
		s.From, s.Where = fromEnvironment, variable
	}
	for _, p := range parsed.Path {
		switch {
		case p.Flag != flag:
		case p.Resolved:
			s.From, s.Where = fromFile, file
		default:
			s.From, s.Where = fromFlag, "--"+flag.Name
		}
	}
	return s
}

// shownValue is the value of a flag as it is shown: without secrets.
func shownValue(flag *kong.Flag) any {
	if flag.Tag.Has("secret") {
		if flag.Target.IsZero() {
			return "not set"
		}
		return "set"
	}
	switch v := flag.Target.Interface().(type) {
	case time.Duration:
		return v.String()
	case []string:
		return append([]string{}, v...)
	case string:
		if _, rest, ok := strings.Cut(v, "@"); ok && strings.Contains(v, "://") { // refused as a store, but somebody may have written it
			return "(hidden)@" + rest
		}
		return v
	default:
		return v
	}
}

func (c *configCmd) print(m *Main, list []setting) error {
	if c.Format == "json" {
		enc := json.NewEncoder(m.Stdout)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(map[string][]setting{"settings": list})
	}
	table := tabwriter.NewWriter(m.Stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "setting\tvalue\tfrom") // Flush reports what fails
	for _, s := range list {
		from := string(s.From)
		if s.Where != "" {
			from += " " + s.Where
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", s.Name, textValue(s.Value), from)
	}
	return table.Flush()
}

func textValue(v any) string {
	if list, ok := v.([]string); ok {
		v = strings.Join(list, ",")
	}
	if reflect.ValueOf(v).IsZero() && reflect.TypeOf(v).Kind() == reflect.String {
		return "-"
	}
	return fmt.Sprint(v)
}
