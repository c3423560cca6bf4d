package host

import (
	"context"
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"edgebench/results"
)

func describe(_ context.Context, h *results.Host) {
	v := windows.RtlGetVersion()
	h.Kernel = fmt.Sprintf("%d.%d.%d", v.MajorVersion, v.MinorVersion, v.BuildNumber)
	h.CPU = cpuModel()
	h.Memory = installedMemory()
}

func cpuModel() string {
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, `HARDWARE\DESCRIPTION\System\CentralProcessor\0`, registry.QUERY_VALUE)
	if err != nil {
		return ""
	}
	defer key.Close()
	name, _, err := key.GetStringValue("ProcessorNameString")
	if err != nil {
		return ""
	}
	return clean(name)
}

// installedMemory is in bytes, 0 where the firmware does not tell.
func installedMemory() uint64 {
	get := windows.NewLazySystemDLL("kernel32.dll").NewProc("GetPhysicallyInstalledSystemMemory")
	if get.Find() != nil {
		return 0
	}
	var kib uint64
	if ok, _, _ := get.Call(uintptr(unsafe.Pointer(&kib))); ok == 0 {
		return 0
	}
	return kib << 10
}
