package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"entente/internal/guard"
	"entente/internal/kg"
)

const (
	typeJSON     = "application/json"
	typeResponse = "application/graphql-response+json"
	typeEvents   = "text/event-stream"
)

// HTTP serves operations by the specification of GraphQL over HTTP:
// queries by GET, queries and mutations by POST.
type HTTP struct {
	Execution
	MaxBody int
	Refused func(code string) // counts what is refused here
}

var _ graphql.Transport = HTTP{}

// Supports takes everything that no transport before it has taken.
func (HTTP) Supports(*http.Request) bool { return true }

// Do answers one request.
func (t HTTP) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	out := answer{w: w, id: guard.RequestID(r.Context()), mediaType: jsonType(r)}
	params, bad := t.read(w, r)
	if bad == nil {
		bad = t.run(r.Context(), params, exec, once{out, r.Method})
	}
	if bad != nil {
		t.refuse(out, bad)
	}
}

func (t HTTP) refuse(out answer, bad *rejected) {
	t.count(bad)
	if bad.allow != "" {
		out.w.Header().Set("Allow", bad.allow)
	}
	if bad.status == http.StatusServiceUnavailable || bad.status == http.StatusTooManyRequests {
		out.w.Header().Set("Retry-After", "1")
	}
	out.errors(bad.status, bad.err)
}

func (t HTTP) count(bad *rejected) { t.counted(kg.Code(bad.code())) }

func (t HTTP) counted(code kg.Code) {
	if t.Refused != nil {
		t.Refused(string(code))
	}
}

// once is the client of a request that has one answer.
type once struct {
	out    answer
	method string
}

func (o once) accept(kind ast.Operation) *rejected {
	if kind == ast.Subscription {
		return reject(http.StatusBadRequest, guard.CodeUnsupported,
			"a subscription has more than one answer; ask over a WebSocket (graphql-transport-ws), or with Accept: %s", typeEvents)
	}
	return onlyQueries(o.method, kind)
}

// onlyQueries refuses to change anything by GET, which a link can send.
func onlyQueries(method string, kind ast.Operation) *rejected {
	if method != http.MethodGet || kind != ast.Mutation {
		return nil
	}
	bad := reject(http.StatusMethodNotAllowed, guard.CodeMethod, "GET is for queries only; send a %s with POST", kind)
	bad.allow = http.MethodPost
	return bad
}

func (o once) invalid(resp *graphql.Response) { o.out.write(refusedStatus(o.out.mediaType), resp) }

func (o once) next(resp *graphql.Response) bool {
	o.out.write(http.StatusOK, resp)
	return false
}

// read reads the request that asks for an operation.
func (t HTTP) read(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, *rejected) {
	p := &graphql.RawParams{Headers: r.Header}
	p.ReadTime.Start = graphql.Now()
	if bad := t.readInto(p, w, r); bad != nil {
		return nil, bad
	}
	if bad := named(p); bad != nil {
		return nil, bad
	}
	p.ReadTime.End = graphql.Now()
	return p, nil
}

// named refuses a request that names no document.
func named(p *graphql.RawParams) *rejected {
	if !guard.NamesDocument(p) {
		return reject(http.StatusBadRequest, guard.CodeMissingQuery, "there is no query; send it as the text `query`")
	}
	return nil
}

func (t HTTP) readInto(p *graphql.RawParams, w http.ResponseWriter, r *http.Request) *rejected {
	if r.Header.Get("Upgrade") != "" {
		return reject(http.StatusBadRequest, guard.CodeUnsupported, "no protocol other than HTTP and WebSocket is served here; send the query with POST")
	}
	switch r.Method {
	case http.MethodGet:
		return t.readAddress(r, p)
	case http.MethodPost:
		return t.readBody(w, r, p)
	default:
		bad := reject(http.StatusMethodNotAllowed, guard.CodeMethod, "the method %s is not served; use POST, or GET for a query", guard.Shorten(r.Method))
		bad.allow = "GET, POST, OPTIONS"
		return bad
	}
}

func (t HTTP) readAddress(r *http.Request, p *graphql.RawParams) *rejected {
	if t.MaxBody > 0 && len(r.URL.RawQuery) > t.MaxBody {
		return &rejected{status: http.StatusRequestURITooLong, err: t.tooLarge("address")}
	}
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return reject(http.StatusBadRequest, guard.CodeInvalidBody, "the parameters of the address cannot be read; encode them as a form does")
	}
	p.Query, p.OperationName = q.Get("query"), q.Get("operationName")
	for _, part := range []struct {
		name string
		into *map[string]any
	}{{"variables", &p.Variables}, {"extensions", &p.Extensions}} {
		text := q.Get(part.name)
		if text == "" {
			continue
		}
		if err := decode([]byte(text), part.into); err != nil {
			return reject(http.StatusBadRequest, guard.CodeInvalidBody, "%s is not a JSON object; write one, such as {\"id\": \"NZL\"}", part.name)
		}
	}
	return nil
}

