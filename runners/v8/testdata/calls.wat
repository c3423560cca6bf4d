;; calls.wat: a guest that makes one call of WASI for each request, for the test of
;; wasi.c. calls.wasm is made of it by wat2wasm.
;;
;; A request is the number of a function, in the order of the imports, then nine
;; arguments of 64 bits from byte 8 on, then whatever the call is to find in the
;; memory. It always lies at the address 4096. The response is the call's result, in
;; 4 bytes, and the 4096 bytes from that address on.
(module
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_res_get" (func $clock_res_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $environ_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $fd_fdstat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_set_flags" (func $fd_fdstat_set_flags (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_get" (func $fd_filestat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pread" (func $fd_pread (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_dir_name" (func $fd_prestat_dir_name (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $fd_prestat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_seek" (func $fd_seek (param i32 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_tell" (func $fd_tell (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_get" (func $path_filestat_get (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "sched_yield" (func $sched_yield (result i32)))
  (import "wasi_snapshot_preview1" "fd_readdir" (func $fd_readdir (param i32 i32 i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (func $a (param $i i32) (result i32) (i32.load (i32.add (i32.const 4104) (i32.shl (local.get $i) (i32.const 3)))))
  (func $l (param $i i32) (result i64) (i64.load (i32.add (i32.const 4104) (i32.shl (local.get $i) (i32.const 3)))))
  (func $call (result i32)
    (block $fd_readdir_
    (block $sched_yield_
    (block $random_get_
    (block $poll_oneoff_
    (block $path_open_
    (block $path_filestat_get_
    (block $fd_write_
    (block $fd_tell_
    (block $fd_seek_
    (block $fd_read_
    (block $fd_prestat_get_
    (block $fd_prestat_dir_name_
    (block $fd_pread_
    (block $fd_filestat_get_
    (block $fd_fdstat_set_flags_
    (block $fd_fdstat_get_
    (block $fd_close_
    (block $environ_sizes_get_
    (block $environ_get_
    (block $clock_time_get_
    (block $clock_res_get_
    (block $args_sizes_get_
    (block $args_get_
      (br_table $args_get_ $args_sizes_get_ $clock_res_get_ $clock_time_get_ $environ_get_ $environ_sizes_get_ $fd_close_ $fd_fdstat_get_ $fd_fdstat_set_flags_ $fd_filestat_get_ $fd_pread_ $fd_prestat_dir_name_ $fd_prestat_get_ $fd_read_ $fd_seek_ $fd_tell_ $fd_write_ $path_filestat_get_ $path_open_ $poll_oneoff_ $random_get_ $sched_yield_ $fd_readdir_ (i32.load8_u (i32.const 4096)))
    )
    (return (call $args_get (call $a (i32.const 0)) (call $a (i32.const 1))))
    )
    (return (call $args_sizes_get (call $a (i32.const 0)) (call $a (i32.const 1))))
    )
    (return (call $clock_res_get (call $a (i32.const 0)) (call $a (i32.const 1))))
    )
    (return (call $clock_time_get (call $a (i32.const 0)) (call $l (i32.const 1)) (call $a (i32.const 2))))
    )
    (return (call $environ_get (call $a (i32.const 0)) (call $a (i32.const 1))))
    )
    (return (call $environ_sizes_get (call $a (i32.const 0)) (call $a (i32.const 1))))
    )
    (return (call $fd_close (call $a (i32.const 0))))
    )
    (return (call $fd_fdstat_get (call $a (i32.const 0)) (call $a (i32.const 1))))
    )
    (return (call $fd_fdstat_set_flags (call $a (i32.const 0)) (call $a (i32.const 1))))
    )
    (return (call $fd_filestat_get (call $a (i32.const 0)) (call $a (i32.const 1))))
    )
    (return (call $fd_pread (call $a (i32.const 0)) (call $a (i32.const 1)) (call $a (i32.const 2)) (call $l (i32.const 3)) (call $a (i32.const 4))))
    )
    (return (call $fd_prestat_dir_name (call $a (i32.const 0)) (call $a (i32.const 1)) (call $a (i32.const 2))))
    )
    (return (call $fd_prestat_get (call $a (i32.const 0)) (call $a (i32.const 1))))
    )
    (return (call $fd_read (call $a (i32.const 0)) (call $a (i32.const 1)) (call $a (i32.const 2)) (call $a (i32.const 3))))
    )
    (return (call $fd_seek (call $a (i32.const 0)) (call $l (i32.const 1)) (call $a (i32.const 2)) (call $a (i32.const 3))))
    )
    (return (call $fd_tell (call $a (i32.const 0)) (call $a (i32.const 1))))
    )
    (return (call $fd_write (call $a (i32.const 0)) (call $a (i32.const 1)) (call $a (i32.const 2)) (call $a (i32.const 3))))
    )
    (return (call $path_filestat_get (call $a (i32.const 0)) (call $a (i32.const 1)) (call $a (i32.const 2)) (call $a (i32.const 3)) (call $a (i32.const 4))))
    )
    (return (call $path_open (call $a (i32.const 0)) (call $a (i32.const 1)) (call $a (i32.const 2)) (call $a (i32.const 3)) (call $a (i32.const 4)) (call $l (i32.const 5)) (call $l (i32.const 6)) (call $a (i32.const 7)) (call $a (i32.const 8))))
    )
    (return (call $poll_oneoff (call $a (i32.const 0)) (call $a (i32.const 1)) (call $a (i32.const 2)) (call $a (i32.const 3))))
    )
    (return (call $random_get (call $a (i32.const 0)) (call $a (i32.const 1))))
    )
    (return (call $sched_yield))
    )
    (return (call $fd_readdir (call $a (i32.const 0)) (call $a (i32.const 1)) (call $a (i32.const 2)) (call $l (i32.const 3)) (call $a (i32.const 4))))
  )
  (func (export "alloc") (param i32) (result i32) (i32.const 4096))
  (func (export "handle") (param i32 i32) (result i64)
    (i32.store (i32.const 4092) (call $call))
    (i64.const 0xffc00001004)))
