//go:build linux

package seccomp

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// Offsets in struct seccomp_data; the arguments have 64 bits, low half first on
// every architecture that Go and this policy know.
const (
	offsetNumber       = 0
	offsetArchitecture = 4
	offsetFirstLow     = 16
	offsetFirstHigh    = 20
	word               = 4
)

// assemble writes the program. The numbers are in order.
//
// It searches them as a tree of ranges. One comparison for each of some 280
// numbers, as libraries write it, is all the same to the system calls of a
// workload, whose answers the kernel remembers, but the kernel finds those out
// when the program is loaded, by running it for every number there is: 0.4 ms
// of each start against 0.05 ms.
func assemble(architecture uint32, numbers []uint32) ([]bpf.Instruction, error) {
	search, err := tree(flips(numbers), deny, allow)
	if err != nil {
		return nil, err
	}
	// A process may not have changed to another architecture's numbers.
	program := []bpf.Instruction{
		bpf.LoadAbsolute{Off: offsetArchitecture, Size: word},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: architecture, SkipTrue: 1},
		bpf.RetConstant{Val: deny},
		bpf.LoadAbsolute{Off: offsetNumber, Size: word},
	}
	program = append(program, only(unix.SYS_CLONE3, bpf.RetConstant{Val: missing})...)
	program = append(program, only(unix.SYS_CLONE,
		bpf.LoadAbsolute{Off: offsetFirstLow, Size: word},
		bpf.JumpIf{Cond: bpf.JumpBitsNotSet, Val: newNamespaces, SkipTrue: 1},
		bpf.RetConstant{Val: deny},
		bpf.RetConstant{Val: allow})...)
	program = append(program, only(unix.SYS_SOCKET,
		bpf.LoadAbsolute{Off: offsetFirstHigh, Size: word},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: 0, SkipTrue: 2},
		bpf.LoadAbsolute{Off: offsetFirstLow, Size: word},
		bpf.JumpIf{Cond: bpf.JumpLessThan, Val: unix.AF_VSOCK, SkipTrue: 1},
		bpf.RetConstant{Val: deny},
		bpf.RetConstant{Val: allow})...)
	return append(program, search...), nil
}

// only guards a block, which must return, by the number of its system call.
func only(number uint32, block ...bpf.Instruction) []bpf.Instruction {
	guard := bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: number, SkipTrue: uint8(len(block))}
	return append([]bpf.Instruction{guard}, block...)
}

// flips are the numbers at which membership changes, beginning with not: of
// 3, 4, 5, 9 they are 3, 6, 9, 10.
func flips(numbers []uint32) (list []uint32) {
	for i, n := range numbers {
		if i == 0 || numbers[i-1]+1 < n {
			list = append(list, n)
		}
		if i == len(numbers)-1 || n+1 < numbers[i+1] {
			list = append(list, n+1)
		}
	}
	return list
}

// tree finds by halves where a number lies between the flips. Below the first
// the answer is below, beyond it the other one, and so on in turn.
func tree(flips []uint32, below, other uint32) ([]bpf.Instruction, error) {
	if len(flips) == 0 {
		return []bpf.Instruction{bpf.RetConstant{Val: below}}, nil
	}
	middle := len(flips) / 2
	left, err := tree(flips[:middle], below, other)
	if err != nil {
		return nil, err
	}
	if middle%2 == 0 {
		below, other = other, below
	}
	right, err := tree(flips[middle+1:], below, other)
	if err != nil {
		return nil, err
	}
	if len(right) > math.MaxUint8 {
		return nil, fmt.Errorf("a jump over %d instructions is too far", len(right))
	}
	node := bpf.JumpIf{Cond: bpf.JumpGreaterOrEqual, Val: flips[middle], SkipFalse: uint8(len(right))}
	return slices.Concat([]bpf.Instruction{node}, right, left), nil
}

// encode gives the instructions as an array of struct sock_filter.
func encode(instructions []bpf.Instruction) ([]byte, error) {
	raw, err := bpf.Assemble(instructions)
	if err != nil {
		return nil, err
	}
	var b []byte
	for _, i := range raw {
		b = binary.NativeEndian.AppendUint16(b, i.Op)
		b = append(b, i.Jt, i.Jf)
		b = binary.NativeEndian.AppendUint32(b, i.K)
	}
	return b, nil
}
