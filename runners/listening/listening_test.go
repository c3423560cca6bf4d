package listening

import (
	"net"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0000000000000000 100 0 0 10 0
   1: 0100007F:0050 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 4243 1 0000000000000000 100 0 0 10 0
   2: 00000000000000000000000001000000:01BB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4244 1 0 100 0 0 10 0
`
	if runtime.GOARCH != "amd64" && runtime.GOARCH != "arm64" {
		t.Skip("the table is of a little endian machine")
	}
	got, err := read(strings.NewReader(table))
	want := []socket{{netip.MustParseAddrPort("127.0.0.1:8080"), "4242"}, {netip.MustParseAddrPort("[::1]:443"), "4244"}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("read gives %v, %v; want %v", got, err, want)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("h\n 0: 0100007F:1F90 0:0 0A 0 0 0 0 0 4242\n")
	f.Add("h\n 0: 01:1 0:0 0A 0 0 0 0 0 1\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := read(strings.NewReader(text))
		for _, s := range list {
			if err == nil && !s.at.IsValid() {
				t.Errorf("%q gives an address that is none", text)
			}
		}
	})
}

// This process is seen where it listens.
func TestBy(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs Linux")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	at := netip.MustParseAddrPort(l.Addr().String())
	for name, f := range map[string]func(int) ([]netip.AddrPort, error){"By": By, "Inside": Inside} {
		if got, err := f(os.Getpid()); err != nil || !slices.Contains(got, at) {
			t.Errorf("%s gives %v, %v; want %v among them", name, got, err, at)
		}
	}
	if Reachable(at) || !Reachable(netip.MustParseAddrPort("0.0.0.0:80")) || Words(nil) != "nowhere" {
		t.Error("a loopback address is taken for one that is reached from outside")
	}
}
