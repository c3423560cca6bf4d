;; A function with two results.
(module
  (memory (export "memory") 1)
  (func (export "alloc") (param i32) (result i32) (i32.const 0))
  (func (export "handle") (param i32 i32) (result i64)
    (i64.store (i32.const 16) (call $answer))
    (i64.const 0x1000000008))
  (func $pair (result i64 i64) (i64.const 40) (i64.const 2))
  (func $answer (result i64) (i64.add (call $pair))))
