;; The outer component, whose first two lines stand for components that are put in
;; their places: the one of filter.c, and that of the workload rewrite in Rust.
(component
  (component $filter)
  (component $rewrite-rust)
  (instance $inner (instantiate $rewrite-rust))
  (alias export $inner "handle" (func $next))
  (instance $outer (instantiate $filter (with "next" (func $next))))
  (alias export $outer "handle" (func $handle))
  (export "handle" (func $handle))
)
