package runnertest

import (
	"os"
	"path/filepath"
	"testing"

	"edgebench/runners"
)

// startWrites is a command whose start function writes before _start does:
//
//	(module
//	  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
//	  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
//	  (memory (export "memory") 1)
//	  (data (i32.const 8) "\20\00\00\00\06\00\00\00")
//	  (data (i32.const 16) "\40\00\00\00\40\00\00\00")
//	  (data (i32.const 32) "first ")
//	  (func $first (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0))))
//	  (func (export "_start")
//	    (drop (call $read (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 24)))
//	    (i32.store (i32.const 20) (i32.load (i32.const 24)))
//	    (drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 0))))
//	  (start $first))
const startWrites = "\x00asm\x01\x00\x00\x00\x01\x0c\x02`\x04\x7f\x7f\x7f\x7f\x01\x7f`\x00\x00\x02D\x02\x16wasi_snaps" +
	"hot_preview1\x08fd_write\x00\x00\x16wasi_snapshot_preview1\x07fd_read\x00\x00\x03\x03\x02\x01\x01" +
	"\x05\x03\x01\x00\x01\x07\x13\x02\x06memory\x02\x00\x06_start\x00\x03\x08\x01\x02\x0a2\x02\x0d\x00" +
	"A\x01A\x08A\x01A\x00\x10\x00\x1a\x0b\"\x00A\x00A\x10A\x01A\x18\x10\x01\x1aA\x14A\x18(\x02\x006\x02" +
	"\x00A\x01A\x10A\x01A\x00\x10\x00\x1a\x0b\x0b&\x03\x00A\x08\x0b\x08 \x00\x00\x00\x06\x00\x00\x00\x00" +
	"A\x10\x0b\x08@\x00\x00\x00@\x00\x00\x00\x00A \x0b\x06first "

// startInitialises is a reactor of package abi that traps unless _start has run:
//
//	(module
//	  (memory (export "memory") 1)
//	  (global $ready (mut i32) (i32.const 0))
//	  (func (export "_start") (global.set $ready (i32.const 1)))
//	  (func $check (if (i32.eqz (global.get $ready)) (then unreachable)))
//	  (func (export "alloc") (param i32) (result i32) (call $check) (i32.const 1024))
//	  (func (export "handle") (param i32 i32) (result i64)
//	    (call $check)
//	    (i64.or (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 32)) (i64.extend_i32_u (local.get 1)))))
const startInitialises = "\x00asm\x01\x00\x00\x00\x01\x0f\x03`\x00\x00`\x01\x7f\x01\x7f`\x02\x7f\x7f\x01~\x03\x05\x04\x00\x00" +
	"\x01\x02\x05\x03\x01\x00\x01\x06\x06\x01\x7f\x01A\x00\x0b\x07$\x04\x06memory\x02\x00\x06_start\x00" +
	"\x00\x05alloc\x00\x02\x06handle\x00\x03\x0a)\x04\x06\x00A\x01$\x00\x0b\x09\x00#\x00E\x04@\x00\x0b" +
	"\x0b\x07\x00\x10\x01A\x80\x08\x0b\x0e\x00\x10\x01 \x00\xadB \x86 \x01\xad\x84\x0b"

// adaptedModules run only as package wasmfile reads them.
//
// A start function runs when a module is instantiated:
// https://github.com/WasmEdge/WasmEdge/issues/1718, and has no memory there in some hosts:
// https://github.com/WebAssembly/WASI/issues/19. Exports beside _start that need it to
// have run: https://github.com/tinygo-org/tinygo/issues/4583,
// https://github.com/tinygo-org/tinygo/issues/2769.
func adaptedModules(t *testing.T, s *suite) {
	if !s.entry.TakesWasm() {
		t.Skip("its artefacts are no modules")
	}
	for _, c := range []struct {
		name, module  string
		iface         runners.Interface
		request, want string
	}{
		{"start-writes", startWrites, runners.Stdio, "then", "first then"},
		{"start-initialises", startInitialises, runners.Frames, "echo", "echo"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := runners.Artefact{Kind: runners.Wasm, Path: filepath.Join(scratch(t), "module.wasm"), Size: uint64(len(c.module)), Interface: c.iface}
			if err := os.WriteFile(a.Path, []byte(c.module), 0o600); err != nil {
				t.Fatal(err)
			}
			want(t, instantiate(t, s.loadOrSkip(t, a)), c.request, c.want)
		})
	}
}
