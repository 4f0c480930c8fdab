// Package frame holds tests of what surrounds the code: the rule of who may
// import whom, the files that build and run the program in containers, and
// what the documents say. It has no code of its own.
package frame