func (t HTTP) readBody(w http.ResponseWriter, r *http.Request, p *graphql.RawParams) *rejected {
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != typeJSON || (params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8")) {
		return reject(http.StatusUnsupportedMediaType, guard.CodeMediaType, "the body is not declared as JSON; send it with Content-Type: application/json, in UTF-8")
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return reject(http.StatusUnsupportedMediaType, guard.CodeMediaType, "the body is compressed; send it as it is")
	}
	body := r.Body
	if t.MaxBody > 0 {
		body = http.MaxBytesReader(w, r.Body, int64(t.MaxBody))
	}
	text, err := io.ReadAll(body)
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return &rejected{status: http.StatusRequestEntityTooLarge, err: t.tooLarge("body")}
		}
		return reject(http.StatusBadRequest, guard.CodeInvalidBody, "the body ended too early; send the request again")
	}
	if trimmed := bytes.TrimLeft(text, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '[' {
		return reject(http.StatusBadRequest, guard.CodeUnsupported, "several operations in one request are not served; send one request for each")
	}
	if err := decode(text, p); err != nil {
		return reject(http.StatusBadRequest, guard.CodeInvalidBody, `the body is not a request: %s; write {"query": "{ … }", "variables": {…}}`, wording(err))
	}
	return nil
}

func (t HTTP) tooLarge(what string) *gqlerror.Error {
	return guard.Exceeded(guard.CodeBodySize, 0, t.MaxBody, "send less at a time, or a hash in place of the text", "the request's %s has too many bytes", what).GraphQL()
}

func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}

// wording says what is wrong with JSON without the names of Go's types.
func wording(err error) string {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Sprintf("its JSON is wrong at byte %d (%s)", syntax.Offset, guard.Shorten(syntax.Error()))
	}
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if kind.Field == "" {
			return "it is no JSON object but " + withArticle(kind.Value)
		}
		return fmt.Sprintf("its part %s is of the wrong kind, %s", guard.Shorten(kind.Field), withArticle(kind.Value))
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "its JSON ends too early"
	}
	return "it is not one JSON object"
}

// withArticle is one of JSON's kinds in a sentence: two of them begin with a vowel.
func withArticle(kind string) string {
	if kind == "array" || kind == "object" {
		return "an " + kind
	}
	return "a " + kind
}

// negotiate takes the media type of an answer that the client likes best, the first
// of several; application/json by default.
func negotiate(accept []string) string {
	best, liked := typeJSON, 0.0
	for part := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		mediaType, params, err := mime.ParseMediaType(strings.TrimSpace(part))
		if err != nil || !slices.Contains([]string{typeResponse, typeJSON, typeEvents}, mediaType) {
			continue
		}
		quality := 1.0
		if q, ok := params["q"]; ok {
			if quality, err = strconv.ParseFloat(q, 64); err != nil {
				continue
			}
		}
		if quality > liked {
			best, liked = mediaType, quality
		}
	}
	return best
}

// jsonType is the type of an answer that cannot be one of events.
func jsonType(r *http.Request) string {
	if liked := negotiate(r.Header.Values("Accept")); liked != typeEvents {
		return liked
	}
	return typeJSON
}

// answer writes what goes back to the client.
type answer struct {
	w             http.ResponseWriter
	id, mediaType string
}

// refusedStatus is that of a request that is well formed, and of which nothing
// was resolved: an older client takes one other than 200 for a broken server.
func refusedStatus(mediaType string) int {
	if mediaType == typeResponse {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

func (a answer) errors(status int, err *gqlerror.Error) {
	a.write(status, &graphql.Response{Errors: gqlerror.List{err}})
}

func (a answer) write(status int, resp *graphql.Response) {
	body, ok := a.body(resp)
	if !ok {
		status = http.StatusInternalServerError
	}
	h := a.w.Header()
	h.Set("Content-Type", a.mediaType+"; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept")
	a.w.WriteHeader(status)
	_, _ = a.w.Write(body) // the client is gone when this fails
}

// body is the text of an answer, whose errors name the request.
func (a answer) body(resp *graphql.Response) (text []byte, ok bool) {
	markErrors(resp, a.id)
	text, err := encode(resp)
	if err != nil {
		return []byte(`{"errors":[` + unwritable + `]}`), false
	}
	return text, true
}

// unwritable is the error in place of an answer that cannot be written as JSON.
const unwritable = `{"message":"internal error; the server's log says more","extensions":{"code":"INTERNAL"}}`

// markErrors gives each error the id of the request, by which it is found in the log.
func markErrors(resp *graphql.Response, id string) {
	if resp == nil || id == "" {
		return
	}
	for _, err := range resp.Errors {
		if err.Extensions == nil {
			err.Extensions = map[string]any{}
		}
		err.Extensions["requestId"] = id
	}
}

// encode writes a response; data is left out where nothing was executed. It
// is JSON already, and may be long: it is copied, not encoded again.
func encode(resp *graphql.Response) ([]byte, error) {
	var rest struct {
		Errors     gqlerror.List  `json:"errors,omitempty"`
		Extensions map[string]any `json:"extensions,omitempty"`
	}
	if resp != nil {
		rest.Errors, rest.Extensions = resp.Errors, resp.Extensions
	}
	text, err := json.Marshal(rest)
	if err != nil || resp == nil || len(resp.Data) == 0 {
		return text, err
	}
	out := make([]byte, 0, len(text)+len(resp.Data)+len(`"data":,`))
	out = append(append(out, `{"data":`...), resp.Data...)
	if len(text) > len("{}") {
		out = append(out, ',')
	}
	return append(out, text[1:]...), nil
}

// WriteError answers a request with one error, for what stands before the
// transport: it looks like any other answer.
func WriteError(w http.ResponseWriter, r *http.Request, status int, code kg.Code, format string, args ...any) {
	out := answer{w: w, id: guard.RequestID(r.Context()), mediaType: jsonType(r)}
	out.errors(status, guard.Refusal(code, format, args...))
}
