// Package size is the experiment that measures the size of an artefact: as
// shipped to a node, as a registry holds it, and as the node keeps it. Its
// metrics are counted and do not vary.
package size

import (
	"context"
	"sync"
	"time"

	"edgebench/bench/experiment"
	"edgebench/results"
	"edgebench/runners"
)

// Name of the experiment.
const Name results.Experiment = "size"

// Names of its metrics.
const (
	Artefact     = "artefact_size"
	Compressed   = "compressed_size"
	Uncompressed = "uncompressed_size"
	Layers       = "layers"
	Prepared     = "prepared_size"
)

var (
	artefact = experiment.Metric{Name: Artefact, Unit: results.Bytes, Better: experiment.Lower, Counted: true,
		Meaning: "what is sent to a node, uncompressed: the module, the binary, the archive of an image"}
	compressed = experiment.Metric{Name: Compressed, Unit: results.Bytes, Better: experiment.Lower, Counted: true,
		Meaning: "what a registry holds and sends: the module or binary, or each layer of the image, by gzip at level 6"}
	uncompressed = experiment.Metric{Name: Uncompressed, Unit: results.Bytes, Better: experiment.Lower, Counted: true,
		Meaning: "sum of an image's layers, as tar; only for containers"}
	layers = experiment.Metric{Name: Layers, Unit: results.Count, Better: experiment.Lower, Counted: true,
		Meaning: "number of an image's layers; only for containers"}
	prepared = experiment.Metric{Name: Prepared, Unit: results.Bytes, Better: experiment.Lower, Counted: true,
		Meaning: "what the node keeps on disk: compiled code for a runtime that keeps it, the unpacked image"}
)

// size is the experiment. It caches the sizes of artefacts, so each run needs its
// own.
type size struct {
	mu    sync.Mutex
	found map[key]found
}

// key is what is measured once: a build as it is, or as the image that holds it
// alone.
type key struct {
	path, sum string
	contained bool
}

type found struct {
	metrics []results.Metric
	err     error
}

// New gives the experiment for one run.
func New() experiment.Experiment { return &size{found: map[key]found{}} }

// Describe implements experiment.Experiment.
func (*size) Describe() experiment.Description {
	return experiment.Description{
		Name: Name, Asks: "How large is the artefact: shipped, compressed, and kept on disk?",
		Metrics:  []experiment.Metric{artefact, compressed, uncompressed, layers, prepared},
		Headline: Artefact,
	}
}

// Parameters are the experiment's keys of a configuration: it has none.
type Parameters struct{}

// Parameters implements experiment.Experiment.
func (*size) Parameters() experiment.Parameters { return &Parameters{} }

// Check implements experiment.Parameters.
func (*Parameters) Check(time.Duration) error { return nil }

// Expand implements experiment.Parameters.
func (*Parameters) Expand(experiment.Target) []experiment.Case { return []experiment.Case{{}} }

// Prepare implements experiment.Preparer: compressing takes seconds for a large
// image, and disturbs no measurement before the first trial.
func (s *size) Prepare(ctx context.Context, list []experiment.Candidate) {
	for _, c := range list {
		if ctx.Err() == nil {
			s.measure(ctx, c.Cell, c.Artefact)
		}
	}
}

// Run implements experiment.Experiment. It needs no agent: what is shipped and
// kept was found out when the artefact was prepared.
func (s *size) Run(ctx context.Context, t *experiment.Trial) (experiment.Result, error) {
	p := t.Subject.Prepared
	metrics, err := s.measure(ctx, t.Cell, p.Artefact)
	if err != nil {
		return experiment.Result{}, err
	}
	all := []results.Metric{artefact.Of(float64(p.Shipped))}
	all = append(all, metrics...)
	return experiment.Result{Metrics: append(all, prepared.Of(float64(p.Stored)))}, nil
}

// measure gives what is known of an artefact, measured at the first call. Another
// call waits for the first one.
func (s *size) measure(ctx context.Context, c results.Cell, a runners.Artefact) ([]results.Metric, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := key{path: a.Path, sum: a.SHA256, contained: isContainer(c.Runner)}
	f, ok := s.found[k]
	if !ok {
		f.metrics, f.err = sizes(ctx, a, k.contained)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		s.found[k] = f
	}
	return f.metrics, f.err
}
