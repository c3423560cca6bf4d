package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"edgebench/runners"
	"edgebench/runners/interfaces"
	"edgebench/runners/source"
	"edgebench/runners/wasmfile"
)

// OwnLanguage is what a cell has for its language where the artefacts were
// made by the user, and nobody here knows from what.
const OwnLanguage = "own"

// Own is a user's own program: what was built elsewhere, with requests and the
// responses that are right for them.
type Own struct {
	// Name of the workload in cells and reports.
	Name string
	// Given are the artefacts, at least one.
	Given []Given
	// Exchanges are one or more.
	Exchanges []runners.Exchange
}

// Given is an artefact of the user's.
type Given struct {
	// Kind is Wasm also for a component, which its file tells.
	Kind runners.Kind
	// What is the path of a file; for an image also the name that a container
	// engine has for it.
	What string
	// Interface is how it takes requests. A module or component says that itself.
	Interface runners.Interface
}

// ownManifest is the section [own] of a manifest, with files below its folder.
type ownManifest struct {
	Wasm      string            `toml:"wasm"`
	Native    string            `toml:"native"`
	Image     string            `toml:"image"`
	Interface map[string]string `toml:"interface"`
}

// Workload makes one of the user's artefacts, which is checked as far as it can
// be without running them. An error is one line for the user.
func (o Own) Workload() (Workload, error) {
	w := Workload{
		Name: o.Name, Description: "the user's own", Languages: []string{OwnLanguage},
		Exchanges: o.Exchanges, own: o.Given,
	}
	if !validName.MatchString(o.Name) {
		return w, fmt.Errorf("the name %.60q must be 1 to 32 small letters, digits and dashes and begin with a letter", o.Name)
	}
	if len(o.Given) == 0 {
		return w, errors.New("there is nothing to measure: give a module, an executable or an image")
	}
	if len(o.Exchanges) == 0 {
		return w, errors.New("there is no request: give one with the response that is right for it")
	}
	for i := range w.own {
		if err := w.own[i].check(); err != nil {
			return w, err
		}
	}
	return w, nil
}

// OpenOwn reads a workload folder of the user's.
func OpenOwn(dir string) (Workload, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Workload{}, err
	}
	w, err := openWorkload(dir)
	if err != nil {
		return w, err
	}
	if len(w.own) == 0 {
		return w, fmt.Errorf("%s has no section [own] with a module, an executable or an image", filepath.Join(dir, manifestFile))
	}
	return w, nil
}

// check finds out how the artefact speaks and whether it is what it is said to
// be. Paths become absolute.
func (g *Given) check() error {
	if g.isReference() {
		return g.checkSpeech()
	}
	path, err := filepath.Abs(g.What)
	if err != nil {
		return err
	}
	g.What = path
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return fmt.Errorf("read the %s: %w", g.Kind, err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file", path)
	case g.Kind == runners.Native && info.Mode()&0o111 == 0:
		return fmt.Errorf("%s is not executable: chmod +x it", path)
	}
	if g.Kind == runners.Wasm {
		return g.checkModule()
	}
	return g.checkSpeech()
}

// checkModule asks the module itself how it takes requests, and whether it is a
// component.
func (g *Given) checkModule() error {
	f, err := wasmfile.Open(g.What)
	if err != nil {
		return err
	}
	g.Kind = f.Kind()
	iface, err := f.Interface()
	if err != nil {
		return fmt.Errorf("%s: %w", g.What, err)
	}
	if g.Interface != runners.Frames && g.Interface != iface {
		return fmt.Errorf("%s does not speak %s by its exports", g.What, g.Interface)
	}
	g.Interface = iface
	return nil
}

// isReference says whether an image is named as an engine knows it: what is a
// file here is taken as one.
func (g *Given) isReference() bool {
	if g.Kind != runners.Image {
		return false
	}
	_, err := os.Stat(g.What)
	return err != nil && !strings.HasSuffix(g.What, ".tar")
}

