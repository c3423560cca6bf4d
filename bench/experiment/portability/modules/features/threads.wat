;; A shared memory and an atomic addition. It is not exported, since no host of
;; edgebench shares memory: a wrong answer is a trap.
(module
  (memory 1 1 shared)
  (func (export "_start")
    (drop (i64.atomic.rmw.add (i32.const 16) (i64.const 40)))
    (if (i64.ne (i64.atomic.rmw.add (i32.const 16) (i64.const 2)) (i64.const 40)) (then unreachable))
    (if (i64.ne (i64.atomic.load (i32.const 16)) (i64.const 42)) (then unreachable))))
