/*
 * runtime.c: wasm2c's own runtime, as Debian's package wabt has it, with two of
 * its settings: nobody recovers from a trap here. One that the translated code
 * raises says why and ends the process. An access outside the memory is in the
 * 8 GiB of addresses that the runtime reserves around it; it ends the process by
 * SIGSEGV, without a handler that each start would have to install.
 */
#define WASM_RT_SKIP_SIGNAL_RECOVERY 1

#include "shell.h"
#include "wasm-rt.h"

static _Noreturn void trap(wasm_rt_trap_t reason)
{
	guest_die(wasm_rt_strerror(reason));
}

#define WASM_RT_TRAP_HANDLER trap
#include "wasm-rt-impl.c"
