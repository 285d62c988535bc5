/*
 * The part of the OpenMP runtime that Gatun calls. libgomp, which comes with the oneDNN binary, has no header of its own
 * there; these are the prototypes of the OpenMP 5.0 specification and of libgomp's compiler interface.
 */
#ifndef GATUN_OPENMP_H
#define GATUN_OPENMP_H

/* Runs fn(data) on a team of num_threads threads, the caller among them, and returns when all are done; num_threads 0 leaves
   the size of the team to omp_get_max_threads(). flags holds a proc_bind clause and is otherwise 0. */
void GOMP_parallel(void (*fn)(void *data), void *data, unsigned num_threads, unsigned flags);

/* The argument of omp_pause_resource_all: soft keeps threadprivate values, hard does not. */
typedef enum omp_pause_resource_t {
  omp_pause_soft = 1,
  omp_pause_hard = 2
} omp_pause_resource_t;

void omp_set_num_threads(int num_threads);
void omp_set_dynamic(int dynamic_threads);
int omp_get_num_threads(void);
int omp_get_max_threads(void);
int omp_get_thread_num(void);
int omp_get_num_procs(void);
int omp_in_parallel(void);
int omp_pause_resource_all(omp_pause_resource_t kind);

#endif
