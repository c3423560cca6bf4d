;; A conversion that would trap gives the nearest integer.
(module
  (memory (export "memory") 1)
  (func (export "alloc") (param i32) (result i32) (i32.const 0))
  (func (export "handle") (param i32 i32) (result i64)
    (i64.store (i32.const 16) (call $answer))
    (i64.const 0x1000000008))
  (func $answer (result i64)
    (i64.add (i64.const 43) (i64.extend_i32_s (i32.add (i32.const -2147483648)
      (i32.trunc_sat_f64_s (f64.const 1e300)))))))
