;; A multiplication with addition that may be rounded once or twice. Both give 42 here.
(module
  (memory (export "memory") 1)
  (func (export "alloc") (param i32) (result i32) (i32.const 0))
  (func (export "handle") (param i32 i32) (result i64)
    (i64.store (i32.const 16) (call $answer))
    (i64.const 0x1000000008))
  (func $answer (result i64)
    (i64.trunc_f32_s (f32x4.extract_lane 0
      (f32x4.relaxed_madd (f32x4.splat (f32.const 4)) (f32x4.splat (f32.const 10)) (f32x4.splat (f32.const 2)))))))
