;; Blocks with parameters.
;; A request is the number of a test. The response is its result, 8 bytes.
(module
  (type $test (func (result i64)))
  (table $tests 1 funcref)
  (elem (table $tests) (i32.const 0) func $loop-with-parameters)
  (memory (export "memory") 1)
  (func (export "alloc") (param i32) (result i32) (i32.const 0))
  (func (export "handle") (param i32 i32) (result i64)
    (i64.store (i32.const 16) (call_indirect $tests (type $test) (i32.load8_u (local.get 0))))
    (i64.const 0x1000000008))
  (func $loop-with-parameters (type $test) (local i64) (i64.const 0) (i64.const 5) (loop $l (param i64 i64) (result i64) (local.set 0) (local.get 0) (i64.add) (local.get 0) (i64.const 1) (i64.sub) (local.tee 0) (local.get 0) (i64.eqz) (i32.eqz) (br_if $l) (drop))))
