// Command markdown makes HTML of a document in CommonMark, with the library
// goldmark. The manifest states which documents are refused; c/markdown.c and
// rust/ do the same with libraries of their own.
package main

import (
	"bytes"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/renderer/html"

	"edgebench/workloads/guest"
)

const (
	maxDocument = 32 << 10
	maxBrackets = 8 << 20 // bytes times opening brackets
)

// markdown writes as cmark does: HTML is passed through, and elements without
// content end with " />".
var markdown = goldmark.New(goldmark.WithRendererOptions(html.WithUnsafe(), html.WithXHTML()))

func init() { guest.Handle(handle) }

func main() { guest.Main() }

func handle(request, response []byte) []byte {
	switch {
	case len(request) > maxDocument:
		return append(response, "refused: too long\n"...)
	case !utf8.Valid(request) || bytes.IndexByte(request, 0) >= 0:
		return append(response, "refused: not text\n"...)
	case len(request)*bytes.Count(request, []byte("[")) > maxBrackets:
		return append(response, "refused: too many brackets\n"...)
	}
	out := bytes.NewBuffer(response)
	if err := markdown.Convert(request, out); err != nil {
		return append(response, "refused: "+err.Error()+"\n"...)
	}
	return out.Bytes()
}
