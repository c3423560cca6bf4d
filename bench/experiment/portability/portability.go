package portability

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"edgebench/bench/experiment"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/client"
)

// Name of the experiment.
const Name results.Experiment = "portability"

// QuestionParam is a Question.
const QuestionParam = "question"

// PlatformParam names a client.Platform, for AskPlatform alone.
const PlatformParam = "platform"

// Question is what a cell asks.
type Question string

// The questions. A check's group is the name of its question, but for those of an
// artefact.
const (
	AskArtefact      Question = "artefact"
	AskFeatures      Question = "features"
	AskSpecification Question = "specification"
	AskPlatform      Question = "platform"
	AskDifferences   Question = "differences"
	AskImages        Question = "images"
)

// Questions lists all questions in their order.
func Questions() []Question {
	return []Question{AskArtefact, AskFeatures, AskSpecification, AskPlatform, AskDifferences, AskImages}
}

// Names of metrics.
const (
	Artefacts   = "artefacts"
	Supported   = "features_supported"
	Passed      = "specification_passed"
	Identical   = "identical_responses"
	Generated   = "generated_modules"
	IndexImages = "index_images"
	IndexSize   = "index_size"
	Registry    = "registry_size"
	BuildTime   = "build_time"
)

var (
	artefacts = experiment.Metric{Name: Artefacts, Unit: results.Count, Better: experiment.Lower, Counted: true,
		Meaning: "artefacts for amd64, arm64 and riscv64: one for each where the artefact, or the code that is compiled of it ahead, is made for one architecture"}
	supported = experiment.Metric{Name: Supported, Unit: results.Count, Better: experiment.Higher, Counted: true,
		Meaning: "features of WebAssembly of which a module ran and answered rightly"}
	passed = experiment.Metric{Name: Passed, Unit: results.Count, Better: experiment.Higher, Counted: true,
		Meaning: "tests of the specification that passed"}
	identical = experiment.Metric{Name: Identical, Unit: results.Count, Better: experiment.Higher, Counted: true,
		Meaning: "responses of the same bytes on another platform that are as expected"}
	generated = experiment.Metric{Name: Generated, Unit: results.Count, Better: experiment.Neither, Counted: true,
		Meaning: "modules that were made of seeds and run, each with and without the bits of NaN"}
	indexImages = experiment.Metric{Name: IndexImages, Unit: results.Count, Better: experiment.Neither, Counted: true,
		Meaning: "images of the multi-architecture index, one for each architecture that the workload can be built for"}
	indexSize = experiment.Metric{Name: IndexSize, Unit: results.Bytes, Better: experiment.Lower, Counted: true,
		Meaning: "what a registry holds of the images of one function, from scratch, for all architectures of the index: manifests, configurations and compressed layers"}
	registrySize = experiment.Metric{Name: Registry, Unit: results.Bytes, Better: experiment.Lower, Counted: true,
		Meaning: "what a registry holds of one function that is a module, for all architectures: the module by gzip at level 6"}
	buildTime = experiment.Metric{Name: BuildTime, Unit: results.Seconds, Better: experiment.Lower,
		Meaning: "how long the toolchain took for all that a registry holds of one function: for a module when it was built on this machine, for images at the trial, one architecture after the other; compilers may have kept libraries of earlier builds, and have them before images"}
)

// Words that checks answer with.
const (
	ResultSupported = "supported"
	// ResultAbsent: the runtime refuses what is asked for.
	ResultAbsent = "absent"
	// ResultWrong: it ran and gave something else.
	ResultWrong = "wrong"
	// ResultCrashed: the process ended.
	ResultCrashed = "crashed"
	// ResultHung: it was not done in time, and its process had to be ended.
	ResultHung = "hung"
	// ResultUnasked: the runner cannot be given it, for a reason outside the runtime.
	ResultUnasked = "unasked"
	ResultPassed  = "passed"
	ResultFailed  = "failed"
)

type portability struct{}

// New gives the experiment.
func New() experiment.Experiment { return &portability{} }

// Describe implements experiment.Experiment.
func (*portability) Describe() experiment.Description {
	return experiment.Description{
		Name: Name, Asks: "Do the same bytes run on other machines, and do they need what a runtime does not have?",
		Metrics: []experiment.Metric{artefacts, supported, passed, identical, generated, indexImages, indexSize, registrySize, buildTime}, Headline: Artefacts,
	}
}

// Parameters are the experiment's keys of a configuration.
type Parameters struct {
	// Questions are those that are asked; none is all.
	Questions []Question `toml:"questions"`
	// Platforms are those of the question platform; none is all.
	Platforms []string `toml:"platforms"`
	// Seed and Modules say which modules the question differences runs: so many, from
	// this seed on.
	Seed    uint64 `toml:"seed"`
	Modules int    `toml:"modules"`
	// Against names the system, as RUNNER/MODE, beside which each other is run by the
	// question differences: a module on which the two differ by a defect is made smaller.
	// "" is none.
	Against string `toml:"against"`
}

