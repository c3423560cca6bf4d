/* system.h: what SQLite finds instead of an operating system. */
#ifndef EDGEBENCH_SYSTEM_H
#define EDGEBENCH_SYSTEM_H

#include "pool.h"

/* system_pool is where all memory comes from, SQLite's and ours. */
extern struct pool system_pool;

/* system_prepare is called once, before all else of SQLite. */
void system_prepare(void);

#endif
