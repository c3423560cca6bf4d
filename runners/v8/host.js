// host.js: what a guest imports. Each function of WASI preview 1 writes its
// arguments into a buffer that wasi.c reads, and calls the host. The numbers are positions in
// the table of wasi.c.
//
// The value of this script is a function. It takes the host's function, the
// buffer and the module, and gives the imports of one instance: of the functions
// that the module wants, those that wasi.c has, and for others one that gives
// ENOSYS (52).
//
// The buffer holds eleven words of 64 bits: nine arguments, the function's
// number, and the result beside a flag which says that the guest has exited.
(host, buffer, module) => {
  const w = new Int32Array(buffer);
  const q = new BigInt64Array(buffer);
  const call = (number) => {
    w[18] = number;
    host();
    if (w[21]) throw "exit";
    return w[20];
  };
  const f1 = (n) => (a) => { w[0] = a; return call(n); };
  const f2 = (n) => (a, b) => { w[0] = a; w[2] = b; return call(n); };
  const f3 = (n) => (a, b, c) => { w[0] = a; w[2] = b; w[4] = c; return call(n); };
  const f4 = (n) => (a, b, c, d) => { w[0] = a; w[2] = b; w[4] = c; w[6] = d; return call(n); };
  const wasi = {
    args_get: f2(0),
    args_sizes_get: f2(1),
    clock_res_get: f2(2),
    clock_time_get: (id, precision, at) => { w[0] = id; w[4] = at; return call(3); },
    environ_get: f2(4),
    environ_sizes_get: f2(5),
    fd_close: f1(6),
    fd_fdstat_get: f2(7),
    fd_fdstat_set_flags: f2(8),
    fd_filestat_get: f2(9),
    fd_pread: (fd, vectors, count, offset, at) => {
      w[0] = fd; w[2] = vectors; w[4] = count; q[3] = offset; w[8] = at;
      return call(10);
    },
    fd_prestat_dir_name: f3(11),
    fd_prestat_get: f2(12),
    fd_read: f4(13),
    fd_seek: (fd, offset, whence, at) => { w[0] = fd; q[1] = offset; w[4] = whence; w[6] = at; return call(14); },
    fd_tell: f2(15),
    fd_write: f4(16),
    path_filestat_get: (fd, flags, path, length, at) => {
      w[0] = fd; w[4] = path; w[6] = length; w[8] = at;
      return call(17);
    },
    path_open: (fd, follow, path, length, how, rights, inherited, flags, at) => {
      w[0] = fd; w[4] = path; w[6] = length; w[8] = how; w[16] = at;
      return call(18);
    },
    poll_oneoff: f4(19),
    proc_exit: f1(20),
    random_get: f2(21),
    sched_yield: () => call(22),
  };
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = wasi[name] ?? (() => 52);
  }
  return imports;
}
