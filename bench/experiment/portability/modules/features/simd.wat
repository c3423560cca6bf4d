;; Two vectors of four lanes are added.
(module
  (memory (export "memory") 1)
  (func (export "alloc") (param i32) (result i32) (i32.const 0))
  (func (export "handle") (param i32 i32) (result i64)
    (i64.store (i32.const 16) (call $answer))
    (i64.const 0x1000000008))
  (func $answer (result i64)
    (i64.extend_i32_s (i32x4.extract_lane 3
      (i32x4.add (i32x4.splat (i32.const 40)) (v128.const i32x4 0 0 0 2))))))
