package ontology

// SourceKind is the kind of the nodes that evidence refers to; the API names it too.
// SourceDate is its property that says when the source was published.
const (
	SourceKind = "Source"
	SourceDate = "date"
)

// ValidTime names the properties that say when a fact holds; each is empty
// where a kind or relation declares none. The convention is by name: a date
// called date, start or since says from when, end or until says until when, and
// asOf is a day on which the fact holds. Other dates say nothing about it.
type ValidTime struct{ From, Until, AsOf string }

// ValidTime returns the properties that say when nodes of the kind exist. A
// source is published, which is for the other clock, and then exists for good.
func (k *Kind) ValidTime() ValidTime {
	if k.Name == SourceKind {
		return ValidTime{}
	}
	return validTime(k.Properties)
}

// ValidTime returns the properties that say when edges of the type hold.
func (r *Relation) ValidTime() ValidTime { return validTime(r.Properties) }

func validTime(props []*Property) ValidTime {
	return ValidTime{From: dated(props, "date", "start", "since"), Until: dated(props, "end", "until"), AsOf: dated(props, "asOf")}
}

// dated returns the first of the names that is a single date among the properties.
func dated(props []*Property, names ...string) string {
	for _, name := range names {
		if p := find(props, name); p != nil && p.Type == EDTF && !p.List {
			return name
		}
	}
	return ""
}
