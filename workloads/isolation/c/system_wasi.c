/* system_wasi.c: the host's functions as a module has them. They are called as WASI
 * defines them: a libc would look at paths before the host does. */
#ifdef __wasm__

#include <errno.h>
#include <string.h>
#include <wasi/api.h>

#include "guest.h"
#include "system.h"

#define FIRST_FOLDER 3 /* after the three standard streams */
#define LAST_FOLDER 15
#define MAX_PATH ((size_t)1024)

/* A path as a host is asked for it: from a folder on. */
struct place {
	__wasi_fd_t folder;
	struct word path;
};

#define MAX_NAME ((size_t)64)
#define READABLE "/ro"

/* name_of gives the name of a folder that the guest was given and its length, 0 for what
 * is none. */
static size_t name_of(__wasi_fd_t folder, char *name)
{
	__wasi_prestat_t is;
	if (__wasi_fd_prestat_get(folder, &is) != 0)
		return 0;
	size_t n = is.u.dir.pr_name_len;
	if (n == 0 || n > MAX_NAME || __wasi_fd_prestat_dir_name(folder, (uint8_t *)name, n) != 0)
		return 0;
	return name[n - 1] == 0 ? n - 1 : n;
}

/* own finds the folder that a path lies in by its name, 0 for none. Some hosts leave the
 * slash at its beginning out. A host that gives one folder, as the root, gives the one
 * that may be read. */
static int own(struct word path, struct place *place)
{
	char name[MAX_NAME];
	size_t n, folders = 0;
	for (__wasi_fd_t f = FIRST_FOLDER; f <= LAST_FOLDER; f++) {
		if ((n = name_of(f, name)) == 0)
			continue;
		folders++;
		const size_t from = name[0] == '/' ? 0 : 1, to = from + n;
		if (to < path.n && memcmp(name, path.at + from, n) == 0 && path.at[to] == '/') {
			*place = (struct place){f, {path.at + to + 1, path.n - to - 1}};
			return 1;
		}
	}
	n = sizeof READABLE - 1;
	if (folders != 1 || name_of(FIRST_FOLDER, name) != 1 || path.n <= n || memcmp(path.at, READABLE "/", n + 1) != 0)
		return 0;
	*place = (struct place){FIRST_FOLDER, {path.at + n + 1, path.n - n - 1}};
	return 1;
}

typedef __wasi_errno_t (*call)(const struct place *, void *of);

/* outside tries a path that lies in no folder, from each folder on: as it is, then
 * behind many dots. */
static int outside(struct word path, call make, void *of)
{
	static const char dots[] = "../../../../../../../../../../../..";
	static char through[sizeof dots + MAX_PATH];
	__wasi_errno_t error = __WASI_ERRNO_BADF;
	if (path.n > MAX_PATH)
		return ENAMETOOLONG;
	memcpy(through, dots, sizeof dots - 1);
	memcpy(through + sizeof dots - 1, path.at, path.n);
	for (__wasi_fd_t f = FIRST_FOLDER; f <= LAST_FOLDER; f++) {
		__wasi_prestat_t is;
		if (__wasi_fd_prestat_get(f, &is) != 0)
			break;
		const struct place plain = {f, path}, dotted = {f, {through, sizeof dots - 1 + path.n}};
		if ((error = make(&plain, of)) == 0 || (error = make(&dotted, of)) == 0)
			return 0;
	}
	return error;
}

static int with(struct word path, call make, void *of)
{
	struct place place;
	return own(path, &place) ? make(&place, of) : outside(path, make, of);
}

/* path_open takes the length of the path. That of wasi/api.h measures it by its first
 * zero byte. */
__attribute__((import_module("wasi_snapshot_preview1"), import_name("path_open"))) int32_t path_open(__wasi_fd_t folder, uint32_t follow, const char *path,
    size_t n, uint32_t how, uint64_t rights, uint64_t inherited, uint32_t flags, __wasi_fd_t *file);

struct opening {
	enum sys_mode mode;
	__wasi_fd_t file;
};

static __wasi_errno_t open_at(const struct place *p, void *of)
{
	struct opening *o = of;
	__wasi_rights_t rights = __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_SEEK;
	__wasi_oflags_t how = 0;
	switch (o->mode) {
	case SYS_READ: break;
	case SYS_WRITE: rights = __WASI_RIGHTS_FD_WRITE; break;
	case SYS_CREATE: rights = __WASI_RIGHTS_FD_WRITE | __WASI_RIGHTS_FD_SYNC; how = __WASI_OFLAGS_CREAT; break;
	case SYS_TRUNCATE: how = __WASI_OFLAGS_TRUNC; break;
	case SYS_FOLDER: rights = __WASI_RIGHTS_FD_READDIR | __WASI_RIGHTS_PATH_OPEN; how = __WASI_OFLAGS_DIRECTORY; break;
	}
	return (__wasi_errno_t)path_open(p->folder, __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW, p->path.at, p->path.n, how, rights,
	    rights | __WASI_RIGHTS_FD_READ, 0, &o->file);
}

