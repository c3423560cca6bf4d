package diagnose

import (
	"math"

	"edgebench/bench/stat"
	"edgebench/bench/stat/internal/numeric"

	gonum "gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// warmUp counts how many of the first iterations are slower than what follows
// them, over logarithms of values by trial.
//
// An iteration is one of warm-up if its rank among itself and those after it is
// high in most trials. Trials are the units of the test, so that what ties the
// iterations of a trial to each other does not count as evidence.
func warmUp(trials [][]float64) (int, *Finding) {
	warm := 0
	for ; long(trials, warm); warm++ {
		scores := make([]float64, len(trials))
		for i, t := range trials {
			rest := t[warm:]
			scores[i] = 2*(numeric.Ranks(rest)[0]-1)/float64(len(rest)-1) - 1
		}
		if mean, p := meanTest(scores); p > falseFinding || mean < 0 {
			break
		}
	}
	if warm == 0 {
		return 0, nil
	}
	excess := make([]float64, len(trials))
	for i, t := range trials {
		excess[i] = t[0] - stat.Median(t[warm:])
	}
	return warm, &Finding{Kind: WarmUp, Scope: Iterations, Count: warm, Ratio: math.Exp(stat.Median(excess))}
}

// trend looks for iterations that become slower or faster, by Kendall's tau of
// each trial. Whatever correlation they have besides, it is as likely to lead
// up as down, so that the taus of trials scatter around zero.
func trend(trials [][]float64) *Finding {
	if !long(trials, 0) {
		return nil
	}
	taus, changes := make([]float64, len(trials)), make([]float64, len(trials))
	for i, t := range trials {
		taus[i] = kendall(t, positions(len(t)))
		changes[i] = lastToFirst(t)
	}
	if _, p := meanTest(taus); p > falseFinding {
		return nil
	}
	return &Finding{Kind: Trend, Scope: Iterations, Ratio: stat.Median(changes)}
}

// meanTest is Student's two-sided test that values scatter around zero, with
// their mean.
func meanTest(values []float64) (mean, p float64) {
	n := float64(len(values))
	mean, deviation := gonum.MeanStdDev(values, nil)
	switch {
	case math.Abs(mean) < numeric.Negligible:
		return mean, 1
	case deviation*deviation*(n-1) < numeric.Negligible:
		return mean, 0
	}
	t := math.Abs(mean) / gonum.StdErr(deviation, n)
	return mean, 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Survival(t)
}

func positions(n int) []float64 {
	all := make([]float64, n)
	for i := range all {
		all[i] = float64(i)
	}
	return all
}
