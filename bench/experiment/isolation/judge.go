package isolation

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"edgebench/runners/agent"
)

// verdict is what an attempt came to.
type verdict struct{ result, evidence string }

// answer is a response of the guest (see the manifest of workloads/isolation).
type answer struct {
	word string // done, failed, absent, limited, or unknown
	rest string // of the line
	seen string
}

func readAnswer(b []byte) (a answer, err error) {
	line, seen, found := strings.Cut(string(b), "\n")
	a.word, a.rest, _ = strings.Cut(line, " ")
	a.seen = seen
	switch {
	case !found:
		return a, fmt.Errorf("the guest's answer %.60q has no line", b)
	case a.word == "refused":
		return a, fmt.Errorf("the guest does not take the request")
	}
	return a, nil
}

// coarse is the step of a clock that tells a guest nothing of use.
const coarse = 100 * time.Microsecond

// judge says what an attempt came to.
func (w *world) judge(a Attempt, found agent.Attempted) (verdict, error) {
	var last answer
	first := false // says that the first step ended the attempt
	for i, b := range found.Answers {
		var err error
		if last, err = readAnswer(b); err != nil {
			return verdict{}, err
		}
		if last.word != "done" {
			first = i == 0
			break
		}
	}
	if a.offered && first {
		return verdict{Absent, "the system gives no such folder"}, nil
	}
	if a.reach == changesFile {
		what, err := w.changed()
		if err != nil {
			return verdict{}, fmt.Errorf("look whether files have changed: %w", err)
		}
		if what != "" {
			return verdict{Allowed, what}, nil
		}
	}
	switch {
	case last.word == "absent" || last.word == "unknown":
		return verdict{Absent, "there is no such interface"}, nil
	case last.word == "failed":
		return verdict{Denied, last.rest}, nil
	case last.word == "limited":
		return verdict{Limited, "after " + last.rest}, nil
	case found.Failure != "":
		return ended(a, found), nil
	}
	return w.reached(a, last, found), nil
}

// ended judges a guest that has ended in the attempt.
func ended(a Attempt, found agent.Attempted) verdict {
	took := time.Duration(0)
	if n := len(found.Times); n > 0 {
		took = found.Times[n-1]
	}
	switch {
	case found.Stopped:
		return verdict{Limited, fmt.Sprintf("stopped after %.3g s", took.Seconds())}
	case a.reach == uses:
		return verdict{Limited, "the guest was ended: " + found.Failure}
	}
	return verdict{Denied, "the guest was ended: " + found.Failure}
}

// reached judges an attempt whose calls have all succeeded.
func (w *world) reached(a Attempt, last answer, found agent.Attempted) verdict {
	has := func(texts ...string) verdict {
		for _, text := range texts {
			if text != "" && strings.Contains(last.seen, text) {
				return verdict{Allowed, "saw " + text}
			}
		}
		return verdict{Denied, "the calls succeeded, and what was aimed at was not seen"}
	}
	switch a.reach {
	case succeeds:
		return verdict{Allowed, cmp.Or(strings.TrimSpace(last.seen), "the calls succeeded")}
	case readsSecret:
		return has(w.secret)
	case readsMark:
		return has(w.mark)
	case changesFile:
		return verdict{Denied, "the calls succeeded, and no file has changed"}
	case differs:
		if _, kept, _ := strings.Cut(a.steps[0], " "); last.seen == kept {
			return verdict{Denied, "the pointer still leads to the same"}
		}
		return verdict{Allowed, fmt.Sprintf("read %.40q", last.seen)}
	case knows:
		if a.fact != factClock {
			return has(w.facts[a.fact]...)
		}
		step, err := strconv.ParseUint(last.seen, 10, 63)
		text := fmt.Sprintf("steps of %v", time.Duration(step))
		if err != nil || time.Duration(step) > coarse {
			return verdict{Denied, text}
		}
		return verdict{Allowed, text}
	case uses:
		return verdict{Allowed, fmt.Sprintf("used all in %.3g s", found.Times[len(found.Times)-1].Seconds())}
	}
	return verdict{Denied, "nobody knows what the attempt was to reach"}
}
