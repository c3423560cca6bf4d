package workerd

import (
	"errors"
	"strings"
	"testing"

	"edgebench/runners"
)

// TestRefused reads the ends of guests, and what is none.
func TestRefused(t *testing.T) {
	for body, want := range map[string]struct {
		kind error
		says string
	}{
		`{"end":"trap","code":0,"text":"RuntimeError: unreachable"}`: {runners.ErrTrap, "unreachable"},
		`{"end":"exit","code":3,"text":"leaving\nsoon"}`:             {runners.ErrTrap, "code 3: leaving"},
		`{"end":"too large"}`:                    {runners.ErrTooLarge, "too large"},
		`{"end":"malformed","text":"no module"}`: {runners.ErrMalformed, "no module"},
		`{"end":"closed"}`:                       {runners.ErrClosed, "closed"},
		`{"end":"other"}`:                        {runners.ErrTrap, "other"},
		`{"code":-1}`:                            {runners.ErrTrap, "status 500"},
		"Internal Server Error":                  {runners.ErrTrap, "Internal"},
		"":                                       {runners.ErrTrap, "status 500"},
	} {
		err := refused(500, []byte(body))
		if !errors.Is(err, want.kind) || !strings.Contains(err.Error(), want.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v; want %v with %q", body, err, want.kind, want.says)
		}
	}
}
