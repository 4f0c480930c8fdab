package store

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// CheckValue reports whether a value has the Go type and the form of a property.
func CheckValue(o *ontology.Ontology, p *ontology.Property, v any) error {
	if !p.List {
		return checkElement(o, p, v)
	}
	switch list := v.(type) {
	case []string:
		return checkAll(o, p, list)
	case []int64:
		return checkAll(o, p, list)
	case []float64:
		return checkAll(o, p, list)
	case []bool:
		return checkAll(o, p, list)
	}
	return kg.Invalid("", "%s is a list and cannot be %T", p.Name, v)
}

func checkAll[T any](o *ontology.Ontology, p *ontology.Property, list []T) error {
	if len(list) == 0 {
		return kg.Invalid("leave the property out", "%s is an empty list", p.Name)
	}
	for _, v := range list {
		if err := checkElement(o, p, v); err != nil {
			return err
		}
	}
	return nil
}

func checkElement(o *ontology.Ontology, p *ontology.Property, v any) error {
	switch p.Type {
	case ontology.Int:
		n, ok := v.(int64)
		if ok && n >= math.MinInt32 && n <= math.MaxInt32 {
			return nil
		}
		return kg.Invalid("an Int lies between -2147483648 and 2147483647; use Float for more", "%s cannot be %v", p.Name, v)
	case ontology.Float:
		if f, ok := v.(float64); ok {
			return checkFinite(p.Name, f)
		}
		return kg.Invalid("write a number", "%s cannot be %v", p.Name, v)
	case ontology.Boolean:
		if _, ok := v.(bool); ok {
			return nil
		}
		return kg.Invalid("write true or false", "%s cannot be %v", p.Name, v)
	}
	s, ok := v.(string)
	if !ok || s == "" {
		return kg.Invalid("write a text that is not empty, or leave the property out", "%s cannot be %#v", p.Name, v)
	}
	if err := checkText(p.Name, s); err != nil {
		return err
	}
	switch p.Type {
	case ontology.EDTF:
		if _, err := kg.ParseEDTF(s); err != nil {
			return kg.Invalid(kg.EDTFRemedy, "%s: %v", p.Name, err)
		}
	case ontology.EnumOf:
		if !o.Enum(p.TypeName).Has(s) {
			return kg.Invalid("use a value of "+p.TypeName, "%s cannot be %q", p.Name, s)
		}
	}
	return nil
}

func checkFinite(name string, f float64) error {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return kg.Invalid("write a finite number", "%s cannot be %v", name, f)
	}
	return nil
}

// checkText refuses what not every engine can keep: broken UTF-8 and the zero character.
func checkText(name, s string) error {
	if !utf8.ValidString(s) {
		return kg.Invalid("write the text in UTF-8", "%s has bytes that are not UTF-8: %q", name, clip(s))
	}
	if strings.ContainsRune(s, 0) {
		return kg.Invalid("take the character out", "%s has the character U+0000: %q", name, clip(s))
	}
	return nil
}

// clip shortens a text for a message.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}

// MaxNodeID and MaxEdgeID are the greatest lengths of ids in bytes: what every
// engine can put in an index.
const (
	MaxNodeID = 500
	MaxEdgeID = 4000
)

func checkID(what, id string, most int) error {
	if id == "" {
		return kg.Invalid("give it an id", "%s has an empty id", what)
	}
	if len(id) > most {
		return kg.Invalid(fmt.Sprintf("use at most %d bytes", most), "the id of %s %q is too long", what, clip(id))
	}
	return checkText("the id of "+what, id)
}

// checkEvidence holds pieces of evidence to what their types allow. That the
// source is there is the importer's business.
func checkEvidence(evidence []kg.Evidence, where string) error {
	for _, e := range evidence {
		switch {
		case e.Source == "":
			return kg.Invalid("name the source", "%s: a piece of evidence has no source", where)
		case !slices.Contains([]kg.Basis{kg.Stated, kg.Inferred}, e.Basis):
			return kg.Invalid("use STATED or INFERRED", "%s: the basis of evidence cannot be %q", where, e.Basis)
		case !slices.Contains([]kg.Confidence{kg.High, kg.Medium, kg.Low}, e.Confidence):
			return kg.Invalid("use HIGH, MEDIUM or LOW", "%s: the confidence of evidence cannot be %q", where, e.Confidence)
		case !slices.Contains([]kg.Rank{kg.Preferred, kg.Normal, kg.Deprecated}, e.Rank):
			return kg.Invalid("use PREFERRED, NORMAL or DEPRECATED", "%s: the rank of evidence cannot be %q", where, e.Rank)
		}
		for _, text := range []string{e.Source, e.Locator, e.Note} {
			if err := checkText(where+": evidence", text); err != nil {
				return err
			}
		}
	}
	return nil
}
