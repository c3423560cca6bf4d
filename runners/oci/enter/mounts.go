//go:build linux

package enter

import "syscall"

// private keeps what is mounted here from the host and the other way round.
func private(*Plan) error {
	return syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, "")
}

// mountRoot mounts the folder onto itself, since only a mount can become the
// root, and makes it the working folder.
func mountRoot(p *Plan) error {
	if err := syscall.Mount(p.Root, p.Root, "", syscall.MS_BIND, ""); err != nil {
		return err
	}
	return syscall.Chdir(p.Root)
}

// mountDevices mounts the host's nodes: a user namespace may not make any, and
// a folder on a file system without devices could not hold them.
func mountDevices(*Plan) error {
	for _, d := range Devices() {
		if err := syscall.Mount(d, d[1:], "", syscall.MS_BIND, ""); err != nil {
			return err
		}
	}
	return nil
}

// mountProc mounts /proc read-only and with processes alone: in one mount that
// hides all that container engines cover path by path (kcore, keys, sys,
// sysrq-trigger, timer_list and the rest).
func mountProc(*Plan) error {
	const flags = syscall.MS_RDONLY | syscall.MS_NOSUID | syscall.MS_NODEV | syscall.MS_NOEXEC
	return syscall.Mount("proc", "proc", "proc", flags, "subset=pid")
}

func mountTmp(*Plan) error {
	const flags = syscall.MS_NOSUID | syscall.MS_NODEV
	return syscall.Mount("tmpfs", "tmp", "tmpfs", flags, "mode=1777,size=64m")
}

// mountFolders mounts folders of the host. A mount becomes read-only in a second step.
func mountFolders(p *Plan) error {
	for _, f := range p.Folders {
		if err := syscall.Mount(f.Host, f.Guest[1:], "", syscall.MS_BIND, ""); err != nil {
			return err
		}
		flags := uintptr(syscall.MS_REMOUNT | syscall.MS_BIND | syscall.MS_NOSUID | syscall.MS_NODEV)
		if !f.Writable {
			flags |= syscall.MS_RDONLY
		}
		if err := syscall.Mount("", f.Guest[1:], "", flags, ""); err != nil {
			return err
		}
	}
	return nil
}

// enterRoot makes the working folder the root and lets go of the host's tree,
// which pivot_root puts on top of it, then makes the root read-only.
func enterRoot(*Plan) error {
	if err := syscall.PivotRoot(".", "."); err != nil {
		return err
	}
	if err := syscall.Unmount(".", syscall.MNT_DETACH); err != nil {
		return err
	}
	if err := syscall.Chdir("/"); err != nil {
		return err
	}
	const flags = syscall.MS_REMOUNT | syscall.MS_BIND | syscall.MS_RDONLY | syscall.MS_NOSUID | syscall.MS_NODEV
	return syscall.Mount("", "/", "", flags, "")
}

// enterFolder goes to the workload's working folder, as the workload's user.
func enterFolder(p *Plan) error {
	if p.Dir == "" {
		return nil
	}
	return syscall.Chdir(p.Dir)
}
