// Package kg holds the vocabulary of the knowledge graph: nodes, edges, the
// evidence behind them, EDTF dates, filters, sort keys, cursors and errors.
//
// It sits in the middle of the program and imports the standard library only,
// so that every other package can speak it without knowing any engine.
package kg
