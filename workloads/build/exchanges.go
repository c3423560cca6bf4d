package build

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"edgebench/runners"
	"edgebench/runners/abi"
)

// Bounds of a workload's exchanges: their number, and the bytes of all
// requests and responses together.
const (
	maxExchanges     = 100
	maxExchangeBytes = abi.MaxMessage
)

var validExchange = regexp.MustCompile(`^[0-9]{2}-[a-z0-9-]{1,40}$`)

// readExchanges reads the pairs NN-name.req and NN-name.resp of a folder,
// sorted by name.
func readExchanges(dir string) ([]runners.Exchange, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read the requests: %w", err)
	}
	var list []runners.Exchange
	left := int64(maxExchangeBytes)
	for _, e := range entries {
		name, isRequest := strings.CutSuffix(e.Name(), ".req")
		if !isRequest {
			if err := checkResponse(dir, e.Name()); err != nil {
				return nil, err
			}
			continue
		}
		if !validExchange.MatchString(name) {
			return nil, fmt.Errorf("%s: a request is named by two digits, a dash and 1 to 40 small letters, digits and dashes", filepath.Join(dir, e.Name()))
		}
		x, err := readExchange(dir, name, &left)
		if err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	if len(list) == 0 || len(list) > maxExchanges {
		return nil, fmt.Errorf("%s has %d requests, where 1 to %d are expected", dir, len(list), maxExchanges)
	}
	return list, nil
}

// ReadExchanges reads requests and the responses that are right for them from
// pairs of files of the user's. A file may be a pipe, and "-" is stdin. An exchange is
// named by its request's file.
func ReadExchanges(requests, responses []string) ([]runners.Exchange, error) {
	left := int64(maxExchangeBytes)
	var list []runners.Exchange
	for i := range requests {
		x := runners.Exchange{Name: oneLine(filepath.Base(requests[i]))}
		var err error
		if x.Request, err = readGiven(requests[i], &left); err != nil {
			return nil, fmt.Errorf("read a request: %w", err)
		}
		if i < len(responses) {
			if x.Response, err = readGiven(responses[i], &left); err != nil {
				return nil, fmt.Errorf("read a response: %w", err)
			}
		}
		list = append(list, x)
	}
	return list, nil
}

// readGiven reads a regular file, a pipe, stdin or the empty device, and takes its
// length from what is left.
func readGiven(path string, left *int64) ([]byte, error) {
	f := os.Stdin
	if path != "-" {
		var err error
		if f, err = os.Open(path); err != nil {
			return nil, err
		}
		defer f.Close()
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if mode := info.Mode(); !mode.IsRegular() && mode&fs.ModeNamedPipe == 0 && path != os.DevNull {
		return nil, fmt.Errorf("%s is neither a file nor a pipe", path)
	}
	b, err := readUpTo(f, path, *left)
	*left -= int64(len(b))
	return b, err
}

// checkResponse wants a file that is no request to be the response to one.
func checkResponse(dir, file string) error {
	path := filepath.Join(dir, file)
	name, ok := strings.CutSuffix(path, ".resp")
	if !ok {
		return fmt.Errorf("%s is neither a request (.req) nor a response (.resp)", path)
	}
	if _, err := os.Stat(name + ".req"); err != nil {
		return fmt.Errorf("%s has no request beside it: %w", path, err)
	}
	return nil
}

func readExchange(dir, name string, left *int64) (runners.Exchange, error) {
	x := runners.Exchange{Name: name}
	path := filepath.Join(dir, name)
	var err error
	if x.Request, err = readBounded(path+".req", *left); err != nil {
		return x, err
	}
	*left -= int64(len(x.Request))
	if x.Response, err = readBounded(path+".resp", *left); errors.Is(err, os.ErrNotExist) {
		return x, fmt.Errorf("%s.req has no response beside it: %w", path, err)
	}
	*left -= int64(len(x.Response))
	return x, err
}
