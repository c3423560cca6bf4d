package main

import (
	"slices"
	"testing"

	"edgebench/runners"
)

func TestReadLibrary(t *testing.T) {
	o := libraryOptions{[]string{"next=wasmtime:/opt/next=1:2", "x=wasmer:lib"}}
	got, err := o.read()
	want := []runners.OwnLibrary{{Runner: "wasmtime", Name: "next", Path: "/opt/next=1:2"}, {Runner: "wasmer", Name: "x", Path: "lib"}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if line := o.command(); !slices.Equal(line, []string{"--library", "next=wasmtime:next=1:2", "--library", "x=wasmer:lib"}) {
		t.Errorf("%q holds more than names", line)
	}
}
