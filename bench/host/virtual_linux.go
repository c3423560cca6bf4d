package host

import (
	"regexp"
	"strings"

	"github.com/prometheus/procfs"
)

// surroundings names what lies between the suite and the hardware, such as
// "container (docker) in a virtual machine (KVM)"; "" when nothing does.
func (t tree) surroundings() string {
	container, inContainer := t.container()
	machine, inMachine := t.virtualMachine()
	switch {
	case inContainer && inMachine:
		return "container (" + container + ") in a virtual machine (" + machine + ")"
	case inContainer:
		return "container (" + container + ")"
	case inMachine:
		return "virtual machine (" + machine + ")"
	}
	return ""
}

// unnamed stands for a hypervisor or a container engine that left no name.
const unnamed = "of an unknown kind"

// virtualMachine reports whether a hypervisor runs this kernel, and its name.
// The processor's flag is how a guest is told so on x86; other architectures
// have a node in the device tree or the firmware's product name.
func (t tree) virtualMachine() (name string, yes bool) {
	cpuinfo, _ := t.text("proc/cpuinfo")
	flags, _ := flagsOf(cpuinfo)
	product, known := t.virtualProduct()
	yes = known || strings.Contains(flags, " hypervisor ") ||
		t.exists("sys/hypervisor/type") || t.exists("proc/device-tree/hypervisor")
	if !yes {
		return "", false
	}
	var names []string
	for _, name := range []string{t.hypervisor(), product} {
		if name != "" {
			names = append(names, name)
		}
	}
	if names == nil {
		return unnamed, true
	}
	return strings.Join(names, ", "), true
}

// flagsOf gives the flags of the first processor with a space around each. It
// is a line too long for a value.
func flagsOf(cpuinfo string) (string, bool) {
	for line := range strings.Lines(cpuinfo) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "flags" {
			return " " + strings.Join(strings.Fields(value), " ") + " ", true
		}
	}
	return "", false
}

// hypervisor names it by what it offers to its guests.
func (t tree) hypervisor() string {
	if name, ok := t.value("sys/hypervisor/type"); ok {
		return name
	}
	clocks, _ := t.value("sys/devices/system/clocksource/clocksource0/available_clocksource")
	switch {
	case strings.Contains(clocks, "kvm-clock"):
		return "KVM"
	case strings.Contains(clocks, "hyperv_clocksource"):
		return "Hyper-V"
	}
	return ""
}

// virtualProducts are firmware names that only virtual machines carry.
var virtualProducts = regexp.MustCompile(`(?i)\b(qemu|kvm|vmware|virtualbox|innotek|xen|bochs|bhyve|parallels|virtual machine|google compute engine|apple virtualization|openstack|firecracker|cloud hypervisor|amazon ec2 (?:[a-z0-9-]+\.(?:nano|micro|small|medium|\d*x?large)))\b`)

// virtualProduct is the firmware's maker and product, and whether that is a
// virtual one. Amazon's bare machines name an instance type as well, which
// ends in "metal".
func (t tree) virtualProduct() (product string, virtual bool) {
	maker, _ := t.value("sys/class/dmi/id/sys_vendor")
	name, _ := t.value("sys/class/dmi/id/product_name")
	product = strings.TrimSpace(maker + " " + name)
	return product, virtualProducts.MatchString(product)
}

// initialNamespaces are the inode numbers that the kernel gives to the
// namespaces that it starts with (include/linux/proc_ns.h). A process in
// another one has been put there by a container engine or the like.
var initialNamespaces = map[string]uint32{"ipc": 0xEFFFFFFF, "uts": 0xEFFFFFFE, "user": 0xEFFFFFFD, "pid": 0xEFFFFFFC}

// container reports whether a container is around the suite, and its engine.
// A marker file alone proves nothing: a machine may have been made of an
// image's files. Where namespaces can't be read, markers must do.
func (t tree) container() (engine string, yes bool) {
	engine, marked := t.containerMarker()
	spaces, ok := t.namespaces()
	for name, initial := range initialNamespaces {
		if space, there := spaces[name]; there && space.Inode != initial {
			return engine, true
		}
	}
	return engine, marked && !ok
}

// namespaces are those of this process.
func (t tree) namespaces() (procfs.Namespaces, bool) {
	self, ok := ask(t, procfs.FS.Self)
	if !ok {
		return nil, false
	}
	spaces, err := self.Namespaces()
	return spaces, err == nil && len(spaces) > 0
}

// cgroupEngines are container engines by what they call their groups.
var cgroupEngines = regexp.MustCompile(`\b(docker|kubepods|libpod|containerd|lxc|nspawn)\b`)

// containerMarker names the engine by the traces that engines leave.
func (t tree) containerMarker() (engine string, marked bool) {
	if name, ok := t.value("run/systemd/container"); ok {
		return name, true
	}
	switch {
	case t.exists(".dockerenv"):
		return "docker", true
	case t.exists("run/.containerenv"):
		return "podman", true
	}
	groups, _ := t.text("proc/self/cgroup")
	if name := cgroupEngines.FindString(groups); name != "" {
		return name, true
	}
	return unnamed, false
}
