package main

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"entente/internal/config"
)

// configFile is the flag that names a configuration file.
type configFile string

// BeforeResolve reads the file; what it sets counts where neither a flag nor an
// environment variable says otherwise.
func (f configFile) BeforeResolve(k *kong.Kong, ctx *kong.Context, trace *kong.Path) error {
	path, ok := ctx.FlagValue(trace.Flag).(configFile)
	if !ok || path == "" {
		return nil
	}
	var known []config.Setting
	for _, flag := range settingsOf(k.Model.Node) {
		s := config.Setting{Name: flag.Name, Type: flag.Target.Type()}
		if flag.Enum != "" {
			s.Enum = strings.Split(flag.Enum, ",")
		}
		known = append(known, s)
	}
	values, err := config.ReadFile(kong.ExpandPath(string(path)), known)
	if err != nil {
		return err
	}
	ctx.AddResolver(kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if !isSetting(flag) || variableOf(flag) != "" {
			return nil, nil
		}
		return values[flag.Name], nil
	}))
	return nil
}

// settingsOf returns the settings of a command and of those within it, each once.
func settingsOf(n *kong.Node) []*kong.Flag {
	var list []*kong.Flag
	add := func(flag *kong.Flag) {
		same := func(other *kong.Flag) bool { return other.Name == flag.Name }
		if isSetting(flag) && !slices.ContainsFunc(list, same) {
			list = append(list, flag)
		}
	}
	for _, flag := range n.Flags {
		add(flag)
	}
	for _, child := range n.Children {
		for _, flag := range settingsOf(child) {
			add(flag)
		}
	}
	return list
}

// isSetting tells what is set for a place or a person, which has an environment
// variable, from what is asked in one call.
func isSetting(flag *kong.Flag) bool {
	return len(flag.Tag.Envs) > 0 && flag.Target.Type() != reflect.TypeFor[configFile]()
}

// variableOf names the environment variable that sets a flag, or is empty.
func variableOf(flag *kong.Flag) string {
	for _, name := range flag.Tag.Envs {
		if _, ok := os.LookupEnv(name); ok {
			return name
		}
	}
	return ""
}

// duration reads a duration; unlike kong's, it takes "-5s" for one, so that
// what it may be is said in one place.
func duration(ctx *kong.DecodeContext, target reflect.Value) error {
	t := ctx.Scan.Pop()
	text := t.String()
	if d, err := time.ParseDuration(text); err == nil {
		target.SetInt(int64(d))
		return nil
	}
	if t.IsEOL() || t.InferredType() == kong.FlagToken {
		return errors.New("a duration is missing; write one such as 30s")
	}
	return fmt.Errorf("%q is no duration; write one such as 30s", text)
}
