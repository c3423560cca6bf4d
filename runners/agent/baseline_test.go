package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
)

// TestMain is also what the loop of the rung boot starts.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == bootArgument {
		os.Exit(Main(&looping{}, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// looping is a fake with a baseline loop, which answers as the request says.
type looping struct{ fake }

func (*looping) Baseline(_ context.Context, l runners.Loop) (out runners.BaselineResult, err error) {
	switch string(l.Request) {
	case "nothing":
		return out, runners.ErrUnavailable
	case "fail":
		return out, errors.New("no luck")
	}
	out.Response = []byte("pong")
	l.Answer(out.Response)
	out.Times = make([]time.Duration, l.Iterations)
	return out, nil
}

func loopTask(t *testing.T, rung results.Rung, request, response string) protocol.Task {
	t.Helper()
	q, err := protocol.NewTask(BaselineTask, protocol.Subject{
		Exchanges: []runners.Exchange{{Name: "x", Request: []byte(request), Response: []byte(response)}},
	}, ColdStart{Rung: rung, Iterations: 2, Within: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return *q.Task
}

func TestBaseline(t *testing.T) {
	for name, c := range map[string]struct {
		r                 runners.Runner
		rung              results.Rung
		request, response string
		want              string // part of the error
		is                error
	}{
		"cold":                 {&looping{}, results.Cold, "ping", "pong", "", nil},
		"boot":                 {&looping{}, results.Boot, "ping", "pong", "", nil},
		"wrong response":       {&looping{}, results.Cold, "ping", "ping", "", runners.ErrWrongResponse},
		"wrong at boot":        {&looping{}, results.Boot, "ping", "ping", "", runners.ErrWrongResponse},
		"too long at boot":     {&looping{}, results.Boot, "ping", "po", "", runners.ErrWrongResponse},
		"no loop at all":       {&fake{}, results.Cold, "ping", "pong", "", runners.ErrUnavailable},
		"no loop for boot":     {&looping{}, results.Boot, "nothing", "pong", "", runners.ErrUnavailable},
		"failure":              {&looping{}, results.Cold, "fail", "pong", "no luck", nil},
		"failure of the child": {&looping{}, results.Boot, "fail", "pong", "boot in a process of its own: exit status 1", nil},
	} {
		found, err := baseline(t.Context(), newServer(c.r, io.Discard), loopTask(t, c.rung, c.request, c.response))
		switch {
		case c.is != nil || c.want != "":
			if err == nil || c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", name, err)
			}
		case err != nil || len(found.(*ColdStartTimes).FirstResponse) != 2:
			t.Errorf("%s: %+v, %v", name, found, err)
		case c.rung == results.Boot && found.(*ColdStartTimes).FirstResponse[0] <= 0:
			t.Errorf("%s: starting a process took %v", name, found.(*ColdStartTimes).FirstResponse)
		}
	}
}

func TestBootOnce(t *testing.T) {
	argument := func(request string) string {
		b, err := json.Marshal(runners.Loop{Rung: results.Boot, Request: []byte(request)})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for name, c := range map[string]struct {
		r         runners.Runner
		argument  string
		code      int
		out, said string
	}{
		"answers":       {&looping{}, argument("ping"), 0, "pong", ""},
		"fails":         {&looping{}, argument("fail"), 1, "", "boot: no luck\n"},
		"has no loop":   {&looping{}, argument("nothing"), exitNoLoop, "", ""},
		"has no loops":  {&fake{}, argument("ping"), exitNoLoop, "", ""},
		"is given none": {&looping{}, "{", 1, "", "boot: unexpected end of JSON input\n"},
	} {
		var out, said bytes.Buffer
		if code := Main(c.r, []string{bootArgument, c.argument}, nil, &out, &said); code != c.code || out.String() != c.out || said.String() != c.said {
			t.Errorf("%s: %d, %q, %q", name, code, out.String(), said.String())
		}
	}
}
