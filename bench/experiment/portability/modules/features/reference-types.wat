;; A table of opaque references is grown; a function is referred to.
(module
  (table $opaque 1 10 externref)
  (table $functions 1 funcref)
  (elem declare func $two)
  (memory (export "memory") 1)
  (func (export "alloc") (param i32) (result i32) (i32.const 0))
  (func (export "handle") (param i32 i32) (result i64)
    (i64.store (i32.const 16) (call $answer))
    (i64.const 0x1000000008))
  (type $number (func (result i64)))
  (func $two (type $number) (i64.const 2))
  (func $answer (result i64)
    (table.set $functions (i32.const 0) (ref.func $two))
    (i64.add
      (i64.add
        (i64.extend_i32_s (table.grow $opaque (ref.null extern) (i32.const 4)))
        (i64.extend_i32_s (i32.mul (i32.const 39) (ref.is_null (table.get $opaque (i32.const 4))))))
      (call_indirect $functions (type $number) (i32.const 0)))))
