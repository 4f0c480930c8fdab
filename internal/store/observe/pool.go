package observe

import (
	"github.com/prometheus/client_golang/prometheus"

	"entente/internal/store"
)

// pool shows the connections of a store, as they are when somebody asks.
type pool struct {
	of                       store.Pooled
	inUse, most, waits, wait *prometheus.Desc
}

func newPool(of store.Pooled) *pool {
	desc := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("entente_store_pool_"+name, help, nil, nil)
	}
	return &pool{
		of:    of,
		inUse: desc("in_use", "Connections of the store in use."),
		most:  desc("max", "Connections of the store that there can be."),
		waits: desc("waits_total", "Calls that found all connections of the store in use, and waited."),
		wait:  desc("wait_seconds_total", "How long calls have waited for a connection of the store, added up; where the engine can tell."),
	}
}

// Describe names the metrics.
func (p *pool) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{p.inUse, p.most, p.waits, p.wait} {
		to <- d
	}
}

// Collect reads them.
func (p *pool) Collect(to chan<- prometheus.Metric) {
	now := p.of.Pool()
	to <- prometheus.MustNewConstMetric(p.inUse, prometheus.GaugeValue, float64(now.InUse))
	to <- prometheus.MustNewConstMetric(p.most, prometheus.GaugeValue, float64(now.Max))
	to <- prometheus.MustNewConstMetric(p.waits, prometheus.CounterValue, float64(now.Waits))
	if now.WaitedKnown {
		to <- prometheus.MustNewConstMetric(p.wait, prometheus.CounterValue, now.Waited.Seconds())
	}
}
