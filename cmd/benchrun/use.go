package main

import (
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"edgebench/workloads/build"
)

// useOptions are the flags that say how the user's programs are used, all programs of
// a call alike.
type useOptions struct{ build.UseText }

// useFlagNames are the names of these flags.
func useFlagNames() []string {
	return []string{"get", "post", "header", "status", "arg", "env", "dir", "exit-code", "memory"}
}

func (o *useOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.Get, "get", "", "ask your server for this `path` by GET")
	f.StringVar(&o.Post, "post", "", "post requests to this `path` of your server")
	f.StringArrayVar(&o.Header, "header", nil, "further field of each HTTP request (`'Name: value'`); may be given again")
	f.IntVar(&o.Status, "status", 0, "the right status of an HTTP answer (`code`; default 200)")
	f.StringArrayVar(&o.Args, "arg", nil, "`argument` of your program; may be given again")
	f.StringArrayVar(&o.Env, "env", nil, "variable of your program's environment (`NAME=VALUE`); may be given again")
	f.StringArrayVar(&o.Dirs, "dir", nil, "folder of this machine that your program may read, and where it finds it (`HOST:GUEST`); may be given again")
	f.Uint8Var(&o.ExitCode, "exit-code", 0, "the right exit `code` of your command")
	f.StringVar(&o.Memory, "memory", "", "limit the memory of each instance (`size` in bytes, or such as 64m)")
}

// command gives the flags again, without the folders of this machine.
func (o *useOptions) command() (line []string) {
	one := func(flag, value string) {
		if value != "" && value != "0" {
			line = append(line, flag, value)
		}
	}
	one("--get", o.Get)
	one("--post", o.Post)
	one("--status", strconv.Itoa(o.Status))
	one("--exit-code", strconv.Itoa(int(o.ExitCode)))
	one("--memory", o.Memory)
	for _, l := range []struct {
		flag   string
		values []string
	}{{"--header", fieldNames(o.Header)}, {"--arg", o.Args}, {"--env", variableNames(o.Env)}, {"--dir", guestFolders(o.Dirs)}} {
		for _, v := range l.values {
			line = append(line, l.flag, v)
		}
	}
	return line
}

// fieldNames are those of a header: a value may be a secret.
func fieldNames(fields []string) []string {
	return each(fields, func(field string) string {
		name, _, _ := strings.Cut(field, ":")
		return name + ": …"
	})
}

// variableNames are those of an environment: a value may be a secret.
func variableNames(env []string) []string {
	return each(env, func(variable string) string {
		name, _, _ := strings.Cut(variable, "=")
		return name + "=…"
	})
}

// guestFolders leaves the folders of this machine out.
func guestFolders(dirs []string) []string {
	return each(dirs, func(dir string) string { return "…" + dir[max(0, strings.LastIndexByte(dir, ':')):] })
}

func each(list []string, f func(string) string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = f(s)
	}
	return out
}
