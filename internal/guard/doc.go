// Package guard stands around gqlgen: it refuses operations that would cost too
// much before anything is resolved, stops those that turn out to, shows what it
// sees to those who run the server, and names what is refused by stable codes. It
// knows GraphQL, and nothing of the model; transport brings the operations.
package guard
