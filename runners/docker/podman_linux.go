package docker

import (
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/docker/docker/api/types"
	enginesystem "github.com/docker/docker/api/types/system"

	"edgebench/runners"
)

// podmanModes begins the names of the modes of Podman.
const podmanModes = "podman-"

// podmanReleases are those of Debian 12 and 13. The days are the module proxy's for
// github.com/containers/podman.
var podmanReleases = []runners.Release{
	{Version: "4.3.1", Day: "2022-11-10"},
	{Version: "5.4.2", Day: "2025-04-02"},
}

// podmanReleased is the day of a release of Podman, "" if it is unknown: a service that
// was built by a distribution does not tell it.
func podmanReleased(version string) string {
	for _, r := range podmanReleases {
		if day := r.Of(version); day != "" {
			return day
		}
	}
	return ""
}

// isPodman says whether what answers is Podman's service. It has the component
// "Podman Engine" where Docker's engine has "Engine".
func isPodman(v types.Version) bool {
	return slices.ContainsFunc(v.Components, func(c types.ComponentVersion) bool { return c.Name == "Podman Engine" })
}

// keepInstalled removes the runtimes that are not there. Podman lists all that it could
// use, and nobody has asked for those.
func keepInstalled(all map[string]enginesystem.RuntimeWithStatus) {
	maps.DeleteFunc(all, func(_ string, rt enginesystem.RuntimeWithStatus) bool {
		if !filepath.IsAbs(rt.Path) {
			return false
		}
		_, err := os.Stat(rt.Path)
		return err != nil
	})
}
