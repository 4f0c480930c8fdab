package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"entente/internal/kg"
)

// Contents is what a file was found to hold.
type Contents struct {
	Nodes, Edges int
	Bytes        int64
}

// What is added to the name of a file that is being written, and of one that
// keeps what a store was before a time.
const (
	partialMark = ".partial"
	beforeMark  = ".before-"
)

// Backup writes a copy of the store in a file, as of one moment, while others
// go on reading and writing it. The copy is checked before it gets its name; a
// file that is there already is left alone. It needs no model.
func Backup(ctx context.Context, from, to string) (c *Contents, err error) {
	if err := absent(to); err != nil {
		return nil, err
	}
	partial := to + partialMark
	defer func() { err = errors.Join(err, removed(partial)) }()
	if err := removed(partial); err != nil {
		return nil, err
	}
	// The file is made first, so that nobody else may ever read it.
	if err := touch(partial); err != nil {
		return nil, err
	}
	err = withFile(from, readOnly, func(db *sql.DB) error {
		if err := checkOurs(ctx, db, from); err != nil {
			return err
		}
		if _, err := db.ExecContext(ctx, "VACUUM INTO ?", partial); err != nil {
			return fmt.Errorf("copying %s: %w", from, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if c, err = Verify(ctx, partial); err != nil {
		return nil, err
	}
	return c, publish(partial, to)
}

// Restore puts a copy of a backup in the place of a store. A store that is there
// is refused, or with replace kept under another name, which is returned; one
// that a program has open is refused in any case.
func Restore(ctx context.Context, from, to string, replace bool) (c *Contents, kept string, err error) {
	if c, err = Verify(ctx, from); err != nil {
		return nil, "", err
	}
	if err := absent(to); err != nil {
		if !replace {
			return nil, "", err
		}
		if kept, err = setAside(ctx, to); err != nil {
			return nil, "", err
		}
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return nil, kept, fmt.Errorf("making the folder of %s: %w", to, err)
	}
	partial := to + partialMark
	defer func() { err = errors.Join(err, removed(partial)) }()
	if err := duplicate(from, partial); err != nil {
		return nil, kept, err
	}
	if _, err := Verify(ctx, partial); err != nil {
		return nil, kept, err
	}
	return c, kept, publish(partial, to)
}

// Verify reads all of a file, without changing it, and reports what it holds.
func Verify(ctx context.Context, path string) (*Contents, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, kg.Invalid("name a file that \"entente backup\" has written", "there is no %s", path)
	}
	c := &Contents{Bytes: info.Size()}
	err = withFile(path, readOnly, func(db *sql.DB) error {
		if err := checkOurs(ctx, db, path); err != nil {
			return err
		}
		var verdict string
		if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil || verdict != "ok" {
			return damaged(path, errors.Join(err, errors.New(verdict)))
		}
		counted := map[string]int{}
		for table, n := range map[string]*int{"node": &c.Nodes, "edge": &c.Edges} {
			var kept int
			err := db.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM "+table+"), (SELECT coalesce(sum(n), 0) FROM counter WHERE what = ?)", table).Scan(n, &kept)
			if err != nil {
				return damaged(path, err)
			}
			counted[table] = kept
		}
		if counted["node"] != c.Nodes || counted["edge"] != c.Edges {
			return damaged(path, fmt.Errorf("it counts %d nodes and %d edges, and holds %d and %d", counted["node"], counted["edge"], c.Nodes, c.Edges))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

func damaged(path string, err error) error {
	return &kg.Error{Code: kg.CodeInvalid, Err: err, Remedy: "take another backup", Message: fmt.Sprintf("%s is damaged: %v", path, err)}
}

// checkOurs refuses files that are no store, or that only a newer program can read.
func checkOurs(ctx context.Context, db *sql.DB, path string) error {
	var text string
	err := db.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = 'schema'").Scan(&text)
	version, errNumber := strconv.Atoi(text)
	if err := errors.Join(err, errNumber); err != nil {
		return &kg.Error{Code: kg.CodeInvalid, Err: err, Remedy: "name a store of this program", Message: path + " is not an Entente store"}
	}
	if version > schemaVersion() {
		return kg.Invalid("use the newer program", "%s was written by a newer version of this program (schema %d; this one knows %d)", path, version, schemaVersion())
	}
	return nil
}

// withFile opens a file with one connection.
func withFile(path, mode string, f func(*sql.DB) error) (err error) {
	if _, err := os.Stat(path); err != nil {
		return kg.Invalid("name a store that is there", "there is no %s", path)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("finding %s: %w", path, err)
	}
	db, err := sql.Open("sqlite", dsn(absolute, mode, []string{"busy_timeout(1000)"}))
	if err != nil {
		return fmt.Errorf("opening %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	return f(db)
}

// setAside gives a store that nobody has open another name.
func setAside(ctx context.Context, path string) (kept string, err error) {
	err = withFile(path, readWrite, func(db *sql.DB) error {
		// Leaving the write-ahead log needs every other connection gone.
		var mode string
		if err := db.QueryRowContext(ctx, "PRAGMA journal_mode = DELETE").Scan(&mode); err != nil || mode == "wal" {
			return &kg.Error{Code: kg.CodeConflict, Err: err, Remedy: "stop what uses it, then restore", Message: path + " is in use"}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	if kept, err = beside(path); err != nil {
		return "", err
	}
	if err := os.Rename(path, kept); err != nil {
		return "", fmt.Errorf("keeping the store that was there: %w", err)
	}
	return kept, nil
}

// beside returns a name that is not taken yet for what a store was before now.
func beside(path string) (string, error) {
	first := path + beforeMark + time.Now().UTC().Format("20060102T150405Z")
	for name, i := first, 2; ; name, i = fmt.Sprintf("%s-%d", first, i), i+1 {
		if err := absent(name); kg.CodeOf(err) != kg.CodeConflict {
			return name, err
		}
	}
}

func absent(path string) error {
	_, err := os.Lstat(path)
	switch {
	case err == nil:
		return &kg.Error{Code: kg.CodeConflict, Remedy: "name a file that is not there yet", Message: path + " is there already"}
	case errors.Is(err, os.ErrNotExist):
		return nil
	}
	return fmt.Errorf("looking for %s: %w", path, err)
}

func removed(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("removing %s: %w", path, err)
	}
	return nil
}

// touch makes an empty file that only its owner can read.
func touch(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("making %s: %w", path, err)
	}
	return f.Close()
}

func duplicate(from, to string) (err error) {
	if err := removed(to); err != nil {
		return err
	}
	source, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("reading the backup: %w", err)
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("making %s: %w", to, err)
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	if _, err := io.Copy(target, source); err != nil {
		return fmt.Errorf("copying to %s: %w", to, err)
	}
	return nil
}

// publish makes a whole file durable, then gives it its name.
func publish(partial, to string) error {
	for _, path := range []string{partial, filepath.Dir(to)} {
		f, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("opening %s: %w", path, err)
		}
		err = f.Sync()
		if closed := f.Close(); err == nil {
			err = closed
		}
		if err != nil && path == partial { // not every system can sync a folder
			return fmt.Errorf("writing %s to disk: %w", path, err)
		}
	}
	if err := os.Rename(partial, to); err != nil {
		return fmt.Errorf("naming %s: %w", to, err)
	}
	return nil
}
