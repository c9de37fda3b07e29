/* Preloaded into a server, it makes every flush to the disk last at least
 * SLOW_FSYNC_US microseconds, as a tired disk would. Redis waits for the disk
 * with fdatasync where there is one, else with fsync. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static int slowly(const char *name, int fd)
{
	const char *pause = getenv("SLOW_FSYNC_US");
	int (*flush)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
	long us = pause ? atol(pause) : 0;
	for (; us > 0; us -= 500000)
		usleep(us < 500000 ? (useconds_t)us : 500000); /* POSIX allows less than a second */
	return flush(fd);
}

int fsync(int fd) { return slowly("fsync", fd); }
int fdatasync(int fd) { return slowly("fdatasync", fd); }
