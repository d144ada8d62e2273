/*
 * Records what a program asks of the disk, so that a power cut can be played afterwards.
 *
 * Preloaded into a program (LD_PRELOAD), it writes every change of a file below MUSTER_SHIM_DIR, and every fsync, to
 * MUSTER_SHIM_LOG, in the order in which they happened. `powerloss.rs` rebuilds from it the directory as a disk would
 * hold it that kept only what was synced. The program itself notices nothing.
 *
 * A record: kind (1 byte), file (8: its inode), a (8), length (4), then so many bytes. Numbers little end first.
 *   O open or create (text: path)     W write (a: offset; bytes)      T truncate (a: length)
 *   R rename (text: from NUL to)      U unlink (text: path)           B fsync begins (a: its number)
 *   E fsync ended well (a: its number)                                M mapped shared and writable (text: path)
 * Calls whose effect could not be recorded (link, copy_file_range, …) are refused, so that nothing is missed.
 * Memory maps cannot be seen: SQLite's -shm is one, and is thrown away by a power cut anyway.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define FDS 65536

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t inode_of[FDS]; /* 0: not below the directory */
static char dir[PATH_MAX];
static size_t dir_length;
static int log_fd = -1;
static uint64_t syncs;


__attribute__((constructor)) static void begin(void) {
    const char *wanted = getenv("MUSTER_SHIM_DIR");
    const char *log = getenv("MUSTER_SHIM_LOG");
    if (!wanted || !log || !realpath(wanted, dir)) return;
    dir_length = strlen(dir);
    log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log_fd < 0) {
        fprintf(stderr, "powerloss: cannot open the log %s\n", log);
        _exit(120);
    }
}

static int is_below(const char *path) {
    return log_fd >= 0 && strncmp(path, dir, dir_length) == 0 && (path[dir_length] == '/' || path[dir_length] == 0);
}

/* Called with the lock held. */
static void put(char kind, uint64_t file, uint64_t a, const void *bytes, size_t length) {
    unsigned char front[21];
    uint32_t short_length = (uint32_t)length;
    front[0] = (unsigned char)kind;
    memcpy(front + 1, &file, 8);
    memcpy(front + 9, &a, 8);
    memcpy(front + 17, &short_length, 4);
    struct iovec parts[2] = {{front, sizeof front}, {(void *)bytes, length}};
    ssize_t put = syscall(SYS_writev, log_fd, parts, length ? 2 : 1);
    if (put != (ssize_t)(sizeof front + length)) {
        static const char text[] = "powerloss: the log cannot be written\n";
        syscall(SYS_write, 2, text, sizeof text - 1);
        _exit(121);
    }
}

static uint64_t tracked(int fd) { return fd >= 0 && fd < FDS ? inode_of[fd] : 0; }

/* After an open: is it one of ours? Called with the lock held. */
static void opened(int fd, int flags, int had_content) {
    char link[64], path[PATH_MAX];
    struct stat status;
    if (fd < 0 || log_fd < 0) return;
    if (fd >= FDS) _exit(122);
    inode_of[fd] = 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return;
    path[length] = 0;
    if (!is_below(path) || fstat(fd, &status) != 0) return;
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return;
    inode_of[fd] = status.st_ino;
    put('O', status.st_ino, S_ISDIR(status.st_mode), path, (size_t)length);
    if ((flags & O_TRUNC) && had_content) put('T', status.st_ino, 0, NULL, 0);
}

static int open_at(int at, const char *path, int flags, mode_t mode) {
    pthread_mutex_lock(&lock);
    struct stat status;
    int had_content = (flags & O_TRUNC) && fstatat(at, path, &status, 0) == 0 && status.st_size > 0;
    int fd = (int)syscall(SYS_openat, at, path, flags, mode);
    int fault = errno;
    opened(fd, flags, had_content);
    pthread_mutex_unlock(&lock);
    errno = fault;
    return fd;
}

#define TAKE_MODE(flags)                                   \
    mode_t mode = 0;                                       \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {               \
        va_list rest;                                      \
        va_start(rest, flags);                             \
        mode = va_arg(rest, mode_t);                       \
        va_end(rest);                                      \
    }

