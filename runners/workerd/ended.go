package workerd

import (
	"encoding/json"
	"fmt"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/interfaces"
)

// The ends of a guest, as worker/ending.js names them.
const (
	endTrap      = "trap"
	endExit      = "exit"
	endTooLarge  = "too large"
	endMalformed = "malformed"
	endClosed    = "closed"
)

// ended is the error of a guest whose worker has told how it ended.
type ended struct {
	kind error
	text string
}

func (e *ended) Error() string { return e.text }
func (e *ended) Unwrap() error { return e.kind }

// refused makes an error of an answer whose status is not 200.
func refused(status int, body []byte) error {
	var told struct {
		End  string
		Code uint32
		Text string
	}
	if err := json.Unmarshal(body, &told); err != nil {
		return fmt.Errorf("workerd answers with status %d: %w: %s", status, runners.ErrTrap, interfaces.FirstLine(body))
	}
	said := interfaces.FirstLine([]byte(told.Text))
	kinds := map[string]error{
		endTrap: runners.ErrTrap, endTooLarge: runners.ErrTooLarge, endMalformed: runners.ErrMalformed, endClosed: runners.ErrClosed,
	}
	if told.End == endExit {
		err := abi.Exited(told.Code, said)
		return &ended{err, err.Error()}
	}
	kind, ok := kinds[told.End]
	if !ok {
		return fmt.Errorf("workerd answers with status %d and the end %.20q: %w", status, told.End, runners.ErrTrap)
	}
	return &ended{kind, interfaces.WithOutput(kind.Error(), said)}
}
