/*
 * system.h: the host's functions that a module and an executable both have. Paths
 * begin with a slash. A module looks for them in the folders that it was given; one
 * that lies in none of them is tried as it is and through dots from each folder.
 * Each function returns 0 or an errno, but for those that say otherwise.
 */
#ifndef EDGEBENCH_SYSTEM_H
#define EDGEBENCH_SYSTEM_H

#include <stddef.h>
#include <stdint.h>

#include "isolation.h"

/* For what a file is opened. */
enum sys_mode {
	SYS_READ,
	SYS_WRITE,    /* an existing file, which is not changed by that */
	SYS_CREATE,   /* to write, made where it is not there */
	SYS_TRUNCATE, /* truncated, with no right to write where rights are told apart */
	SYS_FOLDER,
};

int sys_open(struct word path, enum sys_mode mode, int *file);
/* sys_open_in opens a file by its name in a folder that is open, to read. */
int sys_open_in(int folder, const char *name, int *file);
int sys_read(int file, void *to, size_t n, size_t *got);
int sys_write(int file, const void *from, size_t n);
int sys_sync(int file);
int sys_close(int file);
/* sys_list gives names of a folder, each with a line break. */
int sys_list(int folder, struct printed *seen);

int sys_make_folder(struct word path);
int sys_remove(struct word path);
int sys_symlink(struct word target, struct word path);
int sys_link(struct word from, struct word to);
int sys_rename(struct word from, struct word to);

/* sys_renumber puts the first path's folder in the place of the second's, among the
 * folders that the guest was given. */
int sys_renumber(struct word from, struct word to);

/* sys_now gives nanoseconds of the monotonic clock. */
int sys_now(uint64_t *nanoseconds);
/* sys_wait waits for so many nanoseconds, 0 for none. */
int sys_wait(uint64_t nanoseconds);
/* sys_complain writes to standard error. */
int sys_complain(const void *from, size_t n);
/* sys_environ gives all variables, each with a line break. */
int sys_environ(struct printed *seen);

/* sys_memory gives n new bytes that have never been written to, NULL where there is no
 * memory for them. */
uint8_t *sys_memory(size_t n);

#define SYS_PAGE ((size_t)64 << 10)

#endif
