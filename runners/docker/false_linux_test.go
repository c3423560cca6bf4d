package docker

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/network"
	enginesystem "github.com/docker/docker/api/types/system"
	"github.com/docker/docker/client"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"edgebench/runners"
)

// These tests are of engines that answer what a test wants them to.

// falseEngine answers as an engine with one image would, for API version 1.41.
// An answer of the test's own comes first.
func falseEngine(t *testing.T, own map[string]http.HandlerFunc) *runner {
	t.Helper()
	hold := func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	answers := map[string]http.HandlerFunc{
		"HEAD /_ping":                      func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Api-Version", "1.41") },
		"GET /v1.41/info":                  say(200, `{"OSType":"linux","MemoryLimit":true,"ServerVersion":"0","DefaultRuntime":"runc","Runtimes":{"runc":{"path":"runc"}}}`),
		"GET /v1.41/version":               say(200, `{"Version":"0"}`),
		"GET /v1.41/networks":              say(200, `[{"Name":"none"},{"Name":"host"}]`),
		"GET /v1.41/events":                hold,
		"GET /v1.41/images/{id}/json":      say(200, `{"Id":"sha256:`+strings.Repeat("1", 64)+`","Config":{"Labels":{"edgebench.scope":"a"}}}`),
		"POST /v1.41/containers/create":    say(201, `{"Id":"c0ffee"}`),
		"POST /v1.41/containers/{id}/{do}": say(204, ""),
		"DELETE /v1.41/containers/{id}":    say(204, ""),
	}
	for pattern, answer := range own {
		answers[pattern] = answer
	}
	mux := http.NewServeMux()
	for pattern, answer := range answers {
		mux.HandleFunc(pattern, answer)
	}
	socket := filepath.Join(shortDir(t), "s")
	serve(t, socket, mux)
	t.Setenv(client.EnvOverrideHost, "unix://"+socket)
	return newRunner(patient)
}

func say(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func TestLoadErrorInStream(t *testing.T) {
	for name, body := range map[string]string{
		"detail":      `{"status":"Loading"}` + "\n" + `{"errorDetail":{"message":"no space\nleft on device"},"error":"x"}`,
		"plain":       `{"error":"no space left on device"}`,
		"not JSON":    `<html>`,
		"other image": `{"stream":"Loaded image"}`,
	} {
		t.Run(name, func(t *testing.T) {
			r := falseEngine(t, map[string]http.HandlerFunc{"POST /v1.41/images/load": say(200, body)})
			s := boot(t, r, runners.Options{Mode: "runc-none", Scope: "a"})
			_, err := s.Prepare(t.Context(), runners.Artefact{Kind: runners.Native, Path: os.Args[0]}, "/dir", nil)
			if errors.Is(err, runners.ErrMalformed) {
				t.Skip("the test's own executable is not static: run with CGO_ENABLED=0")
			}
			switch name {
			case "not JSON":
				wantOneLine(t, err, "load the image: read the engine's progress")
			case "other image":
				wantOneLine(t, err, "under its name edgebench:", "the engine has another")
			default:
				wantOneLine(t, err, "load the image: no space left on device")
			}
		})
	}
}

// TestStoreNamesByManifest is of an engine whose store is containerd's: it names
// an image by a manifest of its own, and the layers tell that it is the one.
func TestStoreNamesByManifest(t *testing.T) {
	named := "sha256:" + strings.Repeat("2", 64)
	for name, others := range map[string][]string{"the image": nil, "another image": {"sha256:" + strings.Repeat("3", 64)}} {
		t.Run(name, func(t *testing.T) {
			var loaded []string
			r := falseEngine(t, map[string]http.HandlerFunc{
				"POST /v1.41/images/load": func(w http.ResponseWriter, r *http.Request) {
					loaded = append(diffIDs(t, r.Body), others...)
					io.WriteString(w, `{"stream":"Loaded image"}`)
				},
				"GET /v1.41/images/{id}/json": func(w http.ResponseWriter, _ *http.Request) {
					json.NewEncoder(w).Encode(map[string]any{"Id": named, "RootFS": map[string]any{"Type": "layers", "Layers": loaded}})
				},
			})
			s := boot(t, r, runners.Options{Mode: "runc-none", Scope: "a"})
			p, err := s.Prepare(t.Context(), runners.Artefact{Kind: runners.Native, Path: speaker(t)}, "/dir", nil)
			if others == nil && (err != nil || p.Path != named) {
				t.Errorf("the image is prepared as %q (%v), want %q", p.Path, err, named)
			}
			if others != nil {
				wantOneLine(t, err, "under its name edgebench:", "the engine has another")
			}
		})
	}
}

// diffIDs reads those of the image in a docker archive.
func diffIDs(t *testing.T, archive io.Reader) (all []string) {
	t.Helper()
	b, err := io.ReadAll(archive)
	if err != nil {
		t.Error(err)
	}
	read, err := tarball.Image(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }, nil)
	if err != nil {
		t.Error(err)
		return nil
	}
	config, err := read.ConfigFile()
	if err != nil {
		t.Error(err)
		return nil
	}
	for _, h := range config.RootFS.DiffIDs {
		all = append(all, h.String())
	}
	return all
}

