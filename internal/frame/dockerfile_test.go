package frame

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"

	"entente/internal/config"
)

// image is what a Dockerfile says, as far as these tests ask.
type image struct {
	from  []string            // the images of its stages
	steps map[string][]string // by instruction, over all stages
	env   map[string]string
}

func dockerfile(t *testing.T) image {
	t.Helper()
	img := image{steps: map[string][]string{}, env: map[string]string{}}
	for line := range strings.Lines(strings.ReplaceAll(read(t, "Dockerfile"), "\\\n", " ")) {
		instruction, rest, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || strings.HasPrefix(instruction, "#") {
			continue
		}
		img.steps[instruction] = append(img.steps[instruction], rest)
		switch instruction {
		case "FROM":
			img.from = append(img.from, strings.Fields(rest)[0])
		case "ENV":
			for _, pair := range strings.Fields(rest) {
				name, value, _ := strings.Cut(pair, "=")
				img.env[name] = value
			}
		}
	}
	return img
}

func TestDockerfile(t *testing.T) {
	img := dockerfile(t)
	version := ""
	for line := range strings.Lines(read(t, "go.mod")) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(line), "go "); ok {
			version = strings.Join(strings.Split(v, ".")[:2], ".")
		}
	}
	if want := "golang:" + version + "-bookworm"; len(img.from) != 2 || img.from[0] != want {
		t.Errorf("the program is built in %v; go.mod asks for %s", img.from, want)
	}
	if !strings.Contains(strings.Join(img.steps["RUN"], "\n"), "CGO_ENABLED=0 go build") {
		t.Error("the binary is not static: build it with CGO_ENABLED=0")
	}
	if user := img.steps["USER"]; len(user) != 1 || strings.HasPrefix(user[0], "0") || strings.HasPrefix(user[0], "root") {
		t.Errorf("the program runs as %v, not as a user of its own", user)
	}
	if !path.IsAbs(img.env["XDG_DATA_HOME"]) {
		t.Errorf("the data is kept in %q, not in a folder of the image", img.env["XDG_DATA_HOME"])
	}
	settings := programSettings(t)
	for name := range img.env {
		if strings.HasPrefix(name, "ENTENTE_") && !slices.Contains(settings, name) {
			t.Errorf("the image sets %s, which the program does not read", name)
		}
	}
	server := config.Server{Listen: img.env["ENTENTE_LISTEN"], RequestTimeout: 1, DrainTimeout: 1}
	if err := server.Verify(); err != nil {
		t.Error(err)
	}
}

// No engine runs here to build the image, so this holds .dockerignore to what
// the build reads: every source and embedded file of the program.
func TestDockerContextIsWhole(t *testing.T) {
	patterns, err := ignorefile.ReadAll(strings.NewReader(read(t, ".dockerignore")))
	if err != nil {
		t.Fatal(err)
	}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(programFiles(t), "go.mod", "go.sum") {
		ignored, err := matcher.MatchesOrParentMatches(file)
		if err != nil {
			t.Fatal(err)
		}
		if ignored {
			t.Errorf(".dockerignore leaves out %s, which the build needs", file)
		}
	}
	for _, secret := range []string{".env", ".git/config", "web/node_modules/vite/package.json", "entente.db"} {
		if ignored, err := matcher.MatchesOrParentMatches(secret); err != nil || !ignored {
			t.Errorf(".dockerignore lets %s into the image's build (%v)", secret, err)
		}
	}
}

// programFiles returns the files of this module that building the program reads.
func programFiles(t *testing.T) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Dir,GoFiles,EmbedFiles", "./cmd/entente")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("listing the program's files: %v", err)
	}
	base, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath, Dir     string
			GoFiles, EmbedFiles []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("listing the program's files: %v", err)
		}
		if !strings.HasPrefix(p.ImportPath, module) {
			continue
		}
		for _, name := range append(p.GoFiles, p.EmbedFiles...) {
			rel, err := filepath.Rel(base, filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, filepath.ToSlash(rel))
		}
	}
	if len(files) < 50 {
		t.Fatalf("the program has only %d files of its own: %v", len(files), files)
	}
	return files
}
