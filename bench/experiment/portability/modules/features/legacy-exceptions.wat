;; An exception is caught by the instructions that came before the standard.
(module
  (tag $number (param i64))
  (memory (export "memory") 1)
  (func (export "alloc") (param i32) (result i32) (i32.const 0))
  (func (export "handle") (param i32 i32) (result i64)
    (i64.store (i32.const 16) (call $answer))
    (i64.const 0x1000000008))
  (func $answer (result i64)
    (try (result i64)
      (do (throw $number (i64.const 42)))
      (catch $number))))
