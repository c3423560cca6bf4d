;; A million calls in tail position, which would exhaust the stack otherwise.
(module
  (memory (export "memory") 1)
  (func (export "alloc") (param i32) (result i32) (i32.const 0))
  (func (export "handle") (param i32 i32) (result i64)
    (i64.store (i32.const 16) (call $answer))
    (i64.const 0x1000000008))
  (func $count (param i64 i64) (result i64)
    (if (i64.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call $count (i64.sub (local.get 0) (i64.const 1)) (i64.const 42)))
  (func $answer (result i64) (return_call $count (i64.const 1000000) (i64.const 0))))
