//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer

import (
	"strings"

	"edgebench/runners"
)

// end ends a text in a list of the shim's.
const end = "\x00"

// pairs gives a policy's folders and variables as the shim takes them. The library
// knows no folder that can be read only.
func pairs(policy *runners.Policy) (folders, variables string) {
	if policy == nil {
		return "", ""
	}
	var f, v strings.Builder
	for _, folder := range policy.Folders {
		f.WriteString(folder.Guest + end + folder.Host + end)
	}
	for _, variable := range policy.Environment {
		name, value, _ := strings.Cut(variable, "=")
		v.WriteString(name + end + value + end)
	}
	return f.String(), v.String()
}
