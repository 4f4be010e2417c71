#include "guest.h"

#ifdef GUEST_NATIVE

#include <stdio.h>
#include <stdlib.h>

/* Line by line, so that a reader at the other end of a pipe can time the lines. */
void put_char(char c)
{
    putchar(c);
    if (c == '\n')
        fflush(stdout);
}
void guest_exit(u32 code) { fflush(stdout); exit((int)code); }
int main(void) { guest_exit((u32)guest_main()); }

#elif defined(__i386__)

static inline void out8(u16 port, u8 v) { __asm__ volatile("outb %0, %1" : : "a"(v), "Nd"(port)); }

void put_char(char c) { out8(0xE9, (u8)c); }

void guest_exit(u32 code)
{
    const char *word = "Shutdown";
    out8(0x501, (u8)code);
    while (*word)
        out8(0x8900, (u8)*word++);
    for (;;)
        __asm__ volatile("cli; hlt");
}

/* The compiler may call these four whatever the options; string instructions keep them as small as the machine allows. */
void *memcpy(void *to, const void *from, __SIZE_TYPE__ n)
{
    void *result = to;
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(n) : : "memory");
    return result;
}

void *memset(void *to, int value, __SIZE_TYPE__ n)
{
    void *result = to;
    __asm__ volatile("rep stosb" : "+D"(to), "+c"(n) : "a"(value) : "memory");
    return result;
}

void *memmove(void *to, const void *from, __SIZE_TYPE__ n)
{
    if ((const char *)to <= (const char *)from || (const char *)to >= (const char *)from + n)
        return memcpy(to, from, n);
    char *d = (char *)to + n - 1;
    const char *s = (const char *)from + n - 1;
    __asm__ volatile("std; rep movsb; cld" : "+D"(d), "+S"(s), "+c"(n) : : "memory");
    return to;
}

int memcmp(const void *a, const void *b, __SIZE_TYPE__ n)
{
    const u8 *p = a, *q = b;
    for (; n; n--, p++, q++)
        if (*p != *q)
            return *p < *q ? -1 : 1;
    return 0;
}

#endif

void put_text(const char *s)
{
    while (*s)
        put_char(*s++);
}

void put_hex(u32 v)
{
    for (int shift = 28; shift >= 0; shift -= 4)
        put_char("0123456789abcdef"[(v >> shift) & 15]);
}

void put_decimal(u32 v)
{
    char digits[10];
    int n = 0;
    do
        digits[n++] = (char)('0' + v % 10);
    while ((v /= 10) != 0);
    while (n)
        put_char(digits[--n]);
}

void put_result(const char *name, u32 v)
{
    put_text(name);
    put_text(": ");
    put_hex(v);
    put_char('\n');
}

void begin_timing(const char *kernel)
{
    put_text("begin ");
    put_text(kernel);
    put_char('\n');
}

void end_timing(u32 checksum) { put_result("end", checksum); }

u32 random_next(u32 *state)
{
    u32 x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}

u32 crc32(u32 crc, const void *data, u32 length)
{
    const u8 *p = data;
    for (crc = ~crc; length; length--)
    {
        crc ^= *p++;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
    }
    return ~crc;
}
