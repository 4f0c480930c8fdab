package store

import (
	"fmt"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// tests gives each operator its test and the test of its opposite.
var tests = map[kg.Op][2]TestOp{
	kg.OpEq: {Eq, Ne}, kg.OpIn: {InList, NotInList},
	kg.OpLt: {Lt, Gte}, kg.OpGte: {Gte, Lt}, kg.OpGt: {Gt, Lte}, kg.OpLte: {Lte, Gt},
	kg.OpContains: {Contains, NotContains}, kg.OpStartsWith: {StartsWith, NotStartsWith},
	kg.OpHas: {Has, NotHas},
}

func (s scope) compare(f kg.Compare, negated bool) (Pred, error) {
	field, err := s.field(f.Property)
	if err != nil {
		return nil, err
	}
	if f.Op == kg.OpIsNull {
		want, ok := f.Value.(bool)
		if !ok {
			return nil, kg.Invalid("give isNull true or false", "isNull on %s has the value %v", f.Property, f.Value)
		}
		if want != negated {
			return Test{Field: field, Op: Null}, nil
		}
		return Test{Field: field, Op: NotNull}, nil
	}
	if err := allowed(field, f.Op); err != nil {
		return nil, err
	}
	if err := checkOperand(field, f.Op, f.Value); err != nil {
		return nil, err
	}
	if field.Type == ontology.EDTF && !field.List && f.Op != kg.OpEq && f.Op != kg.OpIn {
		return compareEDTF(field, f.Op, f.Value.(string), negated), nil
	}
	pair := tests[f.Op]
	if negated {
		return Test{Field: field, Op: pair[1], Value: f.Value}, nil
	}
	return Test{Field: field, Op: pair[0], Value: f.Value}, nil
}

// compareEDTF compares whole intervals of days; see kg.Op. The opposite of
// "before" is "surely not before": begins no earlier.
func compareEDTF(field Field, op kg.Op, value string, negated bool) Pred {
	earliest, latest := kg.EDTF(value).Bounds()
	begins, ends := field, field
	begins.Name, begins.Type = field.Name+EarliestSuffix, ontology.String
	ends.Name, ends.Type = field.Name+LatestSuffix, ontology.String
	if negated {
		op = map[kg.Op]kg.Op{kg.OpLt: kg.OpGte, kg.OpGte: kg.OpLt, kg.OpGt: kg.OpLte, kg.OpLte: kg.OpGt}[op]
	}
	switch op {
	case kg.OpLt:
		return Test{Field: ends, Op: Lt, Value: earliest}
	case kg.OpLte:
		return Test{Field: ends, Op: Lte, Value: latest}
	case kg.OpGt:
		return Test{Field: begins, Op: Gt, Value: latest}
	default:
		return Test{Field: begins, Op: Gte, Value: earliest}
	}
}

func allowed(field Field, op kg.Op) error {
	var ok bool
	switch op {
	case kg.OpHas:
		ok = field.List
	case kg.OpContains, kg.OpStartsWith:
		ok = !field.List && (field.Type == ontology.String || field.Type == ontology.ID)
	case kg.OpLt, kg.OpLte, kg.OpGt, kg.OpGte:
		ok = !field.List && field.Type != ontology.Boolean && field.Type != ontology.EnumOf && field.Type != ontology.Ref
	case kg.OpEq, kg.OpIn:
		ok = !field.List
	}
	if !ok {
		return kg.Invalid("use an operator that fits the type", "%s cannot be compared with %q", field.Name, op)
	}
	return nil
}

// checkOperand holds the value to the Go type that the field's values have.
func checkOperand(field Field, op kg.Op, v any) error {
	ok := false
	if op == kg.OpIn {
		switch v.(type) {
		case []string:
			ok = stringTyped(field.Type)
		case []int64:
			ok = field.Type == ontology.Int
		case []float64:
			ok = field.Type == ontology.Float
		case []bool:
			ok = field.Type == ontology.Boolean
		}
	} else {
		switch v.(type) {
		case string:
			ok = stringTyped(field.Type)
		case int64:
			ok = field.Type == ontology.Int
		case float64:
			ok = field.Type == ontology.Float
		case bool:
			ok = field.Type == ontology.Boolean
		}
	}
	if !ok {
		return fmt.Errorf("comparing %s (%s) %s: a value of type %T does not fit", field.Name, field.Type, op, v)
	}
	return checkForm(field, v)
}

// checkForm refuses operands that no stored value can have.
func checkForm(field Field, v any) error {
	switch v := v.(type) {
	case string:
		return checkForms(field, []string{v})
	case []string:
		return checkForms(field, v)
	case float64:
		return checkFinite(field.Name, v)
	case []float64:
		for _, f := range v {
			if err := checkFinite(field.Name, f); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkForms(field Field, texts []string) error {
	for _, s := range texts {
		if err := checkText(field.Name, s); err != nil {
			return err
		}
		if field.Type != ontology.EDTF {
			continue
		}
		if _, err := kg.ParseEDTF(s); err != nil {
			return kg.Invalid(kg.EDTFRemedy, "%s: %v", field.Name, err)
		}
	}
	return nil
}

func stringTyped(t ontology.Type) bool {
	return t != ontology.Int && t != ontology.Float && t != ontology.Boolean
}
