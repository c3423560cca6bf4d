package host

import (
	"strconv"
	"strings"
)

// limitTitles are the limits that bear on a run, by their name in
// getrlimit(2), and how /proc/self/limits calls them.
var limitTitles = map[string]string{
	"RLIMIT_NOFILE":  "Max open files",
	"RLIMIT_NPROC":   "Max processes",
	"RLIMIT_AS":      "Max address space",
	"RLIMIT_MEMLOCK": "Max locked memory",
}

// unlimited is a limit that is none.
const unlimited = 1<<64 - 1

// limit is a limit of this process and how far it may raise it.
type limit struct{ soft, hard uint64 }

// String gives "soft/hard".
func (l limit) String() string { return limitText(l.soft) + "/" + limitText(l.hard) }

func limitText(n uint64) string {
	if n == unlimited {
		return "unlimited"
	}
	return strconv.FormatUint(n, 10)
}

// parseLimit finds a limit in the text of /proc/PID/limits.
func parseLimit(text, title string) (limit, bool) {
	for line := range strings.Lines(text) {
		rest, ok := strings.CutPrefix(line, title+" ")
		f := strings.Fields(rest)
		if !ok || len(f) < 2 {
			continue
		}
		soft, ok := parseLimitNumber(f[0])
		hard, ok2 := parseLimitNumber(f[1])
		return limit{soft, hard}, ok && ok2
	}
	return limit{}, false
}

func parseLimitNumber(s string) (uint64, bool) {
	if s == "unlimited" {
		return unlimited, true
	}
	n, err := strconv.ParseUint(s, 10, 64)
	return n, err == nil
}
