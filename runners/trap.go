package runners

import (
	"errors"
	"strconv"
	"strings"
)

// Trap is why a guest trapped, as far as all runtimes tell it apart.
type Trap string

// The kinds of traps. Runtimes name the failures of tables and of indirect calls
// differently, or not at all, so that they are one kind: an element outside the table,
// an empty element, a function of another type.
const (
	TrapUnreachable Trap = "unreachable"
	TrapMemory      Trap = "memory"
	TrapTable       Trap = "table"
	TrapDivision    Trap = "division"
	// TrapOverflow is a quotient, or a number to be converted, that the integer type
	// cannot hold, and a conversion of NaN.
	TrapOverflow Trap = "overflow"
	TrapStack    Trap = "stack"
	TrapExit     Trap = "exit"
	// TrapOther is a trap that no runtime's message is known for.
	TrapOther Trap = "other"
)

// TrapExit's message has the exit code after these words: see abi.Exited.
const exitWords = "exits with code "

// trapWords are parts of the runtimes' messages. The first that occurs decides: longer
// ones stand before those that they contain.
var trapWords = []struct {
	words string
	trap  Trap
}{
	{exitWords, TrapExit},
	{"unreachable", TrapUnreachable},
	{"undefined element", TrapTable},
	{"uninitialized element", TrapTable},
	{"indirect call type mismatch", TrapTable},
	{"table access", TrapTable},
	{"table index is out of bounds", TrapTable},
	{"table fill", TrapTable},
	{"function signature mismatch", TrapTable},
	{"null function", TrapTable},
	{"element segment out of bounds", TrapTable},
	{"table initializer", TrapTable},
	{"memory access", TrapMemory},
	{"data segment", TrapMemory},
	{"memory fault", TrapMemory},
	{"divide by zero", TrapDivision},
	{"remainder by zero", TrapDivision},
	{"division by zero", TrapDivision},
	{"divide result unrepresentable", TrapOverflow},
	{"integer overflow", TrapOverflow},
	{"invalid conversion to integer", TrapOverflow},
	{"float unrepresentable", TrapOverflow},
	{"stack exhausted", TrapStack},
	{"stack overflow", TrapStack},
	{"call stack size exceeded", TrapStack},
}

// TrapOf gives the kind of a trap from the runtime's message; "" for an error that
// does not wrap ErrTrap.
func TrapOf(err error) Trap {
	if !errors.Is(err, ErrTrap) {
		return ""
	}
	text := strings.ToLower(err.Error())
	for _, w := range trapWords {
		if strings.Contains(text, w.words) {
			return w.trap
		}
	}
	return TrapOther
}

// ExitCode gives the exit code in the message of a trap of the kind TrapExit.
func ExitCode(message string) (code int, ok bool) {
	_, after, _ := strings.Cut(message, exitWords)
	end := strings.IndexFunc(after, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(after)
	}
	code, err := strconv.Atoi(after[:end])
	return code, err == nil
}
