package build_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"testing"
)

// Both decoders refuse the same pictures and give the same pixels, also of
// pictures that someone has spoilt and put a right checksum on.
func TestThumbnailsAgree(t *testing.T) {
	t.Parallel()
	w, builds := allBuilds(t, "thumbnail")
	var seeds [][]byte
	for _, x := range w.Exchanges {
		if len(x.Request) < 4<<10 && bytes.HasPrefix(x.Response, []byte("BM")) {
			seeds = append(seeds, x.Request)
		}
	}
	r := rand.New(rand.NewPCG(seed, seed))
	seen := make(map[string]int)
	for range rounds / 2 {
		request := bytes.Clone(seeds[r.IntN(len(seeds))])
		for range 1 + r.IntN(2) {
			request = spoil(r, request)
		}
		answer := ask(t, builds, request)
		if bytes.HasPrefix(answer, []byte("BM")) {
			answer = answer[:2]
		}
		seen[string(answer)]++
	}
	kinds := []string{"BM", "bad request\n", "bad size\n", "bad picture\n", "bad piece\n"}
	for _, kind := range kinds {
		if seen[kind] == 0 {
			t.Errorf("no answer %q among %v", kind, seen)
		}
	}
	if len(seen) != len(kinds) {
		t.Errorf("answers %v, %d kinds are known", seen, len(kinds))
	}
}

// spoil changes the line or a chunk of a request, and mostly corrects the chunk's
// checksum. It adds nothing to the data of a picture: what becomes of bytes
// after their end is left open.
func spoil(r *rand.Rand, request []byte) []byte {
	line := bytes.IndexByte(request, '\n') + 1
	chunks := chunksOf(request[min(len(request), line+8):])
	if line == 0 || len(chunks) == 0 || r.IntN(4) == 0 {
		request[r.IntN(max(line, 1))] = "0123456789 f"[r.IntN(12)]
		return request
	}
	chunk := chunks[r.IntN(len(chunks))]
	body := chunk[4 : len(chunk)-4] // type and data
	switch r.IntN(8) {
	case 0: // one chunk less
		at := bytes.Index(request, chunk)
		return append(request[:at:at], request[at+len(chunk):]...)
	case 1: // another type
		copy(body, []string{"IHDR", "tEXt", "tRNS", "PLTE", "IEND", "abcd"}[r.IntN(6)])
	default:
		body[r.IntN(len(body))] ^= 1 << r.IntN(8)
	}
	if r.IntN(8) > 0 {
		binary.BigEndian.PutUint32(chunk[len(chunk)-4:], crc32.ChecksumIEEE(body))
	}
	return request
}

// chunksOf gives the chunks of a picture, as far as there are any.
func chunksOf(rest []byte) [][]byte {
	var chunks [][]byte
	for len(rest) >= 12 {
		n := uint64(binary.BigEndian.Uint32(rest)) + 12
		if n > uint64(len(rest)) {
			break
		}
		chunks = append(chunks, rest[:n])
		rest = rest[n:]
	}
	return chunks
}
