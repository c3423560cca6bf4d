/*
 * bridge.c: the native twin of a language that has no native compiler. Its
 * module, with the exports of package edgebench/runners/abi and no imports, is
 * translated to C by
 *
 *     wasm2c -n workload MODULE -o workload.c
 *
 * and this file is the guest_handle that calls it, so that the shell in
 * guest/c/native serves it as it serves a workload in C.
 */
#include <string.h>

#include "guest.h"
#include "shell.h"
#include "workload.h" /* made by wasm2c */

static Z_workload_instance_t instance;

/* The instance is there before main, as the data of a program in C is. */
__attribute__((constructor)) static void instantiate(void)
{
	wasm_rt_init();
	Z_workload_init_module();
	Z_workload_instantiate(&instance);
}

/* at is where n bytes lie that the module names by their address. */
static uint8_t *at(uint32_t address, size_t n)
{
	const wasm_rt_memory_t *memory = Z_workloadZ_memory(&instance);
	if (address + (uint64_t)n > memory->size)
		guest_die("the module's buffer lies outside its memory");
	return memory->data + address;
}

size_t guest_handle(const uint8_t *request, size_t n, const uint8_t **response)
{
	uint32_t address = Z_workloadZ_alloc(&instance, (uint32_t)n);
	memcpy(at(address, n), request, n);
	uint64_t packed = Z_workloadZ_handle(&instance, address, (uint32_t)n);
	size_t length = (uint32_t)packed;
	*response = at((uint32_t)(packed >> 32), length);
	return length;
}
