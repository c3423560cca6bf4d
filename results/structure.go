package results

import "iter"

// structure yields the bytes of a JSON text outside of its strings, and the quotes.
// It serves to check a text before memory is allocated for it.
func structure(text []byte) iter.Seq[byte] {
	return func(yield func(byte) bool) {
		inString := false
		for i := 0; i < len(text); i++ {
			c := text[i]
			switch {
			case inString && c == '\\':
				i++ // the next byte is escaped
				continue
			case c == '"':
				inString = !inString
			case inString:
				continue
			}
			if !yield(c) {
				return
			}
		}
	}
}

// count counts a byte outside of strings.
func count(text []byte, c byte) int {
	n := 0
	for b := range structure(text) {
		if b == c {
			n++
		}
	}
	return n
}

// holdsNull says whether a valid JSON text has a null in it. Go's decoder would
// take that for a zero. No other literal has the letter n.
func holdsNull(text []byte) bool { return count(text, 'n') > 0 }

// nesting gives how deep the objects and lists of a valid JSON text are nested.
func nesting(text []byte) int {
	depth, deepest := 0, 0
	for b := range structure(text) {
		switch b {
		case '{', '[':
			depth++
			deepest = max(deepest, depth)
		case '}', ']':
			depth--
		}
	}
	return deepest
}
