/* In place of the system's: the type named by OpenBLAS's affinity calls, which exist on Linux alone and are not bound. */
#ifndef GATUN_SCHED_H
#define GATUN_SCHED_H

typedef struct cpu_set_t cpu_set_t;

#endif