func (g *Given) checkSpeech() error {
	if !interfaces.IsHTTP(g.Interface) {
		if g.Interface != runners.Frames && g.Interface != runners.Stdio {
			return fmt.Errorf("the %s %s speaks %.60q: it must be %s or %s:PORT, or nothing for frames", g.Kind, g.What, g.Interface, runners.Stdio, runners.HTTP)
		}
		return nil
	}
	if _, err := interfaces.ParseEndpoint(g.Interface); err != nil {
		return fmt.Errorf("the %s %s: %w", g.Kind, g.What, err)
	}
	return nil
}

// given makes artefacts of a manifest's section.
func (m *ownManifest) given(dir string) ([]Given, error) {
	var list []Given
	for _, entry := range []struct {
		kind runners.Kind
		what string
	}{{runners.Wasm, m.Wasm}, {runners.Native, m.Native}, {runners.Image, m.Image}} {
		if entry.what == "" {
			if m.Interface[string(entry.kind)] != "" {
				return nil, fmt.Errorf("own.interface.%s belongs to nothing that is given", entry.kind)
			}
			continue
		}
		g := Given{Kind: entry.kind, What: entry.what, Interface: runners.Interface(m.Interface[string(entry.kind)])}
		if file := filepath.Join(dir, filepath.FromSlash(entry.what)); filepath.IsLocal(entry.what) && (entry.kind != runners.Image || exists(file)) {
			g.What = file
		} else if entry.kind != runners.Image {
			return nil, fmt.Errorf("own.%s is %.60q: it must be a path below the workload's folder", entry.kind, entry.what)
		}
		list = append(list, g)
	}
	return list, nil
}

// check wants at least one artefact, and no words for what is none.
func (m *ownManifest) check() error {
	if m.Wasm == "" && m.Native == "" && m.Image == "" {
		return errors.New("[own] has neither wasm nor native nor image")
	}
	for _, s := range []string{m.Wasm, m.Native, m.Image} {
		if len(s) > maxOption || !printable(s) {
			return fmt.Errorf("[own] has %.60q, which is no path of at most %d bytes", s, maxOption)
		}
	}
	for _, kind := range sortedKeys(m.Interface) {
		if !slices.Contains([]string{string(runners.Wasm), string(runners.Native), string(runners.Image)}, kind) {
			return fmt.Errorf("own.interface has %.60q, which is no kind of artefact", kind)
		}
	}
	return nil
}

// ownArtefact gives what the user gave.
func (b *Builder) ownArtefact(ctx context.Context, w Workload, kind runners.Kind) (Built, error) {
	i := slices.IndexFunc(w.own, func(g Given) bool { return g.Kind == kind })
	g := w.own[i]
	a := runners.Artefact{Workload: w.Name, Language: OwnLanguage, Kind: kind, Path: g.What, Interface: g.Interface, Files: w.Files}
	if g.isReference() {
		r, err := exportRecipe(ctx, g.What)
		if err == nil {
			err = b.cache.get(ctx, b.root, r, &a)
		}
		if err != nil {
			return Built{}, fmt.Errorf("export the image %s: %w", g.What, err)
		}
		return Built{Artefact: a, Toolchain: "given, " + r.toolchain}, nil
	}
	var err error
	if a.SHA256, a.Size, err = source.HashFile(g.What); err != nil {
		return Built{}, fmt.Errorf("read the %s: %w", kind, err)
	}
	return Built{Artefact: a, Toolchain: "given"}, nil
}

// exportRecipe lets the engine write an image into a file, once for each ID.
func exportRecipe(ctx context.Context, reference string) (recipe, error) {
	if _, err := exec.LookPath("docker"); err != nil {
		return recipe{}, unavailable("the command docker is missing, which exports it: give a file made by docker save instead")
	}
	out, err := exec.CommandContext(ctx, "docker", "image", "inspect", "--format", "{{.Id}}", "--", reference).CombinedOutput()
	if err != nil {
		return recipe{}, fmt.Errorf("the engine does not give it: %s (docker pull or docker build makes it)", oneLine(strings.TrimSpace(string(out))))
	}
	id := oneLine(strings.TrimSpace(string(out)))
	return recipe{
		file: "image.tar", toolchain: "image " + id,
		steps: func(dir string) []step {
			return []step{{args: []string{"docker", "image", "save", "--output", dir + "/image.tar", id}}}
		},
	}, nil
}
