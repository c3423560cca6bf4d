;; A module with two memories.
(module
  (memory $first (export "memory") 1)
  (func (export "alloc") (param i32) (result i32) (i32.const 0))
  (func (export "handle") (param i32 i32) (result i64)
    (i64.store $first (i32.const 16) (call $answer))
    (i64.const 0x1000000008))
  (memory $second 1)
  (func $answer (result i64)
    (i64.store $second (i32.const 16) (i64.const 42))
    (i64.load $second (i32.const 16))))
