/*
 * vec.h: vectors of 16 bytes, for numeric workloads that are built twice from
 * one source. With VEC_SIMD they are the compiler's own: v128 in WebAssembly,
 * SSE2 or NEON in native code. Without it the same lanes are computed one after
 * another. Every operation rounds each lane by itself, so both builds give the
 * same bits as long as a workload says which lane holds what.
 *
 * The scalar build is compiled with -fno-tree-vectorize and
 * -fno-tree-slp-vectorize, or the compiler would make it the other one.
 */
#ifndef EDGEBENCH_VEC_H
#define EDGEBENCH_VEC_H

#include <stdint.h>

/*
 * VEC_TYPE defines a type, type_load and type_store, which take any element's
 * address, and type_splat, which has one value in all lanes. VEC_OPERATOR
 * defines type_name(a, b), which is a op b in each lane; VEC_CHOICE defines
 * type_name(a, b), which has a where a op b is true and b elsewhere.
 */
#ifdef VEC_SIMD

#define VEC_TYPE(type, element, lanes)                                \
	typedef element type __attribute__((vector_size(16)));        \
	VEC_MEMORY(type, element)                                     \
	static inline type type##_splat(element value)                \
	{                                                             \
		return value - (type){0}; /* -0 stays what it is */   \
	}
#define VEC_LANE(v, i) ((v)[i])
#define VEC_OPERATOR(type, lanes, name, op)                           \
	static inline type type##_##name(type a, type b)              \
	{                                                             \
		return a op b;                                        \
	}
#define VEC_CHOICE(type, lanes, name, op)                             \
	static inline type type##_##name(type a, type b)              \
	{                                                             \
		type mask = a op b;                                   \
		return (a & mask) | (b & ~mask);                      \
	}

#else

#define VEC_TYPE(type, element, lanes)                                \
	typedef struct {                                              \
		element lane[lanes];                                  \
	} type;                                                       \
	VEC_MEMORY(type, element)                                     \
	static inline type type##_splat(element value)                \
	{                                                             \
		type v;                                               \
		for (int i = 0; i < lanes; i++)                       \
			v.lane[i] = value;                            \
		return v;                                             \
	}
#define VEC_LANE(v, i) ((v).lane[i])
#define VEC_OPERATOR(type, lanes, name, op)                           \
	static inline type type##_##name(type a, type b)              \
	{                                                             \
		for (int i = 0; i < lanes; i++)                       \
			a.lane[i] = a.lane[i] op b.lane[i];           \
		return a;                                             \
	}
#define VEC_CHOICE(type, lanes, name, op)                             \
	static inline type type##_##name(type a, type b)              \
	{                                                             \
		for (int i = 0; i < lanes; i++)                       \
			if (!(a.lane[i] op b.lane[i]))                \
				a.lane[i] = b.lane[i];                \
		return a;                                             \
	}

#endif

#define VEC_MEMORY(type, element)                                     \
	static inline type type##_load(const element *from)           \
	{                                                             \
		type v;                                               \
		__builtin_memcpy(&v, from, sizeof v);                 \
		return v;                                             \
	}                                                             \
	static inline void type##_store(element *to, type v)          \
	{                                                             \
		__builtin_memcpy(to, &v, sizeof v);                   \
	}

VEC_TYPE(vec2d, double, 2)
VEC_OPERATOR(vec2d, 2, add, +)
VEC_OPERATOR(vec2d, 2, sub, -)
VEC_OPERATOR(vec2d, 2, mul, *)
VEC_OPERATOR(vec2d, 2, div, /)

VEC_TYPE(vec4f, float, 4)
VEC_OPERATOR(vec4f, 4, add, +)
VEC_OPERATOR(vec4f, 4, mul, *)

VEC_TYPE(vec4i, int32_t, 4)
VEC_OPERATOR(vec4i, 4, add, +)
VEC_CHOICE(vec4i, 4, min, <)
VEC_CHOICE(vec4i, 4, max, >)

#endif
