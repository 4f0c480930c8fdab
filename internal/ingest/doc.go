// Package ingest reads a graph from a folder of CSV files, checks all of it,
// and writes it to a store in batches.
//
// # The folder
//
// nodes/<Kind>.csv holds the nodes of a kind, edges/<TYPE>.csv the edges of a
// relation type; each may be compressed as .csv.gz. Any other file in these two
// folders is an error, for it would be data left behind; hidden files and
// everything else beside the two folders are passed over.
//
// # The columns
//
// The first row names the columns, in any order: "id" for nodes, "from" and "to"
// for edges, the properties that the model declares, and the evidence columns
// source, locator, basis, confidence, rank and note. Properties that the model
// requires need a column and a value. An empty cell is no value.
//
// The evidence columns tell which passage of which Source node asserts the row.
// An empty basis is STATED, an empty confidence HIGH, an empty rank NORMAL. Every
// row needs a source, save those of nodes/Source.csv, unless Options.AllowUnsourced.
//
// # The values
//
// White space around a value is cut off and text is brought into Unicode's
// composed form (NFC). Ids have no white space and at most [MaxID] bytes. Enums may be
// written in any case, with "-" or a space for "_". Booleans are true or false, yes
// or no, 1 or 0. An Int has 32 bits; a Float has a decimal point and no
// thousands separators. Dates are EDTF. A cell holds at most [MaxField] bytes.
//
// Lists are separated by ";", or by "|" where ";" separates the columns. A
// backslash before the separator, or before another backslash, takes away its
// meaning. Empty elements are passed over.
//
// # Rows that speak of one thing
//
// Rows with the same id, or for edges with the same type, ends and key
// properties, are one record: their evidence is united by source and locator,
// their lists are united, and a value that one of them lacks comes from another.
// Two different values, or two different judgements of the same passage, are a
// conflict, reported with both lines.
//
// So it is with what Options.Stored holds: splitting rows over two folders, loaded
// one after the other, gives the graph that they give at once. A row that
// contradicts the store is rejected, with the stored value and its sources; with
// Options.Replace it and its lists replace what is stored, each with a notice.
//
// # Edges that lead back
//
// Edges of a relation that the model declares chronological lead from a later
// thing to an earlier one. One whose source surely precedes its target, or that is
// itself dated surely before its target, is rejected, and so are edges that close a
// cycle. What Options.Stored holds counts too; where the folder gives a
// date, it is the folder's that counts.
//
// # Files from elsewhere
//
// Columns may be separated by commas, semicolons or tabs (whichever the header
// has most of, or what a first line "sep=;" says); lines end in LF, CRLF or CR; a byte order mark is passed over. The
// headers of neo4j-admin import are understood: "id:ID", "name:string",
// "aliases:string[]", ":START_ID", ":END_ID", ":LABEL", ":TYPE" and ":IGNORE",
// with id spaces such as ":ID(Actor)", which are not kept apart: ids are one
// space over all kinds. The model, not the header, decides how a value is read.
//
// # What is never read
//
// Columns named for perpetrators, their writings or their footage are dropped whole;
// see [notorious] and [suspicious]. The report says so and never repeats what stood
// in them.
package ingest
