// Package credentials decides who may ask: API keys, whose hashes alone are kept,
// and the certificate by which clients know the server.
package credentials

import (
	"bufio"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"entente/internal/kg"
)

// keyPrefix marks a key, so that people and secret scanners recognise one.
const keyPrefix = "entente_"

const keyBytes = 32 // of randomness: a key cannot be guessed, so a plain hash protects it

// Keys are the hashes of the keys that may ask, with the name of whom each was given to.
type Keys struct{ entries []entry }

type entry struct {
	name string
	hash [sha256.Size]byte
}

// NewKey makes a key, and the line for the file of keys that lets it in.
func NewKey(name string) (key, line string, err error) {
	if err := checkName(name); err != nil {
		return "", "", err
	}
	random := make([]byte, keyBytes)
	if _, err := rand.Read(random); err != nil {
		return "", "", fmt.Errorf("making a key: %w", err)
	}
	key = keyPrefix + base64.RawURLEncoding.EncodeToString(random)
	hash := sha256.Sum256([]byte(key))
	return key, name + " sha256:" + hex.EncodeToString(hash[:]), nil
}

func checkName(name string) error {
	if name == "" || strings.ContainsAny(name, " \t\r\n#") {
		return kg.Invalid("use letters, digits and dashes", "%q cannot be the name of a key", name)
	}
	return nil
}

// ReadKeys reads a file of keys: a name and a hash on each line; "#" begins a comment.
func ReadKeys(path string) (*Keys, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &kg.Error{Code: kg.CodeInvalid, Err: err, Message: fmt.Sprintf("the file of API keys cannot be read: %v", err),
			Remedy: "make one with \"entente key NAME >> FILE\""}
	}
	k, err := parseKeys(f, path)
	return k, errors.Join(err, f.Close())
}

func parseKeys(r io.Reader, path string) (*Keys, error) {
	k := &Keys{}
	names := map[string]bool{}
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		line, _, _ := strings.Cut(lines.Text(), "#")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		e, err := parseEntry(fields)
		if err == nil && names[e.name] {
			err = fmt.Errorf("the name %s stands on an earlier line too", e.name)
		}
		if err != nil {
			return nil, kg.Invalid("write what \"entente key NAME\" prints", "%s, line %d: %v", path, number, err)
		}
		names[e.name] = true
		k.entries = append(k.entries, e)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	if len(k.entries) == 0 {
		return nil, kg.Invalid("add one with \"entente key NAME >> "+path+"\"", "%s holds no key", path)
	}
	return k, nil
}

func parseEntry(fields []string) (entry, error) {
	var e entry
	if len(fields) != 2 {
		return e, errors.New("it is not a name and a hash")
	}
	digits, ok := strings.CutPrefix(fields[1], "sha256:")
	hash, err := hex.DecodeString(digits)
	if !ok || err != nil || len(hash) != sha256.Size {
		return e, errors.New("the hash is not sha256: and 64 hexadecimal digits")
	}
	e.name = fields[0]
	copy(e.hash[:], hash)
	return e, nil
}

// Holder returns the name of whom a key was given to. It takes the same time for every key that is not there.
func (k *Keys) Holder(key string) (name string, ok bool) {
	hash := sha256.Sum256([]byte(key))
	for _, e := range k.entries {
		if subtle.ConstantTimeCompare(hash[:], e.hash[:]) == 1 {
			name, ok = e.name, true
		}
	}
	return name, ok
}

// Admits reports whether the value of a header Authorization lets its sender in:
// whether it is a key as a bearer token.
func (k *Keys) Admits(authorization string) bool {
	scheme, key, _ := strings.Cut(authorization, " ")
	_, ok := k.Holder(strings.TrimSpace(key))
	return ok && strings.EqualFold(scheme, "Bearer")
}

// Require lets requests through that carry a key as a bearer token, and answers
// others with refuse. A request for the permission of another origin carries none.
func (k *Keys) Require(next http.Handler, refuse func(w http.ResponseWriter, r *http.Request)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions {
			next.ServeHTTP(w, r)
			return
		}
		if !k.Admits(r.Header.Get("Authorization")) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="entente"`)
			refuse(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}
