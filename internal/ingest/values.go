package ingest

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// parser turns the content of a cell into a value of the type that
// kg.Property asks for; nil where the cell is empty. Its results share no
// memory with the cell.
type parser func(raw string) (any, *fault)

// parserOf returns the parser of a property.
func parserOf(o *ontology.Ontology, p *ontology.Property, separator byte) parser {
	one := elementParser(o, p)
	if !p.List {
		return one
	}
	switch p.Type {
	case ontology.Int:
		return listOf[int64](one, separator)
	case ontology.Float:
		return listOf[float64](one, separator)
	case ontology.Boolean:
		return listOf[bool](one, separator)
	default:
		return listOf[string](one, separator)
	}
}

func elementParser(o *ontology.Ontology, p *ontology.Property) parser {
	switch p.Type {
	case ontology.ID, ontology.Ref:
		return parseID
	case ontology.Int:
		return cleaned(parseInt)
	case ontology.Float:
		return cleaned(parseFloat)
	case ontology.Boolean:
		return cleaned(parseBool)
	case ontology.EDTF:
		return cleaned(parseEDTF)
	case ontology.EnumOf:
		enum := o.Enum(p.TypeName)
		values := make([]string, len(enum.Values))
		for i, v := range enum.Values {
			values[i] = v.Name
		}
		return enumParser("a value of "+enum.Name, values)
	default:
		return parseText
	}
}

// cleaned gives a parser the text of the cell, and no empty one.
func cleaned(parse parser) parser {
	return func(raw string) (any, *fault) {
		s, f := clean(raw)
		if f != nil || s == "" {
			return nil, f
		}
		return parse(s)
	}
}

func listOf[T any](one parser, separator byte) parser {
	return func(raw string) (any, *fault) {
		if _, f := clean(raw); f != nil {
			return nil, f
		}
		var list []T
		for i, element := range splitList(raw, separator) {
			v, f := one(element)
			if f != nil {
				return nil, &fault{fmt.Sprintf("element %d: %s", i+1, f.problem), f.remedy}
			}
			if v != nil {
				list = append(list, v.(T))
			}
		}
		if list == nil {
			return nil, nil
		}
		return list, nil
	}
}

func parseText(raw string) (any, *fault) {
	s, f := clean(raw)
	if f != nil || s == "" {
		return nil, f
	}
	if strings.IndexFunc(s, func(r rune) bool { return !isInvisible(r) }) < 0 {
		return nil, &fault{fmt.Sprintf("has nothing but invisible characters, such as %U", []rune(s)[0]), "write a text, or empty the cell"}
	}
	return strings.Clone(s), nil
}

func parseInt(s string) (any, *fault) {
	n, err := strconv.ParseInt(s, 10, 32)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return nil, &fault{"is out of range", fmt.Sprintf("an Int lies between %d and %d", math.MinInt32, math.MaxInt32)}
	case err != nil:
		return nil, &fault{"is not a whole number", "write digits only, without separators, such as 1200"}
	}
	return n, nil
}

func parseFloat(s string) (any, *fault) {
	f, err := strconv.ParseFloat(s, 64)
	switch {
	case strings.Trim(s, "0123456789+-.eE") != "", err != nil && !errors.Is(err, strconv.ErrRange):
		return nil, &fault{"is not a number", "write it with a decimal point and without separators, such as 1200.5"}
	case err != nil:
		return nil, &fault{"is out of range", "write a number that fits 64 bits"}
	case f == 0:
		return 0.0, nil // never a negative zero
	}
	return f, nil
}

func parseBool(s string) (any, *fault) {
	switch strings.ToLower(s) {
	case "true", "yes", "1":
		return true, nil
	case "false", "no", "0":
		return false, nil
	}
	return nil, &fault{"is neither true nor false", "write true or false"}
}

func parseEDTF(s string) (any, *fault) {
	const longest = 64 // far above any date; keeps messages short
	if len(s) > longest {
		return nil, &fault{"is too long for a date", kg.EDTFRemedy}
	}
	d, err := kg.ParseEDTF(s)
	if err != nil {
		return nil, &fault{strings.TrimPrefix(err.Error(), strconv.Quote(s)+" "), kg.EDTFRemedy} // reports show the value
	}
	return strings.Clone(string(d)), nil
}

// enumParser reads one of a few words, in any case, with "-" or a space for "_".
func enumParser(what string, values []string) parser {
	byFold := make(map[string]any, len(values))
	for _, v := range values {
		byFold[foldEnum(v)] = v
	}
	words := newLexicon(values)
	return cleaned(func(s string) (any, *fault) {
		if v, ok := byFold[foldEnum(s)]; ok {
			return v, nil
		}
		return nil, &fault{"is not " + what, didYouMean(shorten(s), words) + "use one of " + strings.Join(values, ", ")}
	})
}

func foldEnum(s string) string {
	underscored := func(r rune) rune {
		if r == '-' || r == ' ' {
			return '_'
		}
		return r
	}
	return strings.ToUpper(strings.Map(underscored, s))
}
