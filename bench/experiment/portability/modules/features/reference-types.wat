;; A table of opaque references is grown, and a function is referred to.
(module
  (table $opaque 1 10 externref)
  (elem declare func $one)
  (memory (export "memory") 1)
  (func (export "alloc") (param i32) (result i32) (i32.const 0))
  (func (export "handle") (param i32 i32) (result i64)
    (i64.store (i32.const 16) (call $answer))
    (i64.const 0x1000000008))
  (func $one (result i64) (i64.const 1))
  (func $answer (result i64)
    (i64.add
      (i64.extend_i32_s (table.grow $opaque (ref.null extern) (i32.const 4)))
      (i64.extend_i32_s (i32.add
        (i32.mul (i32.const 41) (ref.is_null (table.get $opaque (i32.const 4))))
        (ref.is_null (ref.func $one)))))))
