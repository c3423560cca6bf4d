package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/pflag"

	"edgebench/runners"
	"edgebench/workloads/build"
)

// ownOptions are the flags of run that bring in a user's own program.
type ownOptions struct {
	folder                          string
	name                            string
	wasm, native, image             string
	nativeInterface, imageInterface string
	requests, expects               []string
	use                             useOptions
}

// ownFlags are the names of these flags.
func ownFlags() []string {
	return append([]string{"own", "name", "wasm", "native", "image", "native-interface", "image-interface", "request", "expect"}, useFlagNames()...)
}

func (o *ownOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.folder, "own", "", "measure the workload in this `folder` of yours (see workloads/README.md)")
	f.StringVar(&o.name, "name", "mine", "what reports call your program")
	f.StringVar(&o.wasm, "wasm", "", "measure this module or component of yours: our exports, or a command of WASI (`file`)")
	f.StringVar(&o.native, "native", "", "measure this executable of yours beside it (`file`)")
	f.StringVar(&o.image, "image", "", "measure this container `image` of yours beside it: its name, or a file of docker save")
	f.StringVar(&o.nativeInterface, "native-interface", "", "how it takes requests: stdio, http:PORT[/PATH], or nothing for frames (`interface`)")
	f.StringVar(&o.imageInterface, "image-interface", "", "the same of the image (`interface`)")
	f.StringArrayVar(&o.requests, "request", nil, "`file` with a request, a pipe, or - for stdin; may be given again")
	f.StringArrayVar(&o.expects, "expect", nil, "`file` with the response that is right for it, in the same order")
	o.use.flags(f)
}

// asked says whether there is a program of the user's.
func (o *ownOptions) asked() bool { return o.folder != "" || o.single() }

// single says whether it is given by flags of its own.
func (o *ownOptions) single() bool { return o.wasm != "" || o.native != "" || o.image != "" }

// workload reads the user's program. Its errors are the user's mistakes.
func (o *ownOptions) workload() (build.Workload, error) {
	if o.folder != "" {
		if o.single() || len(o.requests)+len(o.expects)+len(o.use.command()) > 0 {
			return build.Workload{}, errors.New("--own and --wasm, --native, --image, --request, --expect and the flags of their use exclude each other: the folder's manifest says it all")
		}
		return build.OpenOwn(o.folder)
	}
	if len(o.requests) != len(o.expects) || len(o.requests) == 0 {
		return build.Workload{}, fmt.Errorf("there are %d of --request and %d of --expect: give each request the response that is right for it", len(o.requests), len(o.expects))
	}
	exchanges, err := build.ReadExchanges(o.requests, o.expects)
	if err != nil {
		return build.Workload{}, err
	}
	own := build.Own{Name: o.name, Exchanges: exchanges}
	for _, g := range []build.Given{
		{Kind: runners.Wasm, What: o.wasm},
		{Kind: runners.Native, What: o.native, Interface: runners.Interface(o.nativeInterface)},
		{Kind: runners.Image, What: o.image, Interface: runners.Interface(o.imageInterface)},
	} {
		if g.What != "" {
			if err := o.use.Give(&g, ""); err != nil {
				return build.Workload{}, err
			}
			own.Given = append(own.Given, g)
		} else if g.Interface != "" {
			return build.Workload{}, fmt.Errorf("--%s-interface belongs to --%s, which is not given", g.Kind, g.Kind)
		}
	}
	return own.Workload()
}

// command gives the flags again, without the folders of this machine.
func (o *ownOptions) command() []string {
	var line []string
	for _, f := range []struct{ flag, value string }{
		{"--own", o.folder}, {"--wasm", o.wasm}, {"--native", o.native}, {"--image", o.image},
	} {
		if f.value != "" {
			line = append(line, f.flag, filepath.Base(f.value))
		}
	}
	for _, f := range []struct{ flag, value string }{
		{"--native-interface", o.nativeInterface}, {"--image-interface", o.imageInterface},
	} {
		if f.value != "" {
			line = append(line, f.flag, f.value)
		}
	}
	if o.single() {
		line = append(line, "--name", o.name)
	}
	for i := range o.requests {
		line = append(line, "--request", filepath.Base(o.requests[i]), "--expect", filepath.Base(o.expects[i]))
	}
	return append(line, o.use.command()...)
}
