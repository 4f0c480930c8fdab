// Package transport brings operations from the network and takes answers back:
// over HTTP, as server-sent events, and over WebSockets. Execution runs each in
// its turn and its time, whichever way it has come; guard bounds what it may ask.
package transport
