package limit

import "errors"

// reader reads the values of the binary format one after another. It never
// goes past the end of its data.
type reader struct {
	data []byte
	at   int
}

func (r *reader) byte() (byte, error) {
	if r.at == len(r.data) {
		return 0, errEnds
	}
	b := r.data[r.at]
	r.at++
	return b, nil
}

// maxNumber is the most bytes that a 32-bit number takes.
const maxNumber = 5

// number reads an unsigned 32-bit number in LEB128.
func (r *reader) number() (uint32, error) {
	var v uint32
	for i := range maxNumber {
		b, err := r.byte()
		if err != nil {
			return 0, err
		}
		if i == maxNumber-1 && b > 0x0f {
			break
		}
		v |= uint32(b&0x7f) << (7 * i)
		if b < 0x80 {
			return v, nil
		}
	}
	return 0, errors.New("a number is larger than 32 bits")
}

func appendNumber(out []byte, v uint32) []byte {
	for ; v >= 0x80; v >>= 7 {
		out = append(out, byte(v)|0x80)
	}
	return append(out, byte(v))
}

// length reads the length of what follows, which must be there in full.
func (r *reader) length() (int, error) {
	n, err := r.number()
	if err != nil {
		return 0, err
	}
	if uint64(n) > uint64(len(r.data)-r.at) {
		return 0, errEnds
	}
	return int(n), nil
}

// section passes over a section and gives its place and its number.
func (r *reader) section() (s span, id byte, err error) {
	s.start = r.at
	if id, err = r.byte(); err != nil {
		return s, 0, err
	}
	n, err := r.length()
	if err != nil {
		return s, 0, err
	}
	s.payload = r.at
	r.at += n
	s.end = r.at
	return s, id, nil
}

// importKind passes over the two names of an import and gives its kind.
func (r *reader) importKind() (byte, error) {
	for range 2 {
		n, err := r.length()
		if err != nil {
			return 0, err
		}
		r.at += n
	}
	return r.byte()
}
