package host

import (
	"fmt"
	"path"
	"strconv"
	"strings"
)

// quota is a limit of this process's control group or of one around it that a
// run may reach.
type quota struct {
	controller string
	// amount is in processors, bytes or processes.
	amount float64
	// file holds it, as a path in the tree; none is what to write to lift it.
	file, none string
}

// String gives the amount in its unit.
func (q quota) String() string {
	switch q.controller {
	case "cpu":
		return strconv.FormatFloat(q.amount, 'f', -1, 64) + " processors"
	case "memory":
		return strconv.FormatFloat(q.amount, 'f', 0, 64) + " bytes"
	}
	return strconv.FormatFloat(q.amount, 'f', 0, 64) + " " + q.controller
}

// quotas lists what bounds this process, of each controller the tightest
// first, and whether any group was seen.
func (t tree) quotas() (found []quota, seen bool) {
	most := map[string]float64{"cpu": float64(max(t.cpuTimes().cpus, 1)), "memory": unlimited, "pids": ampleProcesses}
	if total := t.meminfo().MemTotalBytes; total != nil {
		most["memory"] = float64(*total)
	}
	for _, controller := range []string{"cpu", "memory", "pids"} {
		var tightest []quota
		for _, group := range t.ownGroups(controller) {
			seen = true
			q, ok := t.quotaIn(group, controller)
			switch {
			case !ok || q.amount >= most[controller]:
			case tightest == nil || q.amount < tightest[0].amount:
				tightest = append([]quota{q}, tightest...)
			default:
				tightest = append(tightest, q)
			}
		}
		found = append(found, tightest...)
	}
	return found, seen
}

// quotaIn reads a group's limit in the form of v1 or of v2.
func (t tree) quotaIn(group, controller string) (quota, bool) {
	q := quota{controller: controller, none: "max"}
	read := func(name string) (string, bool) {
		q.file = path.Join(group, name)
		return t.value(q.file)
	}
	var text, period string
	var ok bool
	switch controller {
	case "cpu":
		if text, ok = read("cpu.max"); ok {
			text, period, _ = strings.Cut(text, " ")
			break
		}
		period, _ = read("cpu.cfs_period_us")
		text, ok = read("cpu.cfs_quota_us")
		q.none = "-1"
	case "memory":
		if text, ok = read("memory.max"); !ok {
			text, ok = read("memory.limit_in_bytes")
			q.none = "-1"
		}
	default:
		text, ok = read("pids.max")
	}
	// Values that are not numbers, such as "max" and -1, mean no limit.
	n, err := strconv.ParseUint(text, 10, 62)
	q.amount = float64(n)
	if controller == "cpu" && ok && err == nil {
		var each uint64
		each, err = strconv.ParseUint(period, 10, 62)
		q.amount /= float64(max(each, 1))
		ok = each > 0
	}
	return q, ok && err == nil
}

// checkQuotas reports the limits of the control groups around this process.
func (t tree) checkQuotas() Finding {
	f := Finding{Name: "cgroup_limits", State: OK, Value: "none",
		Meaning: "the suite's control group limits all processes of the suite: a processor quota pauses trials, a limit of memory or processes ends density"}
	found, seen := t.quotas()
	switch {
	case !seen:
		f.State, f.Value = Unknown, ""
		return f
	case found == nil:
		return f
	}
	var values []string
	var fix []Command
	for _, q := range found {
		file := "/" + q.file
		values = append(values, q.String()+" by "+file)
		if clean(file) == file && !strings.Contains(file, "'") {
			fix = append(fix, Command{fmt.Sprintf("echo %s > '%s'", q.none, file), "lift the limit of " + q.String()})
		}
	}
	f.State, f.Value = Warn, clean(strings.Join(values, ", "))
	f.Remedy = "start the suite outside the group, or lift the limit"
	f.setFix(fix...)
	return f
}