func TestStartFails(t *testing.T) {
	var removed atomic.Int32
	r := falseEngine(t, map[string]http.HandlerFunc{
		"POST /v1.41/containers/{id}/start": say(500, `{"message":"OCI runtime create failed:\n`+strings.Repeat("goroutine 1 [running]\\n", 100)+`"}`),
		"DELETE /v1.41/containers/{id}": func(w http.ResponseWriter, _ *http.Request) {
			removed.Add(1)
			w.WriteHeader(204)
		},
	})
	s := boot(t, r, runners.Options{Mode: "runc-none", Scope: "a"})
	_, err := s.load(t.Context(), t, "sha256:x")
	wantOneLine(t, err, "start the container:", "OCI runtime create failed")
	if removed.Load() != 1 {
		t.Errorf("%d containers were removed, want the one that was created", removed.Load())
	}
}

// answers is an engine that needs no connection.
type answers map[string]*http.Response

func (a answers) RoundTrip(q *http.Request) (*http.Response, error) {
	if err := q.Context().Err(); err != nil {
		return nil, err
	}
	found := *a[q.Method+" "+q.URL.Path]
	found.Request = q
	return &found, nil
}

// TestContainerStays lets an engine claim for ever that a container is about
// to be removed. In simulated time it is asked until its patience ends.
func TestContainerStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conflict := &http.Response{StatusCode: http.StatusConflict, Header: http.Header{"Content-Type": {"application/json"}}, Body: http.NoBody}
		api, err := client.NewClientWithOpts(client.WithVersion("1.41"),
			client.WithHTTPClient(&http.Client{Transport: answers{"DELETE /v1.41/containers/c0ffee": conflict}}))
		if err != nil {
			t.Fatal(err)
		}
		e, from := &engine{api: api, patience: usual}, time.Now()
		wantOneLine(t, e.removeContainer(t.Context(), "c0ffee", false), "remove container c0ffee, which stays")
		if took := time.Since(from); took != usual.request {
			t.Errorf("it is asked for %v, want %v", took, usual.request)
		}
	})
}

// TestNoSignOfLife is of a container that is started and does nothing, in
// simulated time.
func TestNoSignOfLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := &running{
			system: &system{engine: &engine{patience: usual}, deaths: &deaths{over: make(chan struct{})}},
			fate:   &fate{ended: make(chan struct{})}, pending: &request{done: make(chan struct{})},
		}
		close(in.pending.done)
		from := time.Now()
		_, err := in.await(t.Context(), "start", make(chan sign))
		wantOneLine(t, err, "no sign of life within 1m0s")
		if took := time.Since(from); took != usual.request {
			t.Errorf("it is waited for %v, want %v", took, usual.request)
		}
	})
}

// TestEndsBeforeItHasAnAddress is of a server that is gone when its address is
// asked for, and of whose end the engine tells only afterwards.
func TestEndsBeforeItHasAnAddress(t *testing.T) {
	asked := make(chan struct{})
	r := falseEngine(t, map[string]http.HandlerFunc{
		"GET /v1.41/networks": say(200, `[{"Name":"bridge"}]`),
		"GET /v1.41/containers/{id}/json": func(w http.ResponseWriter, r *http.Request) {
			say(404, `{"message":"no such container"}`)(w, r)
			close(asked)
		},
		"GET /v1.41/events": func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush()
			<-asked
			io.WriteString(w, `{"Type":"container","Action":"die","Actor":{"ID":"c0ffee","Attributes":{"exitCode":"3"}}}`)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
	})
	l := &loaded{system: boot(t, r, runners.Options{Mode: "runc-bridge", Scope: "a"}), image: "sha256:x", iface: "http:80"}
	_, err := l.Instantiate(t.Context(), nil)
	wantOneLine(t, err, "the workload ends at once (exit code 3)")
	if !errors.Is(err, runners.ErrTrap) {
		t.Errorf("%v; want ErrTrap", err)
	}
}

