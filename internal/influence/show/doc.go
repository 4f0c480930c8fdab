// Package show writes answers about influence for people and for other
// programs: as a tree, as JSON, CSV, GraphML and Graphviz DOT.
//
// # JSON
//
// A trace is an object with
//
//	start       the node it begins at: id, kind, name
//	direction   DOWN or UP
//	depth       hops asked for, at most
//	asOf        validAt, knownAt, includeUndated; left out where no date was asked for
//	totalCount  nodes reached, of which reached may show the best only
//	reached     best score first, then by id: node, depth (hops of the shortest
//	            allowed path) and path (the best one, from cause to effect)
//	spent       nodes, edges and steps; cut is the limit that cut the answer
//	            short, null for a whole one
//
// and paths between two nodes are one with from, to, by (SCORE or LENGTH),
// undirected, maxLength, asOf, paths and spent. A path has
//
//	nodes       from the first to the last
//	hops        one less
//	length      the number of hops
//	score       0.8^(length-1) times the strengths of the hops
//	undated     whether some hop is
//	fullyCited  whether some source asserts every hop
//	weakestHop  the place of the hop with the least strength, from 0
//	restsOn     ids of the fewest sources without which the path is gone
//
// and a hop
//
//	edge        what is stated: id, type, from, to, props
//	from, to    ids, in the direction of influence
//	weight, confidence, sources (their ids), support, strength
//	decay       1 for the first hop of a path, 0.8 for the others
//	earliest, latest  days within which it was, null where open
//	undated     whether it could have been on any day
//	evidence    that counts: source (id, name, publisher, date), locator,
//	            basis, confidence, rank, note
//
// What is not known is null.
//
// # CSV
//
// One row for each hop of each path, with the rank and the score of the path.
// Several values in a cell are separated by "; ". A cell of text that a
// spreadsheet would take for a formula, because it begins with = + - @, a tab or
// a carriage return, gets a ' in front.
//
// # GraphML and DOT
//
// The union of all paths: each node and each edge once, edges in the direction
// of influence, with the ranks of the paths that they are on; the nodes of a
// trace with their scores. Ids that GraphML
// does not allow have those characters written as _xHEX_; the data key
// "id" holds them as they are.
package show
