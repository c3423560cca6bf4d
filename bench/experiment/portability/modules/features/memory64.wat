;; A memory whose addresses have 64 bits. It is not exported, since no host of
;; edgebench calls with such addresses: a wrong answer is a trap.
(module
  (memory i64 1)
  (func (export "_start")
    (i64.store (i64.const 16) (i64.const 42))
    (if (i64.ne (i64.load (i64.const 16)) (i64.const 42)) (then unreachable))))
