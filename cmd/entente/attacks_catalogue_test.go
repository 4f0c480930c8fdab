package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entente/internal/attacks"
	"entente/internal/guard"
	"entente/internal/kg"
)

// attack is a request that would take much, or that another site would have a
// visitor's browser send. It is refused, and nothing is done for it.
type attack struct {
	name, method, target string
	header               map[string]string
	body                 string
	status               int     // of the refusal; 0: any below 500
	code                 kg.Code // of its error; empty: it is refused before anything knows GraphQL
}

// catalogue returns the attacks that are one request: those of documents, then
// those of bodies and headers.
func catalogue(t *testing.T) []attack {
	t.Helper()
	var all []attack
	for _, d := range attacks.Documents() {
		body, err := json.Marshal(map[string]any{"query": d.Query, "variables": d.Variables})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, attack{name: d.Name, header: asJSON, body: string(body), code: d.Code})
	}
	return append(all, append(bodies(), fromOtherSites()...)...)
}

// largest asks for about as much as the limits let through.
var largest = attack{name: "the largest answer", header: asJSON, body: `{"query": "` + attacks.Nested(1, "(first: 50)") + `"}`}

// wholeSchema is what tools ask when they begin, which has to be answered.
func wholeSchema(t *testing.T) attack {
	t.Helper()
	query, err := os.ReadFile(filepath.Join("..", "..", "graph", "testdata", "introspection.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]string{"query": string(query)})
	if err != nil {
		t.Fatal(err)
	}
	return attack{name: "the whole schema", header: asJSON, body: string(body)}
}

const small = `{"query": "{ states { totalCount } }"}`

var asJSON = map[string]string{"Content-Type": "application/json"}

// bodies are too large, too deep, or too many in one.
func bodies() []attack {
	return []attack{
		{name: "an array of operations", header: asJSON, body: "[" + strings.Repeat(small+",", 999) + small + "]", status: http.StatusBadRequest, code: guard.CodeUnsupported},
		{name: "an array of one", header: asJSON, body: "[" + small + "]", status: http.StatusBadRequest, code: guard.CodeUnsupported},
		{name: "an array of arrays", header: asJSON, body: strings.Repeat("[", 100_000), status: http.StatusBadRequest, code: guard.CodeUnsupported},
		{name: "a body of a megabyte", header: asJSON, body: `{"query": "` + strings.Repeat("#", 1<<20) + `"}`, status: http.StatusRequestEntityTooLarge, code: guard.CodeBodySize},
		{name: "variables of many elements", header: asJSON, body: `{"query": "{ __typename }", "variables": {"x": [` + strings.Repeat("1,", 100_000) + `1]}}`, code: guard.CodeListLength},
		{name: "variables of many names", header: asJSON, body: `{"query": "{ __typename }", "variables": {` + attacks.Repeat(15_000, `"v%d": 1, `) + `"x": 1}}`, code: guard.CodeListLength},
		{name: "variables within variables", header: asJSON, body: `{"query": "{ __typename }", "variables": {"x": ` + strings.Repeat("[", 100_000), status: http.StatusBadRequest, code: guard.CodeInvalidBody},
		{name: "a compressed body", header: map[string]string{"Content-Type": "application/json", "Content-Encoding": "gzip"}, body: small, status: http.StatusUnsupportedMediaType, code: guard.CodeMediaType},
		{name: "a long address", method: http.MethodGet, target: "?query=" + strings.Repeat("x", 300_000), status: http.StatusRequestHeaderFieldsTooLarge},
		{name: "a long header", header: map[string]string{"Content-Type": "application/json", "X-Long": strings.Repeat("x", 300_000)}, body: small, status: http.StatusRequestHeaderFieldsTooLarge},
		{name: "a method nobody serves", method: http.MethodDelete, status: http.StatusMethodNotAllowed, code: guard.CodeMethod},
	}
}

// fromOtherSites are what a page of another site can have a browser send without
// asking this server first: forms, and bodies that are declared as texts.
func fromOtherSites() []attack {
	post := func(name, contentType, body string) attack {
		header := map[string]string{"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site", "Cookie": "session=1"}
		if contentType != "" {
			header["Content-Type"] = contentType
		}
		return attack{name: name, header: header, body: body, status: http.StatusUnsupportedMediaType, code: guard.CodeMediaType}
	}
	return []attack{
		post("a form of another site", "application/x-www-form-urlencoded", "query=%7B+states+%7B+totalCount+%7D+%7D"),
		post("a form with files of another site", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n"+small+"\r\n--b--\r\n"),
		post("a text of another site", "text/plain", small),
		post("a text of another site that looks like JSON", "text/plain; application/json", small),
		post("no content type, of another site", "", small),
		post("JSON in another character set, of another site", "application/json; charset=utf-7", small),
		{name: "another site whose name leads here", header: map[string]string{"Content-Type": "application/json", "Host": "elsewhere.example"}, body: small,
			status: http.StatusMisdirectedRequest, code: guard.CodeHost},
	}
}

// The catalogue names what it has to: nobody takes a part of it out unnoticed.
func TestCatalogueIsWhole(t *testing.T) {
	have := map[kg.Code]int{}
	names := map[string]bool{}
	for _, a := range catalogue(t) {
		have[a.code]++
		if names[a.name] {
			t.Errorf("%q is there twice", a.name)
		}
		names[a.name] = true
	}
	for code, least := range map[kg.Code]int{
		guard.CodeAliases: 2, guard.CodeDirectives: 3, guard.CodeFields: 4, guard.CodeSamePath: 3, guard.CodeRootFields: 2, guard.CodeDepth: 3,
		guard.CodeComplexity: 11, guard.CodeDefinitions: 1, guard.CodeIntrospection: 1, guard.CodeValidation: 2, guard.CodeListLength: 6,
		guard.CodeTextLength: 4, guard.CodeBodySize: 2, guard.CodeTokens: 1, guard.CodeParse: 2, guard.CodeUnsupported: 3, guard.CodeMediaType: 7,
	} {
		if have[code] < least {
			t.Errorf("%d attacks are refused with %s, want %d", have[code], code, least)
		}
	}
}

// hanging is a client that keeps a connection without getting on.
type hanging struct {
	name  string
	sends string // at once
	drips bool   // then a byte every now and then
}

const head = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"

// hangings are half-open connections and slow writers. Those that read no answer
// are in TestSlowReaders.
func hangings() []hanging {
	return []hanging{
		{name: "nothing is sent"},
		{name: "a first line that stops", sends: "POST /gra"},
		{name: "headers that stop", sends: head},
		{name: "headers that drip", sends: head + "X-Long: ", drips: true},
		{name: "a body that does not begin", sends: head + "Content-Length: 1000\r\n\r\n"},
		{name: "a body that stops", sends: head + "Content-Length: 1000\r\n\r\n" + small},
		{name: "a body that drips", sends: head + "Content-Length: 100000\r\n\r\n{", drips: true},
		{name: "a body in chunks that stops", sends: head + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"que"},
		{name: "a request, and half of another", sends: fmt.Sprintf("%sContent-Length: %d\r\n\r\n%sPOST /gra", head, len(small), small)},
	}
}
