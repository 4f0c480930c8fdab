package config_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"entente/internal/config"
)

var settings = []config.Setting{
	{Name: "listen", Type: reflect.TypeFor[string]()},
	{Name: "log-level", Type: reflect.TypeFor[string](), Enum: []string{"debug", "info"}},
	{Name: "request-timeout", Type: reflect.TypeFor[time.Duration]()},
	{Name: "cors-origins", Type: reflect.TypeFor[[]string]()},
	{Name: "influence-nodes", Type: reflect.TypeFor[int]()},
	{Name: "seed-bundled", Type: reflect.TypeFor[bool]()},
}

func readFile(t *testing.T, text string) (map[string]any, string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "entente.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	values, err := config.ReadFile(path, settings)
	return values, path, err
}

func TestReadFile(t *testing.T) {
	got, _, err := readFile(t, `{"listen": "127.0.0.1:1", "log_level": "debug", "requestTimeout": "5s",
		"cors-origins": ["https://a.example"], "influence-nodes": 1000000, "seed-bundled": true}`)
	want := map[string]any{"listen": "127.0.0.1:1", "log-level": "debug", "request-timeout": "5s",
		"cors-origins": []any{"https://a.example"}, "influence-nodes": "1000000", "seed-bundled": true}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// Each refusal names the file, the flag by which it came, what is wrong, and what to write.
func TestReadFileRefusesWhatWouldNotTakeEffect(t *testing.T) {
	for text, says := range map[string]string{
		`{"listne": "127.0.0.1:1"}`:                  `has the key "listne", which is no setting; did you mean "listen"?`,
		`{"colour": 1}`:                              `has the key "colour", which is no setting; "entente config" lists all settings`,
		`{"log-level": "info", "logLevel": "debug"}`: `sets "log-level" twice; take one of them out`,
		`{"listen": 8080}`:                           `has the key "listen": its value is 8080; write a text in quotes`,
		`{"log-level": "loud"}`:                      `its value is "loud"; write one of "debug", "info"`,
		`{"request-timeout": 5}`:                     `its value is 5; write a duration in quotes, such as "30s"`,
		`{"request-timeout": "5"}`:                   `its value is "5"; write a duration in quotes, such as "30s"`,
		`{"cors-origins": [1]}`:                      `its value is [1]; write a list of texts`,
		`{"influence-nodes": 1.5}`:                   `its value is 1.5; write a whole number`,
		`{"influence-nodes": "5"}`:                   `its value is "5"; write a whole number`,
		`{"seed-bundled": "yes"}`:                    `its value is "yes"; write true or false`,
		`{"listen": null}`:                           `its value is null; write a text in quotes`,
		"{\"listen\": \"x\"\n\"log-level\":1}":       `is not a JSON object: line 2: invalid character '"' after object key:value pair; write an object`,
		`{"listen": "x"`:                             `is not a JSON object: line 1: it ends too early; write an object`,
		`{} {}`:                                      `is not a JSON object: line 1: something follows the object; write an object`,
		`[1]`:                                        `is not a JSON object: line 1: it begins with [; write an object with the names of flags, such as {"listen": `,
		" \n":                                        `is not a JSON object: it is empty; write an object`,
	} {
		_, path, err := readFile(t, text)
		if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), path+" (--config)") {
			t.Errorf("%s: %v, want %s", text, err, says)
		}
	}
	none := filepath.Join(t.TempDir(), "none.json")
	if _, err := config.ReadFile(none, settings); err == nil || !strings.Contains(err.Error(), "there is no configuration file "+none+" (--config); name one that is there") {
		t.Errorf("no file: %v", err)
	}
}