int open(const char *path, int flags, ...) { TAKE_MODE(flags) return open_at(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) {
    TAKE_MODE(flags) return open_at(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}
int openat(int at, const char *path, int flags, ...) { TAKE_MODE(flags) return open_at(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) {
    TAKE_MODE(flags) return open_at(at, path, flags | O_LARGEFILE, mode);
}
int creat(const char *path, mode_t mode) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

int close(int fd) {
    pthread_mutex_lock(&lock);
    if (fd >= 0 && fd < FDS) inode_of[fd] = 0;
    int result = (int)syscall(SYS_close, fd);
    pthread_mutex_unlock(&lock);
    return result;
}

static int copied(int from, int to) {
    if (to >= 0 && to < FDS) inode_of[to] = tracked(from);
    return to;
}

int dup(int fd) { return copied(fd, (int)syscall(SYS_dup, fd)); }
int dup2(int fd, int to) { return copied(fd, fd == to ? to : (int)syscall(SYS_dup3, fd, to, 0)); }
int dup3(int fd, int to, int flags) { return copied(fd, (int)syscall(SYS_dup3, fd, to, flags)); }

#define CONTROL(fd, command)                                                            \
    va_list rest;                                                                       \
    va_start(rest, command);                                                            \
    void *argument = va_arg(rest, void *);                                              \
    va_end(rest);                                                                       \
    int result = (int)syscall(SYS_fcntl, fd, command, argument);                        \
    return (command) == F_DUPFD || (command) == F_DUPFD_CLOEXEC ? copied(fd, result) : result;

int fcntl(int fd, int command, ...) { CONTROL(fd, command) }
int fcntl64(int fd, int command, ...) { CONTROL(fd, command) }

ssize_t write(int fd, const void *bytes, size_t length) {
    if (!tracked(fd)) return syscall(SYS_write, fd, bytes, length);
    pthread_mutex_lock(&lock);
    ssize_t written = syscall(SYS_write, fd, bytes, length);
    int fault = errno;
    if (written > 0) {
        uint64_t end = (uint64_t)syscall(SYS_lseek, fd, 0, SEEK_CUR);
        put('W', tracked(fd), end - (uint64_t)written, bytes, (size_t)written);
    }
    pthread_mutex_unlock(&lock);
    errno = fault;
    return written;
}

static ssize_t write_at(int fd, const void *bytes, size_t length, off_t offset) {
    if (!tracked(fd)) return syscall(SYS_pwrite64, fd, bytes, length, offset);
    pthread_mutex_lock(&lock);
    ssize_t written = syscall(SYS_pwrite64, fd, bytes, length, offset);
    int fault = errno;
    if (written > 0) put('W', tracked(fd), (uint64_t)offset, bytes, (size_t)written);
    pthread_mutex_unlock(&lock);
    errno = fault;
    return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return write_at(fd, bytes, length, offset); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    return write_at(fd, bytes, length, offset);
}

/* A short write is a lawful answer: the first part alone is written. */
ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (!tracked(fd)) return syscall(SYS_writev, fd, parts, count);
    for (int part = 0; part < count; part++)
        if (parts[part].iov_len) return write(fd, parts[part].iov_base, parts[part].iov_len);
    return 0;
}

static ssize_t write_parts_at(int fd, const struct iovec *parts, int count, off_t offset) {
    for (int part = 0; part < count; part++)
        if (parts[part].iov_len) return write_at(fd, parts[part].iov_base, parts[part].iov_len, offset);
    return 0;
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
    return write_parts_at(fd, parts, count, offset);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
    return write_parts_at(fd, parts, count, offset);
}

static int truncate_to(int fd, off_t length) {
    if (!tracked(fd)) return (int)syscall(SYS_ftruncate, fd, length);
    pthread_mutex_lock(&lock);
    int result = (int)syscall(SYS_ftruncate, fd, length);
    int fault = errno;
    if (result == 0) put('T', tracked(fd), (uint64_t)length, NULL, 0);
    pthread_mutex_unlock(&lock);
    errno = fault;
    return result;
}

int ftruncate(int fd, off_t length) { return truncate_to(fd, length); }
int ftruncate64(int fd, off64_t length) { return truncate_to(fd, length); }

static int sync_with(long call, int fd) {
    uint64_t file = tracked(fd), number = 0;
    if (file) {
        pthread_mutex_lock(&lock);
        number = ++syncs;
        put('B', file, number, NULL, 0);
        pthread_mutex_unlock(&lock);
    }
    int result = (int)syscall(call, fd);
    int fault = errno;
    if (file && result == 0) {
        pthread_mutex_lock(&lock);
        put('E', file, number, NULL, 0);
        pthread_mutex_unlock(&lock);
    }
    errno = fault;
    return result;
}

int fsync(int fd) { return sync_with(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_with(SYS_fdatasync, fd); }

/* The absolute form of a path whose last part need not exist. */
static int absolute(int at, const char *path, char *whole) {
    char parent[PATH_MAX], based[PATH_MAX];
    if (path[0] != '/' && at != AT_FDCWD) {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", at);
        ssize_t length = readlink(link, based, sizeof based - 1);
        if (length < 0) return 0;
        based[length] = 0;
        if (snprintf(parent, sizeof parent, "%s/%s", based, path) >= (int)sizeof parent) return 0;
    } else if (snprintf(parent, sizeof parent, "%s", path) >= (int)sizeof parent) {
        return 0;
    }
    char *slash = strrchr(parent, '/'), resolved[PATH_MAX];
    const char *last = slash ? slash + 1 : parent;
    if (slash) *slash = 0;
    if (!realpath(slash ? (parent[0] ? parent : "/") : ".", resolved)) return 0;
    return snprintf(whole, PATH_MAX, "%s/%s", strcmp(resolved, "/") ? resolved : "", last) < PATH_MAX;
}

static int rename_at(int from_at, const char *from, int to_at, const char *to, unsigned flags) {
    char both[2 * PATH_MAX], whole[PATH_MAX];
    pthread_mutex_lock(&lock);
    size_t length = 0;
    int ours = absolute(from_at, from, both) && absolute(to_at, to, whole) && (is_below(both) || is_below(whole));
    int result, fault;
    if (ours && (flags || !is_below(both) || !is_below(whole))) {
        result = -1, fault = ENOSYS; /* exchanged, or across the directory's edge: not recorded, so not done */
    } else {
        result = (int)syscall(SYS_renameat2, from_at, from, to_at, to, flags), fault = errno;
        if (result == 0 && ours) {
            length = strlen(both) + 1;
            memcpy(both + length, whole, strlen(whole));
            put('R', 0, 0, both, length + strlen(whole));
        }
    }
    pthread_mutex_unlock(&lock);
    errno = fault;
    return result;
}

int rename(const char *from, const char *to) { return rename_at(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int from_at, const char *from, int to_at, const char *to) {
    return rename_at(from_at, from, to_at, to, 0);
}
int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags) {
    return rename_at(from_at, from, to_at, to, flags);
}

static int unlink_at(int at, const char *path, int flags) {
    char whole[PATH_MAX];
    pthread_mutex_lock(&lock);
    int ours = absolute(at, path, whole) && is_below(whole);
    int result = (int)syscall(SYS_unlinkat, at, path, flags), fault = errno;
    if (result == 0 && ours && !(flags & AT_REMOVEDIR)) put('U', 0, 0, whole, strlen(whole));
    pthread_mutex_unlock(&lock);
    errno = fault;
    return result;
}

int unlink(const char *path) { return unlink_at(AT_FDCWD, path, 0); }
int unlinkat(int at, const char *path, int flags) { return unlink_at(at, path, flags); }

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
    char link[64], path[PATH_MAX];
    if (tracked(fd) && (flags & MAP_SHARED) && (protection & PROT_WRITE)) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t read = readlink(link, path, sizeof path);
        pthread_mutex_lock(&lock);
        if (read > 0) put('M', tracked(fd), 0, path, (size_t)read);
        pthread_mutex_unlock(&lock);
    }
    return (void *)syscall(SYS_mmap, address, length, protection, flags, fd, offset);
}
void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t offset) {
    return mmap(address, length, protection, flags, fd, offset);
}

