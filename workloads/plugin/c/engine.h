/* engine.h: mujs, with its work counted. */
#ifndef EDGEBENCH_ENGINE_H
#define EDGEBENCH_ENGINE_H

#include <mujs.h>

/* engine_new makes a state without work done. */
js_State *engine_new(void);

/* engine_stopped: the script has done more work than it may. Whatever it did from
 * then on has failed. */
int engine_stopped(void);

#endif
