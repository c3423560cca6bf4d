package diagnose

import "fmt"

// String says in one line what was found, with its size.
func (f Finding) String() string {
	change := 100 * (f.Ratio - 1)
	switch f.Kind {
	case WarmUp:
		if f.Count == 1 {
			return fmt.Sprintf("the first iteration is %.3g times what follows", f.Ratio)
		}
		return fmt.Sprintf("the first %d iterations are warm-up; the first is %.3g times what follows", f.Count, f.Ratio)
	case Trend:
		return fmt.Sprintf("iterations change by %+.1f %% from the first to the last of a trial", change)
	case Drift:
		if f.Scope == Run {
			return fmt.Sprintf("timings of all cells change by %+.1f %% from the first to the last trial of the run", change)
		}
		return fmt.Sprintf("trials change by %+.1f %% from the first to the last of the run", change)
	case Step:
		if f.Scope == Run {
			return fmt.Sprintf("from trial %d on, timings of all cells are %.3g times what they were before", f.first(), f.Ratio)
		}
		return fmt.Sprintf("from trial %d on, trials take %.3g times what they took before", f.first(), f.Ratio)
	case Bimodal:
		return f.groups()
	case Outliers:
		others := "the others"
		if f.Scope == Iterations {
			others = "the others of their trial"
		}
		return fmt.Sprintf("%d of %d %s lie far from %s: %s the median", f.Count, f.Total, f.Scope, others, f.times())
	}
	return string(f.Kind)
}

// first is the first of the trials that a finding is about.
func (f Finding) first() int {
	if len(f.Seqs) == 0 {
		return 0
	}
	return f.Seqs[0]
}

func (f Finding) groups() string {
	if f.Scope == Trials {
		return fmt.Sprintf("trials fall into two groups: %d around %.3g %s and %d around %.3g", f.Count, f.Low, f.Unit, f.Total-f.Count, f.High)
	}
	share := 100 * float64(f.Count) / float64(f.Total)
	return fmt.Sprintf("iterations fall into two groups: %.0f %% around %.3g %s and %.0f %% around %.3g", share, f.Low, f.Unit, 100-share, f.High)
}

func (f Finding) times() string {
	switch {
	case f.Low == 0:
		return fmt.Sprintf("up to %.3g times", f.High)
	case f.High == 0:
		return fmt.Sprintf("down to %.3g times", f.Low)
	}
	return fmt.Sprintf("%.3g to %.3g times", f.Low, f.High)
}

// String says in one line what the origin rests on.
func (t Tail) String() string {
	switch t.Evidence {
	case FewWatched:
		return fmt.Sprintf("need ≥ %d trials with a figure of disturbance, have %d", findingTrials, t.Trials)
	case FollowsDisturbance:
		return fmt.Sprintf("trials are the slower the more they were disturbed (p = %.2g)", t.P)
	case NotPositive:
		return "medians are not above zero"
	case NoTail:
		return "no trial is far slower than the others, and the slower ones are not the disturbed ones"
	case SomeDisturbed:
		return "some of the slow trials were disturbed, but too few to tell"
	case SlowUndisturbed:
		return fmt.Sprintf("%d of %d trials are far slower though nothing disturbed them more than the others", t.Slow, t.Trials)
	}
	return string(t.Evidence)
}