/* Not recorded, so refused for our files; every caller falls back to plain writes. */
#define REFUSE(condition, call)  \
    if (condition) {             \
        errno = ENOSYS;          \
        return -1;               \
    }                            \
    return call;

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t length, unsigned flags) {
    REFUSE(tracked(to), syscall(SYS_copy_file_range, from, from_at, to, to_at, length, flags))
}
ssize_t sendfile(int to, int from, off_t *offset, size_t length) {
    REFUSE(tracked(to), syscall(SYS_sendfile, to, from, offset, length))
}
ssize_t sendfile64(int to, int from, off64_t *offset, size_t length) {
    REFUSE(tracked(to), syscall(SYS_sendfile, to, from, offset, length))
}
ssize_t splice(int from, off64_t *from_at, int to, off64_t *to_at, size_t length, unsigned flags) {
    REFUSE(tracked(to), syscall(SYS_splice, from, from_at, to, to_at, length, flags))
}
int fallocate(int fd, int mode, off_t offset, off_t length) {
    REFUSE(tracked(fd), (int)syscall(SYS_fallocate, fd, mode, offset, length))
}
int fallocate64(int fd, int mode, off64_t offset, off64_t length) {
    REFUSE(tracked(fd), (int)syscall(SYS_fallocate, fd, mode, offset, length))
}
int posix_fallocate(int fd, off_t offset, off_t length) {
    (void)offset, (void)length;
    return tracked(fd) ? ENOSYS : fallocate(fd, 0, offset, length) == 0 ? 0 : errno;
}
int posix_fallocate64(int fd, off64_t offset, off64_t length) { return posix_fallocate(fd, offset, length); }
static int refuses_path(int at, const char *path) {
    char whole[PATH_MAX];
    return absolute(at, path, whole) && is_below(whole);
}
int truncate(const char *path, off_t length) {
    REFUSE(refuses_path(AT_FDCWD, path), (int)syscall(SYS_truncate, path, length))
}
int truncate64(const char *path, off64_t length) { return truncate(path, length); }
int link(const char *from, const char *to) {
    REFUSE(refuses_path(AT_FDCWD, to), (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0))
}
int linkat(int from_at, const char *from, int to_at, const char *to, int flags) {
    REFUSE(refuses_path(to_at, to), (int)syscall(SYS_linkat, from_at, from, to_at, to, flags))
}
