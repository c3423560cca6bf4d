;; The start function runs before any export is called.
(module
  (memory $m (export "memory") 1)
  (func (export "alloc") (param i32) (result i32) (i32.const 0))
  (func (export "handle") (param i32 i32) (result i64)
    (i64.store (i32.const 16) (global.get $g))
    (i64.const 0x1000000008))
  (global $g (mut i64) (i64.const 1))
  (func $begin (global.set $g (i64.const 7)))
  (start $begin))
