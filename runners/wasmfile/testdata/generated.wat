;; What a generated module consists of: imports that note, a memory, globals, exports of
;; several types, and the two functions that are called beside each.
(module
  (import "fuzzing-support" "log-i32" (func $log (param i32)))
  (import "fuzzing-support" "log-f64" (func $logf (param f64)))
  (memory (export "memory") 1 1)
  (global $g (mut i64) (i64.const 5))
  (global $f (mut f32) (f32.const 1.5))
  (func (export "hashMemory") (result i32) (i32.load (i32.const 0)))
  (func (export "func") (param i32 f64) (result f64)
    (call $log (local.get 0))
    (call $logf (local.get 1))
    (global.set $g (i64.const 6))
    (local.get 1))
  (func (export "func_0") (param i64 f32) (global.set $f (local.get 1)))
  (func (export "hangLimitInitializer")))
