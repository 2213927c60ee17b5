/* bench/cpu_time.h: seconds of CPU that this process has used: a busy machine changes how long something takes, but not these. */
#ifndef SPOOR_BENCH_CPU_TIME_H
#define SPOOR_BENCH_CPU_TIME_H

#include <sys/resource.h>

static inline double cpu_time_s(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

#endif
