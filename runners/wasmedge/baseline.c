//go:build cgo && linux && wasmedge

#include "baseline.h"

#include <string.h>

bool baseline_compile(const char *from, enum WasmEdge_CompilerOptimizationLevel level, const char *to)
{
	WasmEdge_ConfigureContext *config = WasmEdge_ConfigureCreate();
	WasmEdge_ConfigureCompilerSetOptimizationLevel(config, level);
	WasmEdge_CompilerContext *compiler = WasmEdge_CompilerCreate(config);
	bool ok = WasmEdge_ResultOK(WasmEdge_CompilerCompile(compiler, from, to));
	WasmEdge_CompilerDelete(compiler);
	WasmEdge_ConfigureDelete(config);
	return ok;
}

bool baseline_load(baseline_module *m, bool interpret, const char *path)
{
	m->config = WasmEdge_ConfigureCreate();
	WasmEdge_ConfigureSetForceInterpreter(m->config, interpret);
	WasmEdge_LoaderContext *loader = WasmEdge_LoaderCreate(m->config);
	m->ast = NULL;
	bool ok = WasmEdge_ResultOK(WasmEdge_LoaderParseFromFile(loader, &m->ast, path));
	WasmEdge_LoaderDelete(loader);
	WasmEdge_ValidatorContext *validator = WasmEdge_ValidatorCreate(m->config);
	ok = ok && WasmEdge_ResultOK(WasmEdge_ValidatorValidate(validator, m->ast));
	WasmEdge_ValidatorDelete(validator);
	m->executor = WasmEdge_ExecutorCreate(m->config, NULL);
	m->store = WasmEdge_StoreCreate();
	return ok;
}

void baseline_unload(baseline_module *m)
{
	WasmEdge_StoreDelete(m->store);
	WasmEdge_ExecutorDelete(m->executor);
	WasmEdge_ASTModuleDelete(m->ast);
	WasmEdge_ConfigureDelete(m->config);
}

bool baseline_new(const baseline_module *m, baseline_guest *g)
{
	g->instance = NULL;
	if (!WasmEdge_ResultOK(WasmEdge_ExecutorInstantiate(m->executor, &g->instance, m->store, m->ast)))
		return false;
	g->memory = WasmEdge_ModuleInstanceFindMemory(g->instance, WasmEdge_StringWrap("memory", 6));
	g->alloc = WasmEdge_ModuleInstanceFindFunction(g->instance, WasmEdge_StringWrap("alloc", 5));
	g->handle = WasmEdge_ModuleInstanceFindFunction(g->instance, WasmEdge_StringWrap("handle", 6));
	WasmEdge_FunctionInstanceContext *initialise = WasmEdge_ModuleInstanceFindFunction(g->instance, WasmEdge_StringWrap("_initialize", 11));
	return initialise == NULL || WasmEdge_ResultOK(WasmEdge_ExecutorInvoke(m->executor, initialise, NULL, 0, NULL, 0));
}

size_t baseline_call(const baseline_module *m, baseline_guest *g, const uint8_t *request, size_t n, uint8_t *response, size_t room)
{
	WasmEdge_Value args[2], result;
	args[0] = WasmEdge_ValueGenI32((int32_t)n);
	if (!WasmEdge_ResultOK(WasmEdge_ExecutorInvoke(m->executor, g->alloc, args, 1, &result, 1)))
		return room + 1;
	args[0] = result;
	args[1] = WasmEdge_ValueGenI32((int32_t)n);
	if (!WasmEdge_ResultOK(WasmEdge_MemoryInstanceSetData(g->memory, request, (uint32_t)WasmEdge_ValueGetI32(result), (uint32_t)n)))
		return room + 1;
	if (!WasmEdge_ResultOK(WasmEdge_ExecutorInvoke(m->executor, g->handle, args, 2, &result, 1)))
		return room + 1;
	uint64_t packed = (uint64_t)WasmEdge_ValueGetI64(result);
	size_t length = (uint32_t)packed;
	if (length > room || !WasmEdge_ResultOK(WasmEdge_MemoryInstanceGetData(g->memory, response, (uint32_t)(packed >> 32), (uint32_t)length)))
		return room + 1;
	return length;
}

void baseline_free(baseline_guest *g)
{
	WasmEdge_ModuleInstanceDelete(g->instance);
}