// Parameters implements experiment.Experiment.
func (*portability) Parameters() experiment.Parameters { return &Parameters{} }

// Check implements experiment.Parameters.
func (p *Parameters) Check(time.Duration) error {
	for _, q := range p.Questions {
		if !slices.Contains(Questions(), q) {
			return fmt.Errorf("question %q is not one of %v", q, Questions())
		}
	}
	if p.Modules < 0 || p.Modules > maxModules {
		return fmt.Errorf("modules is %d, at most %d are run", p.Modules, maxModules)
	}
	if _, err := systemOf(p.Against); err != nil {
		return err
	}
	names := platformNames()
	for _, name := range p.Platforms {
		if len(names) > 0 && !slices.Contains(names, name) {
			return fmt.Errorf("platform %q is not one of %v", name, names)
		}
	}
	return nil
}

// systemOf reads RUNNER/MODE; "" is the zero System.
func systemOf(text string) (results.System, error) {
	runner, mode, ok := strings.Cut(text, "/")
	if _, known := runners.Find(runner); text != "" && (!ok || !known || mode == "") {
		return results.System{}, fmt.Errorf("against is %q, and must be a runner and a mode such as wazero/interpreter", text)
	}
	return results.System{Runner: runner, Mode: mode}, nil
}

// How many modules of seeds a trial runs. A record has two checks for each.
const (
	defaultModules = 100
	maxModules     = (results.MaxChecks - maxMinimised) / 2
)

// Effort is what a trial has to know of its system.
type Effort struct {
	// Features are those that the documentation says the mode supports.
	Features []runners.Feature `json:"features,omitempty"`
	// Components says that the mode takes components alone.
	Components bool   `json:"components,omitempty"`
	Seed       uint64 `json:"seed,omitempty"`
	Modules    int    `json:"modules,omitempty"`
	// Against is the system of Parameters.Against.
	Against results.System `json:"against,omitzero"`
}

// Expand implements experiment.Parameters: a cell for each question. Modules are for
// systems that take modules.
func (p *Parameters) Expand(t experiment.Target) []experiment.Case {
	var all []experiment.Case
	for _, q := range Questions() {
		wanted := len(p.Questions) == 0 || slices.Contains(p.Questions, q)
		if !wanted || !q.fits(t) {
			continue
		}
		if q == AskPlatform {
			all = append(all, p.platforms()...)
			continue
		}
		c := experiment.Case{Params: Params(q)}
		switch q {
		case AskFeatures, AskSpecification:
			c.Effort = Effort{Features: t.Mode.Features, Components: !slices.Contains(t.Takes, runners.Wasm)}
		case AskDifferences:
			against, _ := systemOf(p.Against) // which Check has read
			c.Effort = Effort{Seed: p.Seed, Modules: cmp.Or(p.Modules, defaultModules), Against: against}
		}
		all = append(all, c)
	}
	return all
}

// platforms gives a case for each platform.
func (p *Parameters) platforms() (all []experiment.Case) {
	for _, name := range platformNames() {
		if len(p.Platforms) == 0 || slices.Contains(p.Platforms, name) {
			all = append(all, experiment.Case{Params: Params(AskPlatform).With(PlatformParam, name)})
		}
	}
	return all
}

// platformNames lists the platforms that this machine can run agents on.
func platformNames() (names []string) {
	for _, p := range client.Platforms() {
		names = append(names, p.Name)
	}
	return names
}

// fits says whether a question can be asked of a system: of images where it takes
// them, of modules where it takes those. Modules of our own are for systems that say
// which features they support.
func (q Question) fits(t experiment.Target) bool {
	switch q {
	case AskArtefact:
		return true
	case AskImages:
		return slices.Contains(t.Takes, runners.Image)
	case AskFeatures:
		return len(t.Mode.Features) > 0 && slices.ContainsFunc(t.Takes, runners.Kind.WebAssembly)
	case AskSpecification, AskDifferences:
		return len(t.Mode.Features) > 0 && slices.Contains(t.Takes, runners.Wasm)
	}
	return slices.Contains(t.Takes, runners.Wasm)
}

// Params are the parameters of a cell.
func Params(q Question) results.Params {
	return results.NewParams(map[string]string{QuestionParam: string(q)})
}

// Run implements experiment.Experiment.
func (p *portability) Run(ctx context.Context, t *experiment.Trial) (experiment.Result, error) {
	var e Effort
	if err := t.ReadEffort(&e); err != nil {
		return experiment.Result{}, fmt.Errorf("read the plan's effort: %w", err)
	}
	switch q := Question(t.Cell.Params.Get(QuestionParam)); q {
	case AskArtefact:
		return askArtefact(ctx, t)
	case AskImages:
		return askImages(ctx, t)
	case AskDifferences:
		return askDifferences(ctx, t, e)
	case AskPlatform:
		return askPlatform(ctx, t)
	case AskFeatures:
		return askFeatures(ctx, t, e)
	case AskSpecification:
		return askSpecification(ctx, t, e.Features)
	default:
		return experiment.Result{}, fmt.Errorf("question %q is unknown", q)
	}
}
