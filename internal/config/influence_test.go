package config_test

import (
	"testing"

	"entente/internal/config"
	"entente/internal/influence"
)

// What the help says of the bounds is what the engine does by itself.
func TestInfluenceBounds(t *testing.T) {
	d := influence.DefaultBudget()
	good := config.Influence{InfluenceNodes: d.Nodes, InfluenceEdges: d.Edges, InfluenceSteps: d.Steps, InfluenceTime: d.Time}
	if err := good.Verify(); err != nil {
		t.Error(err)
	}
	for name, bad := range map[string]func(*config.Influence){
		"--influence-nodes": func(i *config.Influence) { i.InfluenceNodes = 0 }, "--influence-edges": func(i *config.Influence) { i.InfluenceEdges = -1 },
		"--influence-steps": func(i *config.Influence) { i.InfluenceSteps = 0 }, "--influence-time": func(i *config.Influence) { i.InfluenceTime = -1 },
	} {
		c := good
		bad(&c)
		if err := c.Verify(); err == nil || err.Error() != name+" is 0 or less; use a bound above 0" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
