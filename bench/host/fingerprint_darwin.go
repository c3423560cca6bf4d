package host

import (
	"context"

	"golang.org/x/sys/unix"

	"edgebench/results"
)

func describe(_ context.Context, h *results.Host) {
	// An error leaves the empty value, as promised.
	h.Kernel, _ = unix.Sysctl("kern.osrelease")
	h.CPU, _ = unix.Sysctl("machdep.cpu.brand_string")
	h.Memory, _ = unix.SysctlUint64("hw.memsize")
	if guest, err := unix.SysctlUint32("kern.hv_vmm_present"); err == nil && guest == 1 {
		h.Virtual = "virtual machine"
	}
}
