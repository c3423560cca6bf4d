//go:build !unix && !wasip1

package guest

import (
	"io"
	"net"
)

func dial(path string) (io.ReadWriter, error) { return net.Dial("unix", path) }
