/* In place of the system's: size_t is as wide, and the same C type, on every 64-bit platform. */
#ifndef GATUN_STDDEF_H
#define GATUN_STDDEF_H

typedef unsigned long long size_t;
typedef long long ptrdiff_t;

#define NULL ((void *)0)

#endif