int sys_open(struct word path, enum sys_mode mode, int *file)
{
	struct opening o = {mode, 0};
	int error = with(path, open_at, &o);
	*file = (int)o.file;
	return error;
}

int sys_open_in(int folder, const char *name, int *file)
{
	struct opening o = {SYS_READ, 0};
	const struct place p = {(__wasi_fd_t)folder, {name, strlen(name)}};
	int error = open_at(&p, &o);
	*file = (int)o.file;
	return error;
}

int sys_read(int file, void *to, size_t n, size_t *got)
{
	__wasi_iovec_t part = {to, n};
	return __wasi_fd_read((__wasi_fd_t)file, &part, 1, got);
}

int sys_write(int file, const void *from, size_t n)
{
	__wasi_ciovec_t part = {from, n};
	__wasi_size_t put;
	return __wasi_fd_write((__wasi_fd_t)file, &part, 1, &put);
}

int sys_sync(int file) { return __wasi_fd_sync((__wasi_fd_t)file); }

int sys_close(int file) { return __wasi_fd_close((__wasi_fd_t)file); }

int sys_list(int folder, struct printed *seen)
{
	static uint8_t entries[2048];
	__wasi_size_t n;
	int error = __wasi_fd_readdir((__wasi_fd_t)folder, entries, sizeof entries, 0, &n);
	for (size_t at = 0; error == 0 && at + sizeof(__wasi_dirent_t) <= n;) {
		__wasi_dirent_t entry;
		memcpy(&entry, entries + at, sizeof entry);
		at += sizeof entry;
		if (entry.d_namlen > n - at)
			break;
		see(seen, entries + at, entry.d_namlen);
		see(seen, "\n", 1);
		at += entry.d_namlen;
	}
	return error;
}

static __wasi_errno_t make_folder_at(const struct place *p, void *of)
{
	(void)of;
	return __wasi_path_create_directory(p->folder, p->path.at);
}

int sys_make_folder(struct word path) { return with(path, make_folder_at, NULL); }

static __wasi_errno_t remove_at(const struct place *p, void *of)
{
	(void)of;
	return __wasi_path_unlink_file(p->folder, p->path.at);
}

int sys_remove(struct word path) { return with(path, remove_at, NULL); }

static __wasi_errno_t symlink_at(const struct place *p, void *of)
{
	return __wasi_path_symlink(of, p->folder, p->path.at);
}

int sys_symlink(struct word target, struct word path) { return with(path, symlink_at, (void *)(uintptr_t)target.at); }

static __wasi_errno_t link_at(const struct place *p, void *of)
{
	const struct place *from = of;
	return __wasi_path_link(from->folder, 0, from->path.at, p->folder, p->path.at);
}

int sys_link(struct word from, struct word to)
{
	struct place place;
	return own(from, &place) ? with(to, link_at, &place) : EBADF;
}

static __wasi_errno_t rename_at(const struct place *p, void *of)
{
	const struct place *from = of;
	return __wasi_path_rename(from->folder, from->path.at, p->folder, p->path.at);
}

int sys_rename(struct word from, struct word to)
{
	struct place place;
	return own(from, &place) ? with(to, rename_at, &place) : EBADF;
}

int sys_renumber(struct word from, struct word to)
{
	struct place a, b;
	return own(from, &a) && own(to, &b) ? __wasi_fd_renumber(a.folder, b.folder) : EBADF;
}

int sys_now(uint64_t *nanoseconds) { return __wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 1, nanoseconds); }

int sys_wait(uint64_t nanoseconds)
{
	__wasi_subscription_t what;
	__wasi_event_t event;
	__wasi_size_t n;
	memset(&what, 0, sizeof what);
	what.u.tag = __WASI_EVENTTYPE_CLOCK;
	what.u.u.clock.id = __WASI_CLOCKID_MONOTONIC;
	what.u.u.clock.timeout = nanoseconds;
	return __wasi_poll_oneoff(&what, &event, 1, &n);
}

int sys_complain(const void *from, size_t n) { return sys_write(2, from, n); }

int sys_environ(struct printed *seen)
{
	static uint8_t *variables[64];
	static uint8_t text[2048];
	__wasi_size_t n, size;
	int error = __wasi_environ_sizes_get(&n, &size);
	if (error != 0)
		return error;
	if (n > sizeof variables / sizeof *variables || size > sizeof text)
		return EOVERFLOW;
	if ((error = __wasi_environ_get(variables, text)) != 0)
		return error;
	for (__wasi_size_t i = 0; i < n; i++) {
		see(seen, variables[i], strlen((const char *)variables[i]));
		see(seen, "\n", 1);
	}
	return 0;
}

uint8_t *sys_memory(size_t n) { return guest_keep(n); }

#endif
