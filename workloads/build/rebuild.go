package build

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"edgebench/runners"
)

// Rebuilding makes all artefacts of workloads anew: the committed modules and
// the pins in the manifests, and into the cache whatever is not committed.
type Rebuilding struct {
	Builder *Builder
	// Fresh builds with an empty cache, so that a committed module is never
	// compared with what was made earlier.
	Fresh *Builder
	// Check compares with what is committed and pinned, and writes nothing.
	Check bool
	// Say takes one line for each artefact.
	Say func(line string)
}

// errDiffers is that of a rebuild which gives other bytes than were pinned.
var errDiffers = errors.New("differs")

// NewRebuilding takes a folder that is empty and goes afterwards.
func NewRebuilding(root, cacheDir, scratch string) *Rebuilding {
	fresh := NewBuilder(root, scratch)
	fresh.sources, fresh.bases = filepath.Join(cacheDir, "sources"), filepath.Join(cacheDir, "bases")
	return &Rebuilding{Builder: NewBuilder(root, cacheDir), Fresh: fresh, Say: func(string) {}}
}

// Workload rebuilds all artefacts of one. The error joins those of artefacts
// that could not be built (some of which wrap runners.ErrUnavailable) and of
// those that differ.
func (r *Rebuilding) Workload(ctx context.Context, w Workload) error {
	fetched := r.Builder.fetchAll(ctx, w)
	pins := make(map[string]module, len(w.modules))
	var all []error
	for _, language := range w.Languages {
		l, _ := findLanguage(language)
		for _, kind := range l.kinds {
			var err error
			if kind.WebAssembly() && !l.varies {
				err = r.module(ctx, w, language, kind, pins)
			} else {
				err = r.other(ctx, w, language, kind)
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				r.Say(fmt.Sprintf("%s in %s (%s): %v", w.Name, language, kind, err))
				all = append(all, fmt.Errorf("%s in %s (%s): %w", w.Name, language, kind, err))
			}
		}
	}
	if !r.Check {
		all = append(all, w.writePins(r.Builder.root, pins))
	}
	return errors.Join(append(all, fetched)...)
}

// module builds one and notes its pin, or compares it with the one there is.
func (r *Rebuilding) module(ctx context.Context, w Workload, language string, kind runners.Kind, pins map[string]module) error {
	was, pinned := w.modules[language]
	if pinned {
		pins[language] = was // stays, where it can't be built here
	}
	builder := r.Builder
	if w.Commits(language) {
		builder = r.Fresh
	}
	built, err := builder.buildFromSource(ctx, w, language, kind)
	if err != nil {
		return err
	}
	is := module{SHA256: built.SHA256, SizeBytes: built.Size, Toolchain: built.Toolchain, Flags: built.Flags}
	if w.Commits(language) {
		is.File = base(language) + "/" + strings.ReplaceAll(w.Name+"-"+variant(language), "+", "-") + ".wasm"
		if variant(language) == "" {
			is.File = base(language) + "/" + w.Name + ".wasm"
		}
	}
	if r.Check {
		err = r.compare(w, built, was, is)
	} else {
		err = r.keep(w, built, is)
	}
	if err == nil {
		pins[language] = is
		r.Say(fmt.Sprintf("%s in %s (%s): %d bytes, %s, %s", w.Name, language, kind, is.SizeBytes, is.SHA256[:12], r.did(is)))
	}
	return err
}

func (r *Rebuilding) did(is module) string {
	switch {
	case r.Check:
		return "identical"
	case is.File != "":
		return "written"
	}
	return "built"
}

// compare says whether a rebuild is what is pinned, and committed.
func (r *Rebuilding) compare(w Workload, built Built, was, is module) error {
	if was != is {
		return fmt.Errorf("%w from its pins in the manifest: built are %d bytes with SHA-256 %s by %s with %s", errDiffers, is.SizeBytes, is.SHA256, is.Toolchain, is.Flags)
	}
	if is.File == "" {
		return nil
	}
	committed, err := os.ReadFile(filepath.Join(r.Builder.root, Folder, w.Name, filepath.FromSlash(is.File)))
	if err != nil {
		return fmt.Errorf("read the committed module: %w", err)
	}
	made, err := os.ReadFile(built.Path)
	if err != nil {
		return fmt.Errorf("read the built module: %w", err)
	}
	if !bytes.Equal(made, committed) {
		return fmt.Errorf("%w from the committed %s", errDiffers, is.File)
	}
	return nil
}

// keep puts a module that is committed in its place.
func (r *Rebuilding) keep(w Workload, built Built, is module) error {
	if is.File == "" {
		return nil
	}
	made, err := os.ReadFile(built.Path)
	if err != nil {
		return fmt.Errorf("read the built module: %w", err)
	}
	place := filepath.Join(r.Builder.root, Folder, w.Name, filepath.FromSlash(is.File))
	if err := os.WriteFile(place, made, 0o644); err != nil {
		return fmt.Errorf("write the module: %w", err)
	}
	return nil
}

// other builds what has no pins into the cache.
func (r *Rebuilding) other(ctx context.Context, w Workload, language string, kind runners.Kind) error {
	built, err := r.Builder.Build(ctx, w, language, kind)
	if err == nil {
		r.Say(fmt.Sprintf("%s in %s (%s): %d bytes, %s, built", w.Name, language, kind, built.Size, built.SHA256[:12]))
	}
	return err
}

// writePins writes the sections of the modules, the last of a manifest; what
// stands before them is by hand.
func (w Workload) writePins(root string, pins map[string]module) error {
	file := filepath.Join(root, Folder, w.Name, manifestFile)
	old, err := readBounded(file, maxManifest)
	if err != nil {
		return err
	}
	text, _, _ := bytes.Cut(old, []byte("\n[modules."))
	// A copy, or what is written would overwrite what it is compared with.
	made := bytes.NewBuffer(append(bytes.Clone(bytes.TrimRight(text, "\n")), '\n'))
	for _, language := range w.Languages {
		p, ok := pins[language]
		if !ok {
			continue
		}
		fmt.Fprintf(made, "\n[modules.%s]\n", tomlKey(language))
		if p.File != "" {
			fmt.Fprintf(made, "file = %q\n", p.File)
		}
		fmt.Fprintf(made, "sha256 = %q\nsize_bytes = %d\ntoolchain = %q\nflags = %q\n", p.SHA256, p.SizeBytes, p.Toolchain, p.Flags)
	}
	if bytes.Equal(made.Bytes(), old) {
		return nil
	}
	if err := os.WriteFile(file, made.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write the pins: %w", err)
	}
	return nil
}

// tomlKey quotes what TOML takes for no bare key.
func tomlKey(language string) string {
	if strings.Contains(language, "+") {
		return `"` + language + `"`
	}
	return language
}
