//go:build cgo && linux && amd64

package v8

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"edgebench/runners"
)

// Errors of WASI.
const (
	success    = 0
	badf       = 8
	fault      = 21
	inval      = 28
	noent      = 44
	nosys      = 52
	notsup     = 58
	rofs       = 69
	spipe      = 70
	notcapable = 76
)

// Functions in the order of testdata/calls.wat.
const (
	argsGet = iota
	argsSizesGet
	clockResGet
	clockTimeGet
	environGet
	environSizesGet
	fdClose
	fdFdstatGet
	fdFdstatSetFlags
	fdFilestatGet
	fdPread
	fdPrestatDirName
	fdPrestatGet
	fdRead
	fdSeek
	fdTell
	fdWrite
	pathFilestatGet
	pathOpen
	pollOneoff
	randomGet
	schedYield
	fdReaddir
)

// Addresses in the guest's memory of what a request carries behind its
// arguments, of room for results, and of the memory's end.
const (
	content = 4096 + 80
	room    = 4096 + 1024
	end     = 64 << 10
)

// caller is a guest that makes single calls.
type caller struct {
	t  *testing.T
	in runners.Instance
}

func newCaller(t *testing.T, files string) *caller {
	rt := boot(t, "instance")
	p, err := rt.Prepare(t.Context(), runners.Artefact{Path: "testdata/calls.wasm", Files: files}, t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	l, err := rt.Load(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	in, err := l.Instantiate(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if in.Close() != nil || l.Close() != nil {
			t.Error("Close fails")
		}
	})
	return &caller{t, in}
}

// call makes a call for which the guest's memory holds data at content. It gives
// the error and the memory from room on.
func (c *caller) call(function byte, data string, args ...int64) (code uint32, memory []byte) {
	c.t.Helper()
	request := make([]byte, 80, 1024)
	request[0] = function
	for i, a := range args {
		binary.LittleEndian.PutUint64(request[8+8*i:], uint64(a))
	}
	response, err := c.in.Call(c.t.Context(), nil, append(request, data...))
	if err != nil {
		c.t.Fatal(err)
	}
	return binary.LittleEndian.Uint32(response), response[4+room-4096:]
}

// want makes a call that ends with an error.
func (c *caller) want(code uint32, function byte, data string, args ...int64) []byte {
	c.t.Helper()
	got, memory := c.call(function, data, args...)
	if got != code {
		c.t.Errorf("function %d with %d gives the error %d, want %d", function, args, got, code)
	}
	return memory
}

// vector is one that names n bytes at an address.
func vector(at, n uint32) string {
	return string(binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, at), n))
}