func TestModesOfAnEngine(t *testing.T) {
	r := falseEngine(t, map[string]http.HandlerFunc{
		"GET /v1.41/version": say(200, `{"BuildTime":"2026-05-07T21:09:36.000000000+00:00","Components":[{"Name":"containerd","Version":"1"},{"Name":"runc","Version":"2"}]}`),
		"GET /v1.41/info": say(200, `{"OSType":"linux","ServerVersion":"0","DefaultRuntime":"zwei","Runtimes":{
			"io.containerd.runc.v2":{"path":"runc"}, "runc":{"path":"runc"}, "io.containerd.runtime.v1.linux":{"path":"runc"},
			"zwei":{"path":"/no/such/runtime"}, "eins":{"path":"runc","runtimeArgs":["--debug"]}, "runsc":{"runtimeType":"io.containerd.runsc.v1"}}}`),
	})
	info, err := r.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range info.Modes {
		state := ""
		if m.Default {
			state += "*"
		}
		// An engine of the run's own depends on this machine and not on the engine.
		if m.Unavailable != "" && !strings.HasPrefix(m.Name, runners.OwnEngine) {
			state += "-"
		}
		got = append(got, m.Name+state)
	}
	if m := info.Modes[6]; m.Name != "runc-none" || m.Version != "0, runc 2" || m.Released != "2026-05-07" || m.Settings["built"] != m.Released {
		t.Errorf("mode %s has version %q of %q, built %q", m.Name, m.Version, m.Released, m.Settings["built"])
	}
	want := "zwei-none- zwei-host- zwei-bridge*- eins-none eins-host eins-bridge- runc-none runc-host runc-bridge- runsc-none runsc-host- runsc-bridge- own-runc-bridge"
	if strings.Join(got, " ") != want {
		t.Errorf("modes are %v, want %s", got, want)
	}
	_, err = r.Boot(t.Context(), runners.Options{Mode: "runc-none", Scratch: shortDir(t), Scope: "a", Memory: 1 << 30})
	wantOneLine(t, err, "can't limit a container's memory")
	_, err = r.Boot(t.Context(), runners.Options{Mode: "runc-bridge", Scratch: shortDir(t), Scope: "a"})
	wantOneLine(t, err, "no network bridge")
}

// Podman's service is nearly an engine: its default network has another name, and none
// and host are not in its list: https://github.com/testcontainers/testcontainers-go/pull/414. An
// engine's bridge may have been removed behind its back.
func TestNetworks(t *testing.T) {
	for name, c := range map[string]struct{ info, networks, bridge, none string }{
		"Docker":         {`{}`, `[{"Name":"none"},{"Name":"host"},{"Name":"bridge"}]`, "", ""},
		"Podman":         {`{}`, `[{"Name":"podman","Options":{}}]`, "", ""},
		"no bridge":      {`{}`, `[{"Name":"none"},{"Name":"host"}]`, "without --bridge=none", ""},
		"bridge is gone": {`{}`, `[{"Name":"bridge","Options":{"com.docker.network.bridge.name":"gone0"}}]`, "bridge gone0 is missing", ""},
		"bridge is its own": {`{"SecurityOptions":["name=rootless"]}`,
			`[{"Name":"bridge","Options":{"com.docker.network.bridge.name":"gone0"}}]`, "", ""},
	} {
		var info enginesystem.Info
		var there []network.Summary
		if err := errors.Join(json.Unmarshal([]byte(c.info), &info), json.Unmarshal([]byte(c.networks), &there)); err != nil {
			t.Fatal(err)
		}
		for mode, want := range map[string]string{"bridge": c.bridge, "none": c.none, "host": c.none} {
			got := obstacle(way{runtime: "runc", network: mode}, info, there)
			if (want == "") != (got == "") || !strings.Contains(got, want) {
				t.Errorf("%s, %s: %q, want %q", name, mode, got, want)
			}
		}
	}
	found := container.InspectResponse{NetworkSettings: &container.NetworkSettings{
		Networks: map[string]*network.EndpointSettings{"podman": {IPAddress: "10.88.0.2"}, "other": nil},
	}}
	if got := addressIn(found); got != "10.88.0.2" {
		t.Errorf("the address in Podman's network is %q", got)
	}
}

// An engine that remaps users can't enter a private folder:
// https://github.com/moby/moby/issues/28859. A snap does not see most folders, and says
// nothing of it: https://github.com/canonical/docker-snap/issues/189. An engine in a
// container has other folders than this machine.
func TestEnginesThatDoNotSeeOurFiles(t *testing.T) {
	var asked struct {
		HostConfig struct{ UsernsMode string }
	}
	r := falseEngine(t, map[string]http.HandlerFunc{
		"GET /v1.41/info": say(200, `{"OSType":"linux","SecurityOptions":["name=seccomp","name=userns"],"DefaultRuntime":"runc","Runtimes":{"runc":{"path":"runc"}}}`),
		"POST /v1.41/containers/create": func(w http.ResponseWriter, r *http.Request) {
			json.NewDecoder(r.Body).Decode(&asked)
			say(400, `{"message":"invalid mount config for type \"bind\": bind source path does not exist: /x"}`)(w, r)
		},
	})
	l := &loaded{system: boot(t, r, runners.Options{Mode: "runc-none", Scope: "a"}), image: "sha256:x"}
	_, err := l.Instantiate(t.Context(), nil)
	wantOneLine(t, err, "does not see this machine's folder")
	if !errors.Is(err, runners.ErrUnavailable) {
		t.Errorf("%v; want ErrUnavailable", err)
	}
	if asked.HostConfig.UsernsMode != "host" {
		t.Errorf("the user namespace is %q, want host", asked.HostConfig.UsernsMode)
	}
	r = falseEngine(t, map[string]http.HandlerFunc{
		"GET /v1.41/info": say(200, `{"OSType":"linux","DockerRootDir":"/var/snap/docker/common/var-lib-docker"}`),
	})
	_, err = r.Check(t.Context())
	wantOneLine(t, err, "is a snap", "install Docker from a package")
}
