package runnertest

import (
	"testing"

	"edgebench/runners"
	"edgebench/runners/client"
	"edgebench/runners/source"
)

// AgentPath builds the agent of a runner, or skips the test if it is unavailable.
func AgentPath(t *testing.T, runner string) string {
	t.Helper()
	root, err := source.Root()
	if err != nil {
		t.Fatal(err)
	}
	entry, ok := runners.Find(runner)
	if !ok {
		t.Fatalf("the table has no runner %s", runner)
	}
	path, err := client.Executable(t.Context(), root, entry)
	if isUnavailable(err) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// StartAgent starts the agent of a runner, which is killed when the test has ended.
func StartAgent(t *testing.T, runner string) *client.Agent {
	t.Helper()
	a, err := client.Start(AgentPath(t, runner))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Kill)
	return a
}
