// Package guard stands between the network and gqlgen: it refuses operations
// that would cost too much before anything is resolved, stops those that turn
// out to, speaks GraphQL over HTTP, and names what it refuses by stable codes.
// It knows GraphQL, and nothing of the model.
package guard
