// Package listening says at which TCP addresses programs listen, as Linux tells in
// /proc. It serves the look at a program and the messages about one that does not
// answer; nothing of it runs within a measured time.
package listening

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Words name addresses in a sentence, "nowhere" without any.
func Words(list []netip.AddrPort) string {
	if len(list) == 0 {
		return "nowhere"
	}
	const most = 4
	var words []string
	for _, a := range list[:min(len(list), most)] {
		words = append(words, a.String())
	}
	if more := len(list) - most; more > 0 {
		words = append(words, fmt.Sprintf("%d more", more))
	}
	return strings.Join(words, ", ")
}

// Reachable says whether an address is reached from outside its network namespace.
func Reachable(a netip.AddrPort) bool { return !a.Addr().Unmap().IsLoopback() }

// add keeps a sorted list without doubles.
func add(list []netip.AddrPort, a netip.AddrPort) []netip.AddrPort {
	i, found := slices.BinarySearchFunc(list, a, netip.AddrPort.Compare)
	if found {
		return list
	}
	return slices.Insert(list, i, a)
}
