package results

import (
	"path/filepath"
	"strings"
	"testing"
)

// Each text holds folders, a user's name or a variable's value, each with the word
// canary in it, and must come out without them.
func TestTextsWithoutCanaries(t *testing.T) {
	r := newRedactor([]string{
		"DOCKER_HOST=unix:///run/user/1000/canary/engine.sock", "XDG_CACHE_HOME=/data/canary cache",
		"TOKEN=secret-canary-0123", "TMPDIR=/tmp/canary", "LANG=en_GB.UTF-8", "GOFLAGS=-tags=one,two", "SHORT=canary",
		"REMOTE=tcp://canary.example:2376",
	}, `DOMAIN\canaryname`, "/srv/canary/clone")
	for _, c := range []struct{ text, want string }{
		{"connect to unix:///run/user/1000/canary/engine.sock: refused", "connect to $DOCKER_HOST: refused"},
		{"dial unix /run/user/1000/canary/engine.sock: refused", "dial unix $DOCKER_HOST: refused"},
		{"dial tcp canary.example:2376: refused", "dial tcp $REMOTE: refused"},
		{"write /data/canary cache/edgebench/runs/1/p0: no space left on device", "write $XDG_CACHE_HOME/edgebench/runs/1/p0: no space left on device"},
		{"open /home/canary/my images/shop.tar: malformed", "open …/shop.tar: malformed"},
		{`open "/home/canary/shop.tar": malformed`, `open "…/shop.tar": malformed`},
		{"the folder /home/canary is full", "the folder ~ is full"},
		{`open C:\Users\canary\shop.tar: malformed`, "open …/shop.tar: malformed"},
		{"copy /home/canary/a to /home/canary/b: failed", "copy …/a to …/b: failed"},
		{"-ffile-prefix-map=/opt/canary/lib=x", "-ffile-prefix-map=…/lib=x"},
		{"-I/srv/canary/clone/include", "-I…/include"},
		{"user canaryname may not (CanaryName)", "user USER may not (USER)"},
		{"login with secret-canary-0123 failed", "login with $TOKEN failed"},
		{"unix:///home/canary/x.sock: refused", "unix://…/x.sock: refused"},
	} {
		got := r.text(c.text)
		if strings.Contains(strings.ToLower(got), "canary") {
			t.Errorf("%q became %q", c.text, got)
		}
		if got != c.want {
			t.Errorf("%q became %q, want %q", c.text, got, c.want)
		}
	}
}

// What is the same on every machine, and what only looks like a path, stays.
func TestTextsThatStay(t *testing.T) {
	r := newRedactor([]string{"LANG=en_GB.UTF-8", "GOFLAGS=-tags=one,two", "SHELL=/usr/bin/zsh"}, "runner", "/")
	for _, text := range []string{
		"open /proc/sys/vm/max_map_count: permission denied", "set /etc/docker/daemon.json", "unix:///var/run/docker.sock",
		"GET http://127.0.0.1:8080/upper/case: 404", "docker.io/library/shop:1", "wazero/compiler, 5 kB/s", "this runner is not there",
		"/usr/bin/zsh in en_GB.UTF-8 with -tags=one,two", "the port 80/tcp", "/metrics", "",
	} {
		if got := r.text(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// No text that is written has a canary
// (https://github.com/PerryTS/perry/pull/10032 has folders and names in a benchmark's files): of a variable, of the working folder, or of a
// path that an error names.
func TestNothingPrivateIsWritten(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "canary")
	for _, key := range []string{"DOCKER_HOST", "XDG_CACHE_HOME", "HOME", "TMPDIR", "DOCKER_CONFIG", "SOME_TOKEN"} {
		t.Setenv(key, "/canary-"+strings.ToLower(key)+"/x")
	}
	texts := []string{
		"a /canary-docker_host/x b", "a /canary-xdg_cache_home/x b", "a /canary-home/x/y b", "a /canary-tmpdir/x b",
		"a /canary-docker_config/x b", "a /canary-some_token/x b", "a " + filepath.ToSlash(folder) + "/plan b",
	}
	text := strings.Join(texts, "; ")
	env := testEnvironment()
	env.Host.Cgroup, env.Command = text, texts
	env.Toolchain, env.Host.Settings = map[string]string{"CC": text}, map[string]string{"s": text}
	env.Systems = []SystemState{{System: testCell.System, Unavailable: text, Settings: map[string]string{"s": text}}}
	env.Artefacts = []ArtefactState{{Artefact: testCell.Artefact, Kind: "wasm", Unavailable: text, Flags: text, Toolchain: text}}
	env.Agents = []AgentState{{Runner: "wazero", Settings: map[string]string{"s": text}}}
	dir := filepath.Join(t.TempDir(), "run")
	run, err := Create(dir, testPlan(3), env)
	if err != nil {
		t.Fatal(err)
	}
	rec := failedRecord(0, text)
	rec.Warnings = []Warning{{Code: WarnCleanUp, Text: text}}
	stopped := testRecord(1)
	stopped.Stop, stopped.ProcessStop = &Stop{Reason: StopLimit, Detail: text}, &Stop{Reason: StopLimit, Detail: text}
	stopped.Checks = []Check{{Group: "files", Name: "read", Result: "refused", Evidence: text}}
	mustAppend(t, run, rec, stopped)
	if rec.Warnings[0].Text != text {
		t.Error("Append has changed the caller's record")
	}
	mustClose(t, run)
	for _, name := range []string{PlanFile, EnvironmentFile, RecordsFile} {
		content := string(mustRead(t, dir, name))
		if at := strings.Index(content, "canary"); at >= 0 {
			t.Errorf("%s has …%s…", name, content[max(0, at-60):min(len(content), at+60)])
		}
	}
}
