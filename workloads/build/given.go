package build

import (
	"archive/tar"
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

// Given is an artefact of the user's.
type Given struct {
	// Kind is Wasm also for a component, which its file tells.
	Kind runners.Kind
	// Build names it in cells and reports, "" for OwnLanguage.
	Build string
	// What is the path of a file; for an image also the name that a container
	// engine has for it, or the folder of an OCI layout.
	What string
	// Interface is how it takes requests. A module says that itself.
	Interface runners.Interface
	Use       runners.Use
}

// Name is what the user calls it, without the folders of this machine.
func (g *Given) Name() string {
	if g.isReference() {
		return g.What
	}
	return filepath.Base(g.What)
}

// archives are the endings of files that hold an image.
var archives = []string{".tar", ".tgz", ".tar.gz"}

// LooksLikePath says whether a text that may be an image's name is the path of a
// file: it begins at the root, at the working folder or at its parent, or ends as
// an archive does.
func LooksLikePath(text string) bool {
	for _, prefix := range []string{"./", "../", "/", `.\`, `..\`} {
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}
	return filepath.IsAbs(text) || slices.ContainsFunc(archives, func(end string) bool { return strings.HasSuffix(text, end) })
}

// check finds out how the artefact speaks and whether it is what it is said to
// be. Paths become absolute.
func (g *Given) check() error {
	if err := g.Use.Check(); err != nil {
		return fmt.Errorf("the %s %s: %w", g.Kind, g.Name(), err)
	}
	for _, d := range g.Use.Dirs {
		if info, err := os.Stat(d.Host); err != nil || !info.IsDir() {
			return fmt.Errorf("%s is not a folder that the %s %s could read", d.Host, g.Kind, g.Name())
		}
	}
	if g.isReference() {
		return g.checkInterface()
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
	case g.Kind == runners.Image && info.IsDir():
		if !isLayout(path) {
			return fmt.Errorf("%s is a folder without an index.json, and so no OCI layout", path)
		}
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file", path)
	case g.Kind == runners.Native && info.Mode()&0o111 == 0:
		return fmt.Errorf("%s is not executable: chmod +x it", path)
	}
	if g.Kind == runners.Wasm || g.Kind == runners.Component {
		return g.checkModule()
	}
	return g.checkInterface()
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

// isReference says whether an image is named as an engine knows it.
func (g *Given) isReference() bool {
	return g.Kind == runners.Image && !filepath.IsAbs(g.What) && !LooksLikePath(g.What)
}

// isLayout says whether a folder is an OCI layout.
func isLayout(dir string) bool { return exists(filepath.Join(dir, layoutIndex)) }

// layoutIndex is where an OCI layout begins.
const layoutIndex = "index.json"

func (g *Given) checkInterface() error {
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

// ownArtefact gives what the user gave.
func (b *Builder) ownArtefact(ctx context.Context, w Workload, language string, kind runners.Kind) (Built, error) {
	i := slices.IndexFunc(w.own, func(g Given) bool { return g.Build == language && g.Kind == kind })
	g := w.own[i]
	a := runners.Artefact{Workload: w.Name, Language: language, Kind: kind, Path: g.What, Interface: g.Interface, Use: g.Use, Files: w.Files}
	recipe := exportRecipe
	switch info, err := os.Stat(g.What); {
	case g.isReference():
	case err == nil && info.IsDir():
		recipe = layoutRecipe
	default:
		if a.SHA256, a.Size, err = source.HashFile(g.What); err != nil {
			return Built{}, fmt.Errorf("read the %s: %w", kind, err)
		}
		return Built{Artefact: a, Toolchain: "given"}, nil
	}
	r, err := recipe(ctx, g.What)
	if err == nil {
		err = b.cache.get(ctx, b.root, r, &a)
	}
	if err != nil {
		return Built{}, fmt.Errorf("export the image %s: %w", g.Name(), err)
	}
	return Built{Artefact: a, Toolchain: "given, " + r.toolchain}, nil
}

// exportRecipe lets the engine write an image into a file, once for each ID.
func exportRecipe(ctx context.Context, reference string) (recipe, error) {
	if _, err := exec.LookPath("docker"); err != nil {
		return recipe{}, unavailable("the command docker is missing, which exports it: give a file made by docker save instead")
	}
	out, err := exec.CommandContext(ctx, "docker", "image", "inspect", "--format", "{{.Id}}", "--", reference).CombinedOutput()
	if err != nil {
		hint := "docker pull or docker build makes it"
		if _, err := os.Stat(reference); err == nil {
			hint = "the file " + reference + " is written ./" + reference
		}
		return recipe{}, fmt.Errorf("the engine does not give it: %s (%s)", oneLine(strings.TrimSpace(string(out))), hint)
	}
	id := oneLine(strings.TrimSpace(string(out)))
	return recipe{
		file: "image.tar", toolchain: "image " + id,
		steps: func(dir string) []step {
			return []step{{args: []string{"docker", "image", "save", "--output", dir + "/image.tar", id}}}
		},
	}, nil
}

// layoutRecipe puts the folder of an OCI layout into an archive, once for each
// index: all else in it has its digest for its name.
func layoutRecipe(_ context.Context, dir string) (recipe, error) {
	return recipe{
		file: "image.tar", toolchain: "OCI layout", inputs: []string{filepath.Join(dir, layoutIndex)},
		steps:   func(string) []step { return nil },
		compose: func(scratch string) error { return archive(filepath.Join(scratch, "image.tar"), dir) },
	}, nil
}

// archive writes the files of a folder into a tar.
func archive(to, dir string) (err error) {
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	w := tar.NewWriter(out)
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := w.AddFS(root.FS()); err != nil {
		return fmt.Errorf("read the OCI layout %s: %w", filepath.Base(dir), err)
	}
	return w.Close()
}
