package listening

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"
)

// socket is a line of /proc/PID/net/tcp or tcp6 about a socket that listens.
type socket struct {
	at    netip.AddrPort
	inode string
}

// Bounds of a table: a node has fewer sockets, and a line is shorter.
const (
	maxLine    = 1 << 10
	maxSockets = 100_000
)

// stateListen is the kernel's TCP_LISTEN, in hexadecimal.
const stateListen = "0A"

// read reads a table of sockets, whose first line is a heading, and gives those that
// listen.
func read(r io.Reader) (list []socket, err error) {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 0, maxLine), maxLine)
	in.Scan()
	for in.Scan() {
		fields := strings.Fields(in.Text())
		const state, inode = 3, 9
		if len(fields) <= inode || fields[state] != stateListen {
			continue
		}
		at, err := address(fields[1])
		if err != nil {
			return nil, err
		}
		if list = append(list, socket{at, fields[inode]}); len(list) > maxSockets {
			return nil, fmt.Errorf("more than %d sockets listen", maxSockets)
		}
	}
	return list, in.Err()
}

// address reads "0100007F:1F90". Each group of 32 bits is in the order of this
// machine's bytes, the port is not.
func address(text string) (netip.AddrPort, error) {
	digits, port, _ := strings.Cut(text, ":")
	b, err := hex.DecodeString(digits)
	if err != nil || len(b) != 4 && len(b) != 16 {
		return netip.AddrPort{}, fmt.Errorf("%.60q is not an address of a socket", text)
	}
	for i := 0; i < len(b); i += 4 {
		binary.NativeEndian.PutUint32(b[i:], binary.BigEndian.Uint32(b[i:]))
	}
	n, err := strconv.ParseUint(port, 16, 16)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("%.60q is not an address of a socket", text)
	}
	ip, _ := netip.AddrFromSlice(b)
	return netip.AddrPortFrom(ip.Unmap(), uint16(n)), nil
}
