package agent

import (
	"context"

	"edgebench/results"
	"edgebench/runners"
)

// Tiers say which compiler made the code that gave an instance's first response, and
// the code that gave the last response of a trial. They are empty for a runtime with one
// compiler.
type Tiers struct {
	First runners.Tier `json:"first,omitempty"`
	Last  runners.Tier `json:"last,omitempty"`
}

// tierState is what a measurement knows of tiers.
type tierState struct {
	// asking marks an iteration after which the instance is asked.
	asking bool
	// tiered marks an instance that can be asked, varies one that may answer otherwise
	// after other calls.
	tiered, varies bool
}

// askTiers asks when all iterations are done. On a loaded rung that is the instance, or
// one more of the loaded code, that the iterations have used; what a first response came
// from is seen in a runtime that is started for it. On the others one more iteration is
// done, each of which gives a first response.
func (m *measurement) askTiers(ctx context.Context, rung func(context.Context, int) error) (err error) {
	if !m.tiered || m.task.Rung == results.Boot { // which has asked, for it happens once
		return nil
	}
	m.passing, m.asking = true, true
	if err := rung(ctx, m.out.Iterations); err != nil || !m.task.Rung.Loaded() || !m.varies {
		return err
	}
	last := m.out.Tiers.Last
	if err := m.close(); err != nil {
		return err
	}
	defer func() { m.out.Tiers.Last = last }()
	if m.rt, err = m.runner.Boot(ctx, m.subject.Ready()); err != nil {
		return err
	}
	if m.loaded, err = m.rt.Load(ctx, m.subject.Prepared, nil); err != nil {
		return err
	}
	return m.pooled(ctx, 0)
}

// askTier asks an instance that has just answered.
func (m *measurement) askTier(ctx context.Context, in runners.Instance) error {
	t, ok := in.(runners.Tiered)
	m.tiered = ok
	if !ok || !m.asking {
		return nil
	}
	tier, varies, err := t.Tier(ctx)
	m.out.Tiers, m.varies = Tiers{tier, tier}, varies
	return err
}
