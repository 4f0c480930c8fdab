package store

import (
	"math"

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
		f, ok := v.(float64)
		if ok && !math.IsNaN(f) && !math.IsInf(f, 0) {
			return nil
		}
		return kg.Invalid("write a finite number", "%s cannot be %v", p.Name, v)
	case ontology.Boolean:
		if _, ok := v.(bool); ok {
			return nil
		}
		return kg.Invalid("write true or false", "%s cannot be %v", p.Name, v)
	}
	s, ok := v.(string)
	if !ok || s == "" {
		return kg.Invalid("write a text that is not empty, or leave the property out", "%s cannot be %v", p.Name, v)
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
