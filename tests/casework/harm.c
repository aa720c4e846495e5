/* Preloaded into a process of the tests: counts what it does to files below a folder, and at the
   n-th of these ends it in the middle (as SIGKILL or a pulled plug do), or has no room from then on. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char below[PATH_MAX];
static size_t length;
static long at, done;
static int armed, filling;

void harm_arm(const char *folder, long n, int full) {
    length = (size_t)snprintf(below, sizeof below, "%s", folder);
    at = n, done = 0, filling = full;
    armed = 1;
}

long harm_disarm(void) {
    armed = 0;
    return done;
}

static int inside(const char *path) { return armed && path && !strncmp(path, below, length); }

static int is_ours(int fd) {
    char name[64], path[PATH_MAX];
    if (!armed)
        return 0;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(name, path, sizeof path - 1);
    path[size < 0 ? 0 : size] = 0;
    return inside(path);
}

/* 1: end here. 2: no room. 0: nothing happens yet. */
static int harm(int grows) {
    long n = __atomic_add_fetch(&done, 1, __ATOMIC_SEQ_CST);
    if (filling)
        return at && grows && n >= at ? 2 : 0;
    return n == at;
}

static int die(void) {
    kill(getpid(), SIGKILL);
    pause();
    return -1;
}

static int full(void) {
    errno = ENOSPC;
    return -1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define WRITE(name, ...)                                                                          \
    int what = is_ours(fd) ? harm(1) : 0;                                                         \
    if (what == 2)                                                                                \
        return full();                                                                            \
    if (what == 1) {                                                                              \
        size /= 2;                                                                                \
        (void)!REAL(name)(fd, data, size, ##__VA_ARGS__);                                         \
        return die();                                                                             \
    }                                                                                             \
    return REAL(name)(fd, data, size, ##__VA_ARGS__)

ssize_t write(int fd, const void *data, size_t size) { WRITE(write); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t to) { WRITE(pwrite, to); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t to) { WRITE(pwrite64, to); }

#define PLAIN(ours, grows, call)                                                                  \
    int what = (ours) ? harm(grows) : 0;                                                          \
    if (what)                                                                                     \
        return what == 2 ? full() : die();                                                        \
    return call

int fsync(int fd) { PLAIN(is_ours(fd), 0, REAL(fsync)(fd)); }
int fdatasync(int fd) { PLAIN(is_ours(fd), 0, REAL(fdatasync)(fd)); }
int ftruncate(int fd, off_t to) { PLAIN(is_ours(fd), to > 0, REAL(ftruncate)(fd, to)); }
int ftruncate64(int fd, off64_t to) { PLAIN(is_ours(fd), to > 0, REAL(ftruncate64)(fd, to)); }
int rename(const char *old, const char *new) { PLAIN(inside(new), 0, REAL(rename)(old, new)); }
int unlink(const char *path) { PLAIN(inside(path), 0, REAL(unlink)(path)); }
int unlinkat(int fd, const char *path, int flags) {
    PLAIN(is_ours(fd) || inside(path), 0, REAL(unlinkat)(fd, path, flags));
}
int rmdir(const char *path) { PLAIN(inside(path), 0, REAL(rmdir)(path)); }
int mkdir(const char *path, mode_t mode) { PLAIN(inside(path), 1, REAL(mkdir)(path, mode)); }
int symlink(const char *to, const char *path) { PLAIN(inside(path), 1, REAL(symlink)(to, path)); }

#define OPEN(name)                                                                                \
    va_list rest;                                                                                 \
    va_start(rest, flags);                                                                        \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;                       \
    va_end(rest);                                                                                 \
    int new = flags & O_CREAT && inside(path) && access(path, F_OK);                              \
    PLAIN(new, 1, REAL(name)(path, flags, mode))

int open(const char *path, int flags, ...) { OPEN(open); }
int open64(const char *path, int flags, ...) { OPEN(open64); }
