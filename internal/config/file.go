package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"

	"entente/internal/kg"
)

// Setting is what a configuration file may set: the name of a flag, the type of
// its value, and the values it is limited to, where it is.
type Setting struct {
	Name string
	Type reflect.Type
	Enum []string
}

const fileRemedy = `write an object with the names of flags, such as {"listen": "127.0.0.1:8081", "request-timeout": "10s"}`

// ReadFile reads a configuration file: a JSON object whose keys are settings.
// Whatever would not take effect is refused. Keys are matched without regard to
// case, "-" and "_"; the answer has them as the settings are called.
func ReadFile(path string, settings []Setting) (map[string]any, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, kg.Invalid("name one that is there, or leave --config and ENTENTE_CONFIG out; to make one, "+fileRemedy,
			"there is no configuration file %s (--config)", path)
	}
	if err != nil {
		return nil, kg.Invalid("name a file that can be read", "the configuration file %s (--config) cannot be read: %v", path, err)
	}
	given, err := object(text)
	if err != nil {
		return nil, kg.Invalid(fileRemedy, "the configuration file %s (--config) is not a JSON object: %v", path, err)
	}
	values := make(map[string]any, len(given))
	for _, g := range given {
		i := slices.IndexFunc(settings, func(s Setting) bool { return squeeze(s.Name) == squeeze(g.key) })
		if i < 0 {
			return nil, kg.Invalid(nearest(g.key, settings), "the configuration file %s (--config) has the key %q, which is no setting", path, g.key)
		}
		s := settings[i]
		if _, twice := values[s.Name]; twice {
			return nil, kg.Invalid("take one of them out", "the configuration file %s (--config) sets %q twice", path, s.Name)
		}
		if values[s.Name], err = s.value(g.value); err != nil {
			return nil, kg.Invalid("write "+s.form(), "the configuration file %s (--config) has the key %q: %v", path, g.key, err)
		}
	}
	return values, nil
}

type member struct {
	key   string
	value any
}

// object reads the members of a JSON object in their order.
func object(text []byte) ([]member, error) {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, errors.New("it is empty")
	}
	var members []member
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	err := func() error {
		open, err := dec.Token()
		if err != nil {
			return err
		}
		if open != json.Delim('{') {
			return fmt.Errorf("it begins with %v", open)
		}
		for dec.More() {
			key, err := dec.Token()
			if err != nil {
				return err
			}
			m := member{key: fmt.Sprint(key)}
			if err := dec.Decode(&m.value); err != nil {
				return err
			}
			members = append(members, m)
		}
		if _, err := dec.Token(); err != nil {
			return err
		}
		if _, err := dec.Token(); !errors.Is(err, io.EOF) {
			return errors.New("something follows the object")
		}
		return nil
	}()
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("it ends too early")
	}
	if err != nil {
		at := dec.InputOffset()
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			at = syntax.Offset
		}
		line := 1 + bytes.Count(text[:min(int(at), len(text))], []byte("\n"))
		return nil, fmt.Errorf("line %d: %w", line, err)
	}
	return members, nil
}

// squeeze makes of a key what it has in common with other ways of writing it.
func squeeze(key string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(key))
}

// nearest is the remedy for a key that is no setting.
func nearest(key string, settings []Setting) string {
	best, least := "", 1+max(2, len(key)/3)
	for _, s := range settings {
		if d := levenshtein.ComputeDistance(squeeze(key), squeeze(s.Name)); d < least {
			best, least = s.Name, d
		}
	}
	if best == "" {
		return `"entente config" lists all settings`
	}
	return fmt.Sprintf("did you mean %q? \"entente config\" lists all settings", best)
}

var durationType = reflect.TypeFor[time.Duration]()

// value returns a value as the flag takes it, when it is of the right type.
func (s Setting) value(v any) (any, error) {
	wrong := fmt.Errorf("its value is %s", shown(v))
	switch v := v.(type) {
	case string:
		return v, s.checkText(v, wrong)
	case bool:
		if s.Type.Kind() == reflect.Bool {
			return v, nil
		}
	case json.Number:
		if _, err := v.Int64(); err == nil && s.Type.Kind() == reflect.Int {
			return v.String(), nil
		}
	case []any:
		text := func(e any) bool { _, ok := e.(string); return ok }
		if s.Type.Kind() == reflect.Slice && !slices.ContainsFunc(v, func(e any) bool { return !text(e) }) {
			return v, nil
		}
	}
	return nil, wrong
}

func (s Setting) checkText(v string, wrong error) error {
	switch {
	case s.Type == durationType:
		if _, err := time.ParseDuration(v); err != nil {
			return wrong
		}
	case s.Type.Kind() == reflect.String:
		if len(s.Enum) > 0 && !slices.Contains(s.Enum, v) {
			return wrong
		}
	case s.Type.Kind() != reflect.Slice:
		return wrong
	}
	return nil
}

func shown(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// form says how the value of a setting is written.
func (s Setting) form() string {
	switch {
	case s.Type == durationType:
		return `a duration in quotes, such as "30s"`
	case len(s.Enum) > 0:
		return `one of "` + strings.Join(s.Enum, `", "`) + `"`
	case s.Type.Kind() == reflect.Bool:
		return "true or false, without quotes"
	case s.Type.Kind() == reflect.Int:
		return "a whole number, without quotes"
	case s.Type.Kind() == reflect.Slice:
		return `a list of texts, such as ["https://example.org"]`
	}
	return "a text in quotes"
}
