package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"entente/internal/kg"
)

// Upgrade is what opening a file changed that held records already.
type Upgrade struct {
	Changes []string // what was done, for people
	Copy    string   // the file as it was before, for Restore
}

// Upgraded returns what Open changed; nil where the file was in line with this
// program, or held nothing.
func (s *Store) Upgraded() *Upgrade { return s.upgrade }

// copied keeps the file as it is under another name, while the transaction keeps
// others from writing to it. A file without records needs no copy.
func (g *migration) copied(ctx context.Context) (*Upgrade, error) {
	n, err := g.c.count(ctx, "SELECT EXISTS (SELECT 1 FROM node)", nil)
	if err != nil || n == 0 {
		return nil, err
	}
	kept, err := g.copy(ctx)
	if err != nil {
		return nil, g.noCopy(ctx, err)
	}
	return &Upgrade{Copy: kept}, nil
}

func (g *migration) copy(ctx context.Context) (kept string, err error) {
	if err := g.removeUnfinished(); err != nil {
		return "", err
	}
	if kept, err = beside(g.path); err != nil {
		return "", err
	}
	_, err = Backup(ctx, g.path, kept)
	return kept, err
}

// removeUnfinished removes what a process left that was killed while it copied the file.
func (g *migration) removeUnfinished() error {
	entries, err := os.ReadDir(filepath.Dir(g.path))
	if err != nil {
		return fmt.Errorf("looking for copies of %s: %w", g.path, err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), filepath.Base(g.path)+beforeMark) && strings.HasSuffix(e.Name(), partialMark) {
			if err := removed(filepath.Join(filepath.Dir(g.path), e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// noCopy refuses a file that cannot be copied.
func (g *migration) noCopy(ctx context.Context, err error) error {
	if ctx.Err() != nil || isDamaged(err) {
		return err
	}
	if kg.CodeOf(err) == kg.CodeInvalid {
		return &kg.Error{Code: kg.CodeInvalid, Err: err, Remedy: "restore it from a backup, or load the data into a new file",
			Message: fmt.Sprintf("%s has to be changed to fit this program, and a copy of it is not whole: %v", g.path, err)}
	}
	return kg.Unavailable(err, "make room for a copy beside it, and give this program the right to write there; the file is as it was",
		"%s has to be changed to fit this program, and cannot be copied before that: %v", g.path, err)
}

// undone removes the copy of a file whose change has failed, and so is as it was.
func (u *Upgrade) undone(err error) error {
	if u == nil || err == nil {
		return err
	}
	return errors.Join(err, removed(u.Copy))
}

// told adds where the copy is to an error that leaves open what has become of the file.
func (u *Upgrade) told(err error) error {
	if u == nil || err == nil {
		return err
	}
	return fmt.Errorf("%w (what the file held before it was to be changed is kept in %s)", err, u.Copy)
}

// atMost is how many names a line of a summary has; a change of the model may have a hundred.
const atMost = 5

// summary says what steps do, one line for each kind of change.
func summary(steps []step) []string {
	var verbs, lines []string
	names := map[string][]string{}
	for _, s := range steps {
		if s.verb == "" {
			continue
		}
		if !slices.Contains(verbs, s.verb) {
			verbs = append(verbs, s.verb)
		}
		names[s.verb] = append(names[s.verb], s.name)
	}
	for _, verb := range verbs {
		line := verb + " " + strings.Join(names[verb][:min(atMost, len(names[verb]))], ", ")
		if more := len(names[verb]) - atMost; more > 0 {
			line += fmt.Sprintf(" and %d more", more)
		}
		lines = append(lines, line)
	}
	return lines
}
