package config

import (
	"time"

	"entente/internal/kg"
)

// Influence bounds the work of one question about influence. Requests can ask for less.
type Influence struct {
	InfluenceNodes int           `help:"How many nodes a trace or a search for paths may visit." env:"ENTENTE_INFLUENCE_NODES" default:"20000" placeholder:"N"`
	InfluenceEdges int           `help:"How many edges it may read." env:"ENTENTE_INFLUENCE_EDGES" default:"100000" placeholder:"N"`
	InfluenceSteps int           `help:"How many partial paths it may look at." env:"ENTENTE_INFLUENCE_STEPS" default:"500000" placeholder:"N"`
	InfluenceTime  time.Duration `help:"How long it may take." env:"ENTENTE_INFLUENCE_TIME" default:"5s"`
}

// Verify reports the first bound that cannot work, with a remedy.
func (i Influence) Verify() error {
	for _, bound := range []struct {
		flag string
		n    int64
	}{
		{"--influence-nodes", int64(i.InfluenceNodes)}, {"--influence-edges", int64(i.InfluenceEdges)},
		{"--influence-steps", int64(i.InfluenceSteps)}, {"--influence-time", int64(i.InfluenceTime)},
	} {
		if bound.n <= 0 {
			return kg.Invalid("use a bound above 0", "%s is 0 or less", bound.flag)
		}
	}
	return nil
}
