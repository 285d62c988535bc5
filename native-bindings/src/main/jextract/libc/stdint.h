/*
 * In place of the system's: 64 bits are `long long` on every platform. glibc makes them `long`, which has 32 bits on Windows,
 * so that bindings generated from its header would be wrong there.
 */
#ifndef GATUN_STDINT_H
#define GATUN_STDINT_H

typedef signed char int8_t;
typedef unsigned char uint8_t;
typedef short int16_t;
typedef unsigned short uint16_t;
typedef int int32_t;
typedef unsigned int uint32_t;
typedef long long int64_t;
typedef unsigned long long uint64_t;

#define INT32_MIN (-2147483647 - 1)
#define INT64_MIN (-9223372036854775807LL - 1)

#endif
