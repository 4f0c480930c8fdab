package ingest

import "strings"

// notorious lists the words that mark a column as naming those who carried out
// an attack, or what they wrote or filmed to be seen. A column whose name
// contains one of them, whatever its case, accents and separators, is dropped
// whole. The list holds on purpose no word that an honest column on courts,
// sanctions or designations could need.
var notorious = [...]string{
	"perpetrator", "attacker", "assailant",
	"shooter", "gunman", "gunmen", "gunwoman", "stabber", "bomber", "arsonist", "hijacker",
	"killer", "murderer", "culprit", "offender", "suspect", "wrongdoer",
	"manifesto", "footage",
}

// isNotorious reports whether a column of that name is to be dropped.
func isNotorious(column string) bool {
	name := squeeze(column)
	for _, word := range notorious {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
