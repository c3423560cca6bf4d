package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"edgebench/bench"
	"edgebench/runners"
)

// libraryOptions are the flags that bring in libraries of the user's.
type libraryOptions struct{ texts []string }

func (o *libraryOptions) flags(f *pflag.FlagSet) {
	f.StringArrayVar(&o.texts, "library", nil, "also measure a runner with this library of yours, as RUNNER@NAME: `NAME=RUNNER:FOLDER`, e.g. next=wasmtime:/opt/wasmtime; may be given again")
}

// read gives the libraries. Its errors are the user's mistakes.
func (o *libraryOptions) read() (list []runners.OwnLibrary, err error) {
	for _, text := range o.texts {
		name, rest, named := strings.Cut(text, "=")
		runner, path, placed := strings.Cut(rest, ":")
		if !named || !placed {
			return nil, fmt.Errorf("--library %q: want NAME=RUNNER:FOLDER, e.g. next=wasmtime:/opt/wasmtime", text)
		}
		list = append(list, runners.OwnLibrary{Runner: runner, Name: name, Path: path})
	}
	return list, nil
}

// use lets the libraries take part, beside those of a configuration.
func (o *libraryOptions) use(suite *bench.Installation, configured []runners.OwnLibrary) error {
	list, err := o.read()
	if err != nil {
		return err
	}
	return suite.Use(slices.Concat(configured, list))
}

// command gives the flags again, without the folders of this machine.
func (o *libraryOptions) command() (line []string) {
	list, err := o.read()
	if err != nil {
		return nil
	}
	for _, l := range list {
		line = append(line, "--library", l.Name+"="+l.Runner+":"+filepath.Base(l.Path))
	}
	return line
}
