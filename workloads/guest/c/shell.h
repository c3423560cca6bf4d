/* shell.h: what guest.c wants of the shell around a workload. Workloads
 * themselves include guest.h alone. */
#ifndef EDGEBENCH_SHELL_H
#define EDGEBENCH_SHELL_H

#include "guest.h"

/* guest_resize gives the buffer room for size bytes, whose content is not
 * defined, and returns 0 if there is no memory for them. */
int guest_resize(struct guest_buffer *buffer, size_t size);

/* guest_die ends the guest; why is said where there is someone to hear it. */
_Noreturn void guest_die(const char *why);

#endif
