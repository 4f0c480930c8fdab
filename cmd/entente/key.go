package main

import (
	"fmt"

	"entente/internal/credentials"
)

type keyCmd struct {
	Name string `arg:"" help:"Whom the key is for, in one word."`
}

// Run prints the line for the file of keys, and the key itself where only the
// person sees it: on standard error, so that ">> FILE" keeps the hash alone.
func (c *keyCmd) Run(m *Main) error {
	key, line, err := credentials.NewKey(c.Name)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(m.Stdout, line); err != nil {
		return err
	}
	_, err = fmt.Fprintf(m.Stderr, "The key of %s, shown this once: %s\nSend it as \"Authorization: Bearer %s\". The line on standard output goes into the file of --api-keys.\n", c.Name, key, key)
	return err
}
