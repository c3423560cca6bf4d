package docker

import (
	"strings"
	"time"

	"github.com/docker/docker/api/types"

	"edgebench/runners"
)

// rebuilt are releases that distributions build again, years later: those of Debian
// 12 and 13. The days are the module proxy's for github.com/docker/docker.
var rebuilt = []runners.Release{
	{Version: "20.10.24", Day: "2023-04-04"},
	{Version: "26.1.5", Day: "2024-07-23"},
}

// released is the day of an engine's release, "" if it is unknown. Docker's own
// packages are built for the release, so the engine's build tells it. The version of a
// distribution's package has a suffix ("20.10.24+dfsg1"), and its build tells of the
// last security update.
func released(version, built string) string {
	upstream, suffix := version, ""
	if at := strings.IndexAny(version, "+~-"); at >= 0 {
		upstream, suffix = version[:at], version[at:]
	}
	for _, r := range rebuilt {
		if day := r.Of(upstream); day != "" {
			return day
		}
	}
	if suffix != "" {
		return ""
	}
	return built
}

// built is the day on which the engine was built, "" if it does not tell.
func built(v types.Version) string {
	// The build time of a component is for people; this one has a fixed form.
	day, err := time.Parse(time.RFC3339Nano, v.BuildTime)
	if err != nil {
		return ""
	}
	if day.Year() < firstYear {
		return "" // distributions build reproducibly, at the beginning of time
	}
	return day.UTC().Format(time.DateOnly)
}

// firstYear is that of Docker's first release.
const firstYear = 2013

// together is the version of a mode: that of the engine, and of its OCI runtime if
// it is known.
func together(engine, runtime string) string {
	if runtime == "" {
		return engine
	}
	return engine + ", " + runtime
}
