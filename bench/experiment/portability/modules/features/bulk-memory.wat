;; A passive segment is copied into memory, then memory is copied and filled.
(module
  (data $bytes "\28\00")
  (memory (export "memory") 1)
  (func (export "alloc") (param i32) (result i32) (i32.const 0))
  (func (export "handle") (param i32 i32) (result i64)
    (i64.store (i32.const 16) (call $answer))
    (i64.const 0x1000000008))
  (func $answer (result i64)
    (memory.init $bytes (i32.const 64) (i32.const 0) (i32.const 1))
    (data.drop $bytes)
    (memory.copy (i32.const 72) (i32.const 64) (i32.const 1))
    (memory.fill (i32.const 80) (i32.const 2) (i32.const 1))
    (i64.add (i64.load8_u (i32.const 72)) (i64.load8_u (i32.const 80)))))
