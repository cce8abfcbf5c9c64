//go:build packetdrill

// The functions that packetdrill calls, each over one of the library's in Go: these give negative error numbers, POSIX wants errno.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "packetdrill.h"
#include "_cgo_export.h"

// Descriptors from here on are a world's: drill.FirstDescriptor.
#define FIRST_DESCRIPTOR (1 << 20)

static long answer(long n)
{
	if (n < 0) {
		errno = -n;
		return -1;
	}
	return n;
}

// who is drill.Caller: the main thread moves the clock, and nobody does while it is in a call.
static int who(void) { return gettid() == getpid() ? 0 : 1; }

static void drill_free(void *u) {}

static int drill_socket(void *u, int domain, int type, int protocol) { return answer(drillSocket(domain, type, protocol)); }

static int drill_bind(void *u, int fd, const struct sockaddr *a, socklen_t n) { return answer(drillBind(fd, (void *)a, n)); }

static int drill_listen(void *u, int fd, int backlog) { return answer(drillListen(fd, backlog)); }

static int drill_accept(void *u, int fd, struct sockaddr *a, socklen_t *n) { return answer(drillAccept(fd, a, n, who())); }

static int drill_connect(void *u, int fd, const struct sockaddr *a, socklen_t n) { return answer(drillConnect(fd, (void *)a, n, who())); }

static ssize_t drill_readv(void *u, int fd, const struct iovec *v, int n) { return answer(drillRead(fd, (void *)v, n, 0, who())); }

static ssize_t drill_recv(void *u, int fd, void *p, size_t n, int flags)
{
	struct iovec v = {p, n};
	return answer(drillRead(fd, &v, 1, flags, who()));
}

static ssize_t drill_read(void *u, int fd, void *p, size_t n) { return drill_recv(u, fd, p, n, 0); }

static ssize_t drill_recvfrom(void *u, int fd, void *p, size_t n, int flags, struct sockaddr *a, socklen_t *an)
{
	return drill_recv(u, fd, p, n, flags);
}

static ssize_t drill_recvmsg(void *u, int fd, struct msghdr *m, int flags)
{
	m->msg_controllen = 0;
	m->msg_flags = 0;
	return answer(drillRead(fd, m->msg_iov, m->msg_iovlen, flags, who()));
}

static ssize_t drill_writev(void *u, int fd, const struct iovec *v, int n) { return answer(drillWrite(fd, (void *)v, n, 0, who())); }

static ssize_t drill_send(void *u, int fd, const void *p, size_t n, int flags)
{
	struct iovec v = {(void *)p, n};
	return answer(drillWrite(fd, &v, 1, flags, who()));
}

static ssize_t drill_write(void *u, int fd, const void *p, size_t n) { return drill_send(u, fd, p, n, 0); }

static ssize_t drill_sendto(void *u, int fd, const void *p, size_t n, int flags, const struct sockaddr *a, socklen_t an)
{
	return drill_send(u, fd, p, n, flags);
}

static ssize_t drill_sendmsg(void *u, int fd, const struct msghdr *m, int flags)
{
	return answer(drillWrite(fd, m->msg_iov, m->msg_iovlen, flags, who()));
}

static int drill_fcntl(void *u, int fd, int cmd, ...)
{
	va_list list;
	va_start(list, cmd);
	int arg = va_arg(list, int);
	va_end(list);
	return answer(drillFcntl(fd, cmd, arg));
}

static int drill_ioctl(void *u, int fd, unsigned long request, ...)
{
	va_list list;
	va_start(list, request);
	int *value = va_arg(list, int *);
	va_end(list);
	return answer(drillIoctl(fd, request, value));
}

static int drill_close(void *u, int fd) { return answer(drillClose(fd)); }

static int drill_shutdown(void *u, int fd, int how) { return answer(drillShutdown(fd, how)); }

static int drill_getsockopt(void *u, int fd, int level, int name, void *value, socklen_t *n)
{
	return answer(drillGetsockopt(fd, level, name, value, n));
}

static int drill_setsockopt(void *u, int fd, int level, int name, const void *value, socklen_t n)
{
	return answer(drillSetsockopt(fd, level, name, (void *)value, n));
}

static int drill_poll(void *u, struct pollfd *p, nfds_t n, int timeout) { return answer(drillPoll(p, n, timeout, who())); }

static int drill_netdev_send(void *u, const void *p, size_t n)
{
	drillInject((void *)p, n);
	return 0;
}

static int drill_netdev_receive(void *u, void *p, size_t *n, long long *at) { return answer(drillReceive(p, n, at)); }

static int drill_usleep(void *u, useconds_t microseconds)
{
	drillSleep(microseconds);
	return 0;
}

static int drill_gettimeofday(void *u, struct timeval *tv, struct timezone *tz)
{
	long long now = drillNow();
	tv->tv_sec = now / 1000000;
	tv->tv_usec = now % 1000000;
	return 0;
}

static int drill_epoll_create(void *u, int size) { return answer(-ENOSYS); }

static int drill_epoll_ctl(void *u, int epfd, int op, int fd, struct epoll_event *e) { return answer(-ENOSYS); }

static int drill_epoll_wait(void *u, int epfd, struct epoll_event *e, int n, int timeout) { return answer(-ENOSYS); }

static int drill_pipe(void *u, int fds[2]) { return answer(-ENOSYS); }

static int drill_splice(void *u, int in, loff_t *inp, int out, loff_t *outp, size_t n, unsigned int flags) { return answer(-ENOSYS); }

void packetdrill_interface_init(const char *flags, struct packetdrill_interface *i)
{
	drillInit((char *)(flags ? flags : ""));
	*i = (struct packetdrill_interface){
		.free = drill_free, .socket = drill_socket, .bind = drill_bind, .listen = drill_listen, .accept = drill_accept, .connect = drill_connect,
		.read = drill_read, .readv = drill_readv, .recv = drill_recv, .recvfrom = drill_recvfrom, .recvmsg = drill_recvmsg,
		.write = drill_write, .writev = drill_writev, .send = drill_send, .sendto = drill_sendto, .sendmsg = drill_sendmsg,
		.fcntl = drill_fcntl, .ioctl = drill_ioctl, .close = drill_close, .shutdown = drill_shutdown,
		.getsockopt = drill_getsockopt, .setsockopt = drill_setsockopt, .poll = drill_poll,
		.netdev_send = drill_netdev_send, .netdev_receive = drill_netdev_receive, .usleep = drill_usleep, .gettimeofday = drill_gettimeofday,
		.epoll_create = drill_epoll_create, .epoll_ctl = drill_epoll_ctl, .epoll_wait = drill_epoll_wait, .pipe = drill_pipe, .splice = drill_splice,
	};
}

// getsockopt and close stand before the C library's when the library is preloaded too: packetdrill asks for TCP_INFO, on behalf of the code in scripts, and closes what a
// script has left open, past its interface.
int getsockopt(int fd, int level, int name, void *value, socklen_t *n)
{
	static int (*next)(int, int, int, void *, socklen_t *);
	if (fd >= FIRST_DESCRIPTOR)
		return drill_getsockopt(NULL, fd, level, name, value, n);
	if (!next)
		next = dlsym(RTLD_NEXT, "getsockopt");
	return next(fd, level, name, value, n);
}

int close(int fd)
{
	static int (*next)(int);
	if (fd >= FIRST_DESCRIPTOR)
		return drill_close(NULL, fd);
	if (!next)
		next = dlsym(RTLD_NEXT, "close");
	return next(fd);
}

// The programs that scripts start are to be without us.
__attribute__((constructor)) static void alone(void) { unsetenv("LD_PRELOAD"); }
