package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set at release: -ldflags "-X main.version=1.0.0".
var version = "development"

type versionCmd struct{}

// Run prints the version, the commit it was built from, and the platform.
func (versionCmd) Run(m *Main) error {
	commit := "unknown commit"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = s.Value
			}
		}
	}
	_, err := fmt.Fprintf(m.Stdout, "entente %s (%s, %s %s/%s)\n", version, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
