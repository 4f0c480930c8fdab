package neo4jtest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// leastJava is the oldest Java that this version of Neo4j runs on.
const leastJava = 21

// javaVersion finds the major version in what "java -version" prints.
var javaVersion = regexp.MustCompile(`version "(\d+)`)

// findJava returns the first Java that is new enough: JAVA_HOME, then the path,
// then where systems keep the ones that are not the default.
func findJava(ctx context.Context) (string, error) {
	var candidates []string
	if home := os.Getenv("JAVA_HOME"); home != "" {
		candidates = append(candidates, filepath.Join(home, "bin", "java"))
	}
	if path, err := exec.LookPath("java"); err == nil {
		candidates = append(candidates, path)
	}
	for _, pattern := range []string{
		"/usr/lib/jvm/*/bin/java", "/opt/java/*/bin/java",
		"/Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java", "/opt/homebrew/opt/openjdk*/bin/java",
	} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			return "", fmt.Errorf("looking for Java: %w", err)
		}
		candidates = append(candidates, found...)
	}
	for _, java := range candidates {
		if majorVersion(ctx, java) >= leastJava {
			return java, nil
		}
	}
	return "", &missing{fmt.Sprintf("no Java %d or newer among %d found", leastJava, len(candidates))}
}

// majorVersion returns 0 for what is no Java.
func majorVersion(ctx context.Context, java string) int {
	text, err := exec.CommandContext(ctx, java, "-version").CombinedOutput()
	if err != nil {
		return 0
	}
	match := javaVersion.FindSubmatch(text)
	if match == nil {
		return 0
	}
	major, err := strconv.Atoi(string(match[1]))
	if err != nil {
		return 0
	}
	return major
}
