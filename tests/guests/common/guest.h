/* What a guest program may use, on the bare machine as well as in a native build of the same source.
 *
 * On the bare machine text goes to port 0xE9; guest_exit() writes its argument to isa-debug-exit (port 0x501),
 * then asks Bochs to power off (the word "Shutdown" to port 0x8900), then halts. A native build (GUEST_NATIVE) prints
 * to standard output, so that the two outputs can be compared byte for byte.
 */
#ifndef GUEST_H
#define GUEST_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef signed int s32;
typedef unsigned long long u64;
typedef signed long long s64;

/* Iterations of a benchmark kernel; set on the compiler's command line. */
#ifndef ITERATIONS
#define ITERATIONS 1
#endif

/* The program. Its result is the exit code: 0 for success. */
int guest_main(void);

void guest_exit(u32 code);
void put_char(char c);
void put_text(const char *s);
void put_hex(u32 v);
void put_decimal(u32 v);

/* One line "name: 89abcdef". */
void put_result(const char *name, u32 v);

/* Lines that bracket the timed part of a benchmark kernel. */
void begin_timing(const char *kernel);
void end_timing(u32 checksum);

/* A reproducible stream: xorshift32 (Marsaglia 2003). */
u32 random_next(u32 *state);

/* CRC-32 (IEEE 802.3, reflected), bit by bit; `crc` starts at 0. */
u32 crc32(u32 crc, const void *data, u32 length);

/* Mixes a value into a running checksum. */
static inline u32 mix(u32 sum, u32 v) { return ((sum << 5) | (sum >> 27)) ^ (v * 0x9E3779B1u); }

void *memcpy(void *to, const void *from, __SIZE_TYPE__ n);
void *memset(void *to, int value, __SIZE_TYPE__ n);
void *memmove(void *to, const void *from, __SIZE_TYPE__ n);
int memcmp(const void *a, const void *b, __SIZE_TYPE__ n);

#endif
