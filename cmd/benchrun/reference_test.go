package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var update = flag.Bool("update", false, "write cmd/benchrun/README.md anew from the commands")

// The reference of the commands is made from the commands themselves.
func TestCommandReference(t *testing.T) {
	want := reference(newRoot(console{out: io.Discard, err: io.Discard}))
	if *update {
		if err := os.WriteFile("README.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Errorf("README.md is not what the commands say; write it anew with go test ./cmd/benchrun -run TestCommandReference -update\n%s", d)
	}
}

// reference is a Markdown page with a section for each command.
func reference(root *cobra.Command) string {
	var b strings.Builder
	b.WriteString("# benchrun: the commands\n\n")
	b.WriteString("<!-- Made from the commands by `go test ./cmd/benchrun -run TestCommandReference -update`. -->\n\n")
	b.WriteString("`benchrun` stands for `go run ./cmd/benchrun`, or for what `go install ./cmd/benchrun` installs.\n")
	write := func(c *cobra.Command) {
		fmt.Fprintf(&b, "\n## %s\n\n%s.\n", c.CommandPath(), strings.TrimSuffix(c.Short, "."))
		if c.Long != "" {
			fmt.Fprintf(&b, "\n```text\n%s\n```\n", c.Long)
		}
		fmt.Fprintf(&b, "\n```sh\n%s\n```\n", c.UseLine())
		if c.HasLocalFlags() && c != root {
			b.WriteString("\n| flag | default | meaning |\n|---|---|---|\n")
			c.LocalFlags().VisitAll(func(f *pflag.Flag) { b.WriteString(row(f)) })
		}
	}
	write(root)
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" {
			write(c)
		}
	}
	return b.String()
}

func row(f *pflag.Flag) string {
	if f.Hidden {
		return ""
	}
	value, usage := pflag.UnquoteUsage(f)
	name := "--" + f.Name
	if value != "" {
		name += " " + value
	}
	fallback := f.DefValue
	if fallback == "[]" || fallback == "false" || fallback == "0" {
		fallback = ""
	}
	return fmt.Sprintf("| `%s` | %s | %s |\n", strings.ReplaceAll(name, "|", `\|`), fallback, strings.ReplaceAll(usage, "|", `\|`))
}
