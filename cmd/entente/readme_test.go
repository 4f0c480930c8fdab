package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var questions = regexp.MustCompile("(?s)```graphql\n(.*?)```\n\n```json\n(.*?)```")

// The answers that the README prints are the answers that the program gives.
func TestReadmeAnswers(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := questions.FindAllSubmatch(text, -1)
	if len(found) != 3 {
		t.Fatalf("the README has %d questions with answers, not 3", len(found))
	}
	r := bundledOnSQLite(t)
	for _, pair := range found {
		var got struct{ Data json.RawMessage }
		if err := json.Unmarshal(answer(t, r, string(pair[1])), &got); err != nil {
			t.Fatal(err)
		}
		if want := compact(t, pair[2]); compact(t, got.Data) != want {
			t.Errorf("%s\ngot  %s\nwant %s", pair[1], compact(t, got.Data), want)
		}
	}
}

func compact(t *testing.T, text []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return b.String()
}
