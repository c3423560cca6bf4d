package host

import (
	"context"
	"os"
	"runtime"
	"strconv"
	"strings"
	"unicode"

	"edgebench/results"
)

// Names of settings that are not those of a file of /proc/sys.
const (
	settingHugePages     = "transparent_hugepage"
	settingSwap          = "swap_bytes"
	settingSMT           = "smt"
	settingTurbo         = "turbo"
	settingCapabilities  = "capabilities"
	settingPageCacheDrop = "page_cache_control"
	settingUser          = "uid"
	settingSamePages     = "ksm"
	settingTimerSlack    = "timerslack_ns"
	settingMitigations   = "mitigations"
	// settingQuota begins the names of what control groups hold back.
	settingQuota = "cgroup."
)

// Fingerprint describes this machine and the limits of this process. It never
// fails: what can't be found out is left empty or out of the settings.
func Fingerprint(ctx context.Context) results.Host {
	h := results.Host{
		OS: runtime.GOOS, Arch: runtime.GOARCH, GoVersion: runtime.Version(),
		// Those that this process may use, as taskset and cpusets leave them.
		Cores: runtime.NumCPU(),
		Settings: map[string]string{
			"GOMAXPROCS":         strconv.Itoa(runtime.GOMAXPROCS(0)),
			settingPageCacheDrop: pageCacheControl(),
		},
	}
	for _, name := range []string{"GOGC", "GOMEMLIMIT", "GODEBUG"} {
		if value, ok := os.LookupEnv(name); ok {
			h.Settings[name] = clean(value)
		}
	}
	if uid := os.Getuid(); uid >= 0 {
		h.Settings[settingUser] = strconv.Itoa(uid)
	}
	describe(ctx, &h)
	return h
}

func pageCacheControl() string {
	if err := PageCacheControl(); err != nil {
		return clean("no: " + err.Error())
	}
	return "yes"
}

// maxValue bounds a value, in bytes.
const maxValue = 256

// clean makes a value of anything that a file may hold: one line of printable
// text of bounded length.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s[:min(len(s), maxValue)], " "))
	return strings.Join(strings.Fields(s), " ")
}
