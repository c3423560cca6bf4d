package isolation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"edgebench/bench/experiment"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/protocol"
	"edgebench/runners/wasmfile"
)

// Groups and results of the checks of an artefact that makes no attempts.
const (
	GroupImports = "imports"
	GroupSurface = "surface"

	Given = "given" // the import has something to work on
	Empty = "empty" // it is there, and finds nothing
	Yes   = "yes"
	No    = "no"
)

// surface says what an artefact asks for and what its sandbox holds.
func surface(ctx context.Context, t *experiment.Trial, w *world) (r experiment.Result, err error) {
	if p := t.Subject.Prepared.Artefact; p.Kind == runners.Wasm || p.Kind == runners.Component {
		module, err := wasmfile.Open(p.Path)
		if err != nil {
			return r, fmt.Errorf("read what the module imports: %w", err)
		}
		r.Checks = importChecks(module.Imports(), t.Subject.Options.Policy.IsHardened())
		r.Metrics = append(r.Metrics, imports.Of(float64(len(r.Checks))))
	}
	found, calls, err := traced(ctx, t, w)
	if err != nil {
		return r, err
	}
	held := found.Held
	r.Metrics = append(r.Metrics, capabilities.Of(float64(held.Capabilities)), namespaces.Of(float64(len(held.Namespaces))), descriptors.Of(float64(held.Descriptors)))
	r.Checks = append(r.Checks, surfaceChecks(t.Cell.Runner, held)...)
	traceCheck := results.Check{Group: GroupSurface, Name: "traced", Result: No, Evidence: "strace is not installed, may not trace, or the process is started by a daemon"}
	if len(calls) > 0 {
		r.Metrics = append(r.Metrics, systemCalls.Of(float64(len(calls))))
		traceCheck = results.Check{Group: GroupSurface, Name: "traced", Result: Yes, Evidence: results.Evidence(strings.Join(calls, " "))}
	}
	r.Checks = append(r.Checks, traceCheck)
	return r, nil
}

// maxImports bounds the imports that are listed.
const maxImports = 1000

// importChecks has a check for each import. Those of one name are one.
func importChecks(list []wasmfile.Import, hardened bool) (all []results.Check) {
	seen := map[string]bool{}
	for _, i := range list {
		if name := nameOf(i); !seen[name] && len(all) < maxImports {
			seen[name] = true
			all = append(all, importCheck(i, hardened))
		}
	}
	return all
}

// importCheck says what a function of the host would work on under the policy.
func importCheck(i wasmfile.Import, hardened bool) results.Check {
	c := results.Check{Group: GroupImports, Name: nameOf(i), Result: Given}
	switch {
	case strings.HasPrefix(i.Name, "sock_"):
		c.Result, c.Evidence = Empty, "no socket is given"
	case hardened && (strings.HasPrefix(i.Name, "path_") || strings.HasPrefix(i.Name, "fd_prestat_")):
		c.Result, c.Evidence = Empty, "no folder is given"
	case hardened && strings.HasPrefix(i.Name, "environ_"):
		c.Result, c.Evidence = Empty, "no variable is given"
	case strings.HasPrefix(i.Name, "path_"), strings.HasPrefix(i.Name, "fd_"):
		c.Evidence = "the standard streams and the folders that are given"
	case strings.HasPrefix(i.Name, "environ_"), strings.HasPrefix(i.Name, "args_"):
		c.Evidence = "the variables and arguments that are given"
	case strings.HasPrefix(i.Name, "clock_"), i.Name == "poll_oneoff":
		c.Evidence = "the clocks of the host, or those that the runtime has in their place"
	}
	return c
}

// nameOf is an import's name as a record has names.
func nameOf(i wasmfile.Import) string {
	name := cmp.Or(i.Name, "_")
	if i.From != "" {
		name = i.From + "." + name
	}
	return strings.Map(func(c rune) rune {
		if c <= ' ' || c > '~' || c == '/' || c == '=' {
			return '_'
		}
		return c
	}, name)
}

// surfaceChecks are those of the process that holds the guest.
func surfaceChecks(runner string, held agent.Held) []results.Check {
	word := func(yes bool) string {
		if yes {
			return Yes
		}
		return No
	}
	e, _ := runners.Find(runner)
	return []results.Check{
		{Group: GroupSurface, Name: "root", Result: word(held.User == 0), Evidence: "user " + strconv.Itoa(held.User)},
		{Group: GroupSurface, Name: "seccomp", Result: word(held.Seccomp)},
		{Group: GroupSurface, Name: "no-new-privileges", Result: word(held.NoNewPrivileges)},
		{Group: GroupSurface, Name: "own-namespaces", Result: word(len(held.Namespaces) > 0), Evidence: strings.Join(held.Namespaces, " ")},
		{Group: GroupSurface, Name: "root-daemon", Result: word(e.Daemon), Evidence: "whether the runner needs a daemon with the rights of root"},
	}
}

// traced asks for the surface while the agent is traced, and lists the distinct system
// calls of the process that holds the guest; none where it could not be traced.
func traced(ctx context.Context, t *experiment.Trial, w *world) (found agent.SurfaceResult, calls []string, err error) {
	a, err := t.Start()
	if err != nil {
		return found, nil, err
	}
	q, err := protocol.NewTask(agent.SurfaceTask, t.Subject, agent.Surface{Dir: w.dir})
	if err != nil {
		return found, nil, err
	}
	tr := startTrace(ctx, a.PID(), w.dir)
	reply, err := a.Ask(ctx, q)
	list := tr.stop()
	if err != nil {
		return found, nil, err
	}
	if err := reply.Decode(&found); err != nil {
		return found, nil, err
	}
	return found, list.of(found.PID, a.PID()), nil
}

// called has the system calls of each thread, by its number.
type called map[int][]string

// of lists the distinct calls of a process. Threads of the agent are all those that did
// not become programs of their own.
func (c called) of(pid, agent int) []string {
	var all []string
	for thread, names := range c {
		if thread == pid || pid == agent {
			all = append(all, names...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
