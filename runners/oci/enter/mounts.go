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

// terminal is the device that a host without terminals may lack.
const terminal = "/dev/tty"

// mountDevices mounts the host's nodes: a user namespace may not make any, and
// a folder on a file system without devices could not hold them.
func mountDevices(*Plan) error {
	for _, d := range Devices() {
		err := syscall.Mount(d, d[1:], "", syscall.MS_BIND, "")
		if err != nil && (d != terminal || err != syscall.ENOENT) {
			return err
		}
	}
	return nil
}

// confined are the flags of file systems that hold no programs.
const confined = syscall.MS_NOSUID | syscall.MS_NODEV | syscall.MS_NOEXEC

// mountBelowDev mounts what a container has below /dev beside its devices: shared
// memory, terminals of its own, and message queues.
func mountBelowDev(*Plan) error {
	if err := syscall.Mount("shm", "dev/shm", "tmpfs", confined, "mode=1777,size=64m"); err != nil {
		return err
	}
	if err := syscall.Mount("devpts", "dev/pts", "devpts", syscall.MS_NOSUID|syscall.MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620"); err != nil {
		return err
	}
	return syscall.Mount("mqueue", "dev/mqueue", "mqueue", confined, "")
}

// mountProc mounts /proc and covers what tells or changes more than is the container's
// own. In a user namespace, a host that has covered parts of its own /proc allows only
// a /proc with processes alone.
func mountProc(*Plan) error {
	err := syscall.Mount("proc", "proc", "proc", confined, "")
	if err == syscall.EPERM {
		return syscall.Mount("proc", "proc", "proc", confined|syscall.MS_RDONLY, "subset=pid")
	}
	return err
}

// mountSys mounts /sys, to be read only. Where a user namespace may not, it stays empty.
func mountSys(*Plan) error {
	err := syscall.Mount("sysfs", "sys", "sysfs", confined|syscall.MS_RDONLY, "")
	if err == syscall.EPERM {
		return nil
	}
	return err
}

// coverPaths hides the masked paths and makes others read-only. Paths that this kernel
// does not have are left out.
func coverPaths(*Plan) error {
	for _, path := range MaskedPaths() {
		err := syscall.Mount("dev/null", path[1:], "", syscall.MS_BIND, "")
		if err == syscall.ENOTDIR {
			err = syscall.Mount("tmpfs", path[1:], "tmpfs", confined|syscall.MS_RDONLY, "")
		}
		if err != nil && err != syscall.ENOENT {
			return err
		}
	}
	for _, path := range ReadonlyPaths() {
		err := syscall.Mount(path[1:], path[1:], "", syscall.MS_BIND|syscall.MS_REC, "")
		if err == nil {
			err = syscall.Mount("", path[1:], "", syscall.MS_REMOUNT|syscall.MS_BIND|syscall.MS_RDONLY|confined, "")
		}
		if err != nil && err != syscall.ENOENT {
			return err
		}
	}
	return nil
}

func mountTmp(*Plan) error {
	const flags = syscall.MS_NOSUID | syscall.MS_NODEV
	return syscall.Mount("tmpfs", "tmp", "tmpfs", flags, "mode=1777,size=64m")
}

// mountFolders mounts folders of the host, to be read only. A bind mount takes its
// flags in a second step alone.
func mountFolders(p *Plan) error {
	for i := 0; i+1 < len(p.Folders); i += 2 {
		at := p.Folders[i+1][1:]
		if err := syscall.Mount(p.Folders[i], at, "", syscall.MS_BIND, ""); err != nil {
			return err
		}
		const flags = syscall.MS_REMOUNT | syscall.MS_BIND | syscall.MS_RDONLY | syscall.MS_NOSUID | syscall.MS_NODEV
		if err := syscall.Mount("", at, "", flags, ""); err != nil {
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