func number(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

// TestFiles takes one file through all that there is to do with it.
func TestFiles(t *testing.T) {
	c := newCaller(t, folder(t))
	if got := c.want(success, fdPrestatGet, "", 3, room); number(got) != 1<<32 {
		t.Errorf("the folder is %x", got[:8])
	}
	if got := c.want(success, fdPrestatDirName, "", 3, room, 1); got[0] != '/' {
		t.Errorf("the folder's name is %q", got[0])
	}
	open := func() int64 {
		got := c.want(success, pathOpen, "./greeting", 3, 0, content, 10, 0, -1, -1, 0, room)
		return int64(binary.LittleEndian.Uint32(got))
	}
	fd := open()
	if got := c.want(success, fdRead, vector(room, 4)+vector(room+8, 20), fd, content, 2, room+4); string(got[:4]) != "good" || string(got[8:12]) != " day" || got[4] != 8 {
		t.Errorf("the file is read as %q", got[:16])
	}
	if got := c.want(success, fdTell, "", fd, room); number(got) != 8 {
		t.Errorf("the position is %d", number(got))
	}
	if got := c.want(success, fdSeek, "", fd, -3, 2, room); number(got) != 5 {
		t.Errorf("the new position is %d", number(got))
	}
	if got := c.want(success, fdPread, vector(room, 3), fd, content, 1, 5, room+8); string(got[:3]) != "day" || got[8] != 3 {
		t.Errorf("its end is read as %q", got[:16])
	}
	for _, got := range [][]byte{
		c.want(success, fdFilestatGet, "", fd, room),
		c.want(success, pathFilestatGet, "greeting", 3, 0, content, 8, room),
	} {
		if got[16] != 4 || number(got[32:]) != 8 {
			t.Errorf("a file of 8 bytes is described as of kind %d, %d bytes", got[16], number(got[32:]))
		}
	}
	if got := c.want(success, fdFdstatGet, "", fd, room); got[0] != 4 {
		t.Errorf("its kind is %d", got[0])
	}
	c.want(badf, fdWrite, vector(content, 3), fd, content, 1, room)
	c.want(success, fdClose, "", fd)
	c.want(badf, fdClose, "", fd)
	c.want(badf, fdRead, vector(room, 4), fd, content, 1, room)
	if again := open(); again != fd {
		t.Errorf("a closed descriptor is not used again: %d", again)
	}
}

// TestPaths opens what it must not.
func TestPaths(t *testing.T) {
	files := folder(t)
	c := newCaller(t, files)
	for path, code := range map[string]uint32{
		"missing": noent, "": noent, "a\x00b": noent,
		"..": notcapable, "../secret": notcapable, "/etc/passwd": notcapable, "folder/inner": notcapable, ".//etc/passwd": notcapable,
		".": notsup, "folder": notsup, "pipe": notsup, "link": 32,
	} {
		c.want(code, pathOpen, path, 3, 1, content, int64(len(path)), 0, -1, -1, 0, room)
	}
	for how, code := range map[int64]uint32{1: rofs, 8: rofs, 9: rofs} { // create, truncate
		c.want(code, pathOpen, "greeting", 3, 0, content, 8, how, -1, -1, 0, room)
	}
	for range 2 * 64 { // no more than there are descriptors
		if code, _ := c.call(pathOpen, "greeting", 3, 0, content, 8, 0, -1, -1, 0, room); code == 33 {
			return
		}
	}
	t.Error("a guest opens files without end")
}

// folder has a file, a folder, a pipe and a link that leads out of it.
func folder(t *testing.T) string {
	dir := t.TempDir()
	files := filepath.Join(dir, "files")
	for _, err := range []error{
		os.MkdirAll(filepath.Join(files, "folder"), 0o700),
		os.WriteFile(filepath.Join(files, "greeting"), []byte("good day"), 0o600),
		os.WriteFile(filepath.Join(files, "folder", "inner"), nil, 0o600),
		os.WriteFile(filepath.Join(dir, "secret"), nil, 0o600),
		os.Symlink("../secret", filepath.Join(files, "link")),
		exec.Command("mkfifo", filepath.Join(files, "pipe")).Run(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// TestAddresses lies about addresses, lengths and descriptors.
func TestAddresses(t *testing.T) {
	c := newCaller(t, "")
	for _, x := range []struct {
		code     uint32
		function byte
		data     string
		args     []int64
	}{
		{fault, argsSizesGet, "", []int64{end - 3, room}},
		{fault, environSizesGet, "", []int64{room, -1}},
		{fault, clockTimeGet, "", []int64{0, 0, end - 7}},
		{inval, clockTimeGet, "", []int64{4, 0, room}},
		{fault, randomGet, "", []int64{end - 4, 5}},
		{fault, randomGet, "", []int64{room, -1}},
		{fault, fdWrite, vector(end-2, 3), []int64{1, content, 1, room}},
		{fault, fdWrite, vector(content, 0xffffffff), []int64{1, content, 1, room}},
		{fault, fdWrite, "", []int64{1, end - 4, 1, room}},
		{fault, fdWrite, "", []int64{1, -8, 2, room}},
		{fault, fdWrite, "", []int64{2, 0, 0, end - 2}},
		{badf, fdWrite, "", []int64{0, 0, 0, room}},
		{badf, fdRead, "", []int64{1, 0, 0, room}},
		{badf, fdPread, "", []int64{0, 0, 0, 0, room}},
		{inval, fdPread, "", []int64{0, 0, 0, -1, room}},
		{spipe, fdSeek, "", []int64{1, 0, 0, room}},
		{badf, fdTell, "", []int64{-1, room}},
		{badf, fdFdstatGet, "", []int64{3, room}},
		{badf, fdPrestatGet, "", []int64{3, room}},
		{badf, fdPrestatDirName, "", []int64{3, room, 1}},
		{badf, pathOpen, "x", []int64{3, 0, content, 1, 0, 0, 0, 0, room}},
		{badf, pathFilestatGet, "x", []int64{3, 0, content, 1, room}},
		{inval, pollOneoff, "", []int64{content, room, 0, room}},
		{fault, pollOneoff, "", []int64{end - 47, room, 1, room}},
		{notsup, pollOneoff, "\x00\x00\x00\x00\x00\x00\x00\x00\x01", []int64{content, room, 1, room + 64}},
		{nosys, fdReaddir, "", []int64{3, room, 1, 0, room}},
	} {
		c.want(x.code, x.function, x.data, x.args...)
	}
}

// TestSmallThings checks results that are not files.
func TestSmallThings(t *testing.T) {
	c := newCaller(t, "")
	if got := c.want(success, argsSizesGet, "", room, room+4); number(got) != 0 {
		t.Errorf("there are arguments: %x", got[:8])
	}
	c.want(success, argsGet, "", room, room)
	c.want(success, environGet, "", room, room)
	c.want(success, schedYield, "")
	c.want(success, fdFdstatSetFlags, "", 1, 4)
	c.want(success, clockResGet, "", 1, room)
	clock := number(c.want(success, clockTimeGet, "", 0, 0, room))
	if now := uint64(time.Now().UnixNano()); clock > now || now-clock > uint64(time.Minute) {
		t.Errorf("the clock says %d, it is %d", clock, now)
	}
	a := bytes.Clone(c.want(success, randomGet, "", room, 32)[:32])
	if b := c.want(success, randomGet, "", room, 32)[:32]; bytes.Equal(a, b) {
		t.Errorf("random numbers come twice: %x", a)
	}
	if got := c.want(success, fdRead, vector(room+8, 5), 0, content, 1, room); binary.LittleEndian.Uint32(got) != 0 {
		t.Errorf("stdin has something: %x", got[:4])
	}
	if got := c.want(success, fdWrite, "", 1, 0, 0, room); binary.LittleEndian.Uint32(got) != 0 {
		t.Errorf("nothing was written, and that is %x", got[:4])
	}
	// Two subscriptions to the monotonic clock, of which the second ends first.
	sleep := func(who byte, nanoseconds uint64) string {
		s := make([]byte, 48)
		s[0], s[16] = who, 1
		binary.LittleEndian.PutUint64(s[24:], nanoseconds)
		return string(s)
	}
	if got := c.want(success, pollOneoff, sleep(7, uint64(time.Hour))+sleep(9, 1000), content, room, 2, room+64); got[0] != 9 || got[64] != 1 {
		t.Errorf("the event is that of %d, of %d", got[0], got[64])
	}
}

// TestCallsModule checks that the committed guest is what its source gives.
func TestCallsModule(t *testing.T) {
	made := filepath.Join(t.TempDir(), "calls.wasm")
	if out, err := exec.Command("wat2wasm", "testdata/calls.wat", "-o", made).CombinedOutput(); err != nil {
		if strings.Contains(err.Error(), "not found") {
			t.Skip("wat2wasm is missing, which scripts/setup-debian.sh installs")
		}
		t.Fatalf("%v: %s", err, out)
	}
	is, err := os.ReadFile(made)
	if err != nil {
		t.Fatal(err)
	}
	was, err := os.ReadFile("testdata/calls.wasm")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(is, was) {
		t.Error("calls.wasm is not what calls.wat gives: run wat2wasm")
	}
}
