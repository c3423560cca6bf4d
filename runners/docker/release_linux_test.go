package docker

import (
	"testing"

	"github.com/docker/docker/api/types"
)

func TestReleased(t *testing.T) {
	const form = "2026-05-07T21:09:36.000000000+00:00"
	for name, c := range map[string]struct{ version, built, want string }{
		"Docker's own package":                {"28.5.2", form, "2026-05-07"},
		"a distribution's, known":             {"20.10.24+dfsg1", form, "2023-04-04"},
		"a distribution's, unknown":           {"27.5.1+dfsg4", form, ""},
		"a distribution's without a suffix":   {"26.1.5", form, "2024-07-23"},
		"a build that tells nothing":          {"28.5.2", "", ""},
		"a build that tells it in other form": {"28.5.2", "Thu May  7 21:09:36 2026", ""},
	} {
		if got := released(c.version, built(types.Version{BuildTime: c.built})); got != c.want {
			t.Errorf("%s: released on %q, want %q", name, got, c.want)
		}
	}
}
