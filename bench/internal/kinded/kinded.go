// Package kinded makes errors that are told apart by errors.Is and say nothing of it
// in their text, which is one for users.
package kinded

// New gives err the kind of another error.
func New(kind, err error) error {
	if err == nil {
		return nil
	}
	return kinded{err, kind}
}

type kinded struct{ err, kind error }

// Error is the text of the error alone.
func (k kinded) Error() string { return k.err.Error() }

// Unwrap gives both.
func (k kinded) Unwrap() []error { return []error{k.err, k.kind} }
