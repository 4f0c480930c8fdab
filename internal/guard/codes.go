package guard

import "entente/internal/kg"

// The codes of refused requests. With those of internal/kg they are all that
// extensions.code can hold; docs/errors.md says what each of them means.
const (
	CodeInvalidBody     kg.Code = "INVALID_BODY"           // the request is not what GraphQL over HTTP asks for
	CodeMediaType       kg.Code = "UNSUPPORTED_MEDIA_TYPE" // the body is not JSON
	CodeMethod          kg.Code = "METHOD_NOT_ALLOWED"     // neither GET nor POST, or GET for more than a query
	CodeMissingQuery    kg.Code = "MISSING_QUERY"
	CodeParse           kg.Code = "GRAPHQL_PARSE_FAILED"
	CodeValidation      kg.Code = "GRAPHQL_VALIDATION_FAILED"
	CodeOperation       kg.Code = "UNKNOWN_OPERATION" // the document has no operation of that name
	CodeVariables       kg.Code = "INVALID_VARIABLES"
	CodeUnsupported     kg.Code = "NOT_SUPPORTED"             // a part of GraphQL that is not served
	CodePersistedQuery  kg.Code = "PERSISTED_QUERY_NOT_FOUND" // send the text as well
	CodePersistedHash   kg.Code = "PERSISTED_QUERY_MISMATCH"  // the hash is not that of the text
	CodeTimeout         kg.Code = "TIMEOUT"
	CodeCancelled       kg.Code = "CANCELLED"
	CodeMoreErrors      kg.Code = "MORE_ERRORS" // stands for the errors left out
	CodeBusy            kg.Code = "BUSY"        // too many requests are under way
	CodeTooFast         kg.Code = "RATE_LIMITED"
	CodeNotAllowed      kg.Code = "OPERATION_NOT_ALLOWED" // a strict server does not know it
	CodeUnauthenticated kg.Code = "UNAUTHENTICATED"       // no valid API key
	CodeNoIntrospection kg.Code = "INTROSPECTION_DISABLED"
	CodeOrigin          kg.Code = "ORIGIN_NOT_ALLOWED" // a page of another origin wants a WebSocket
	CodeHost            kg.Code = "UNKNOWN_HOST"       // the request is for a server of another name
	CodeBodySize        kg.Code = "LIMIT_BODY"
	CodeTokens          kg.Code = "LIMIT_TOKENS"
	CodeDefinitions     kg.Code = "LIMIT_DEFINITIONS"
	CodeDepth           kg.Code = "LIMIT_DEPTH"
	CodeFields          kg.Code = "LIMIT_FIELDS"
	CodeRootFields      kg.Code = "LIMIT_ROOT_FIELDS"
	CodeAliases         kg.Code = "LIMIT_ALIASES"
	CodeDirectives      kg.Code = "LIMIT_DIRECTIVES"
	CodeSamePath        kg.Code = "LIMIT_SAME_PATH"
	CodeIntrospection   kg.Code = "LIMIT_INTROSPECTION"
	CodeListLength      kg.Code = "LIMIT_LIST"
	CodeTextLength      kg.Code = "LIMIT_TEXT"
	CodeIDs             kg.Code = "LIMIT_IDS"
	CodePage            kg.Code = "LIMIT_PAGE"
	CodeComplexity      kg.Code = "LIMIT_COMPLEXITY"
	CodeRows            kg.Code = "LIMIT_ROWS"
	CodeSocket          kg.Code = "LIMIT_SOCKET_OPERATIONS" // at once on one WebSocket
)

// NoRoom is what a client is told whose answer would take too much memory beside those that wait.
const NoRoom = "too many long answers are waiting to be read; ask for less at once, or try again after a second"

// TooFast is what a client is told that sends too many requests.
const TooFast = "this client sends too many requests; slow down, and try again after a second"

// Codes returns all codes, those of the domain first.
func Codes() []kg.Code {
	return []kg.Code{
		kg.CodeInvalid, kg.CodeNotFound, kg.CodeConflict, kg.CodeUnavailable, kg.CodeInternal,
		CodeInvalidBody, CodeMediaType, CodeMethod, CodeMissingQuery, CodeParse, CodeValidation, CodeOperation, CodeVariables,
		CodeUnsupported, CodePersistedQuery, CodePersistedHash, CodeNotAllowed, CodeUnauthenticated, CodeOrigin, CodeHost, CodeNoIntrospection,
		CodeTimeout, CodeCancelled, CodeMoreErrors, CodeBusy, CodeTooFast,
		CodeBodySize, CodeTokens, CodeDefinitions, CodeDepth, CodeFields, CodeRootFields, CodeAliases, CodeDirectives, CodeSamePath,
		CodeIntrospection, CodeListLength, CodeTextLength, CodeIDs, CodePage, CodeComplexity, CodeRows, CodeSocket,
	}
}
