// worker.js: the end of the module that the build makes of a workload, which exports what
// workers export.
export default { fetch: require("guest").serve };
