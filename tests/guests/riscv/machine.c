/* The RISC-V machine under a guest: printing, the end, page tables, and what the compiler may call. */
#include "guest.h"
#include "riscv.h"

void finish(u32 code)
{
    *(volatile u32 *)FINISHER = code ? code << 16 | 0x3333 : 0x5555;
    for (;;)
        __asm__ volatile("wfi");
}

#if GUEST_MODE == 3

void put_char(char c)
{
    volatile u8 *uart = (volatile u8 *)UART;
    while (!(uart[5] & 0x20))
        ;
    uart[0] = (u8)c;
}

void guest_exit(u32 code) { finish(code); }

#else

static void call(unsigned long what, unsigned long value)
{
    register unsigned long a0 __asm__("a0") = value;
    register unsigned long a7 __asm__("a7") = what;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a7) : "memory");
}

void put_char(char c) { call(1, (u8)c); }
void guest_exit(u32 code) { call(0, code); }

/* A root table of large pages (Sv39: 1 GB, Sv32: 4 MB) in which the address space maps to itself; returns the value for satp. */
static unsigned long table[4096 / WORD] __attribute__((aligned(4096)));

unsigned long make_tables(void)
{
    const unsigned long rights = 0xCF | (GUEST_MODE == 0 ? 0x10 : 0);
#if __riscv_xlen == 64
    for (unsigned long i = 0; i < 4; i++)
        table[i] = i << 28 | rights;
    return 8ul << 60 | (unsigned long)table >> 12;
#else
    for (unsigned long i = 0; i < 1024; i++)
        table[i] = i << 20 | rights;
    return 1ul << 31 | (unsigned long)table >> 12;
#endif
}

#endif

void *memcpy(void *to, const void *from, __SIZE_TYPE__ n)
{
    u8 *d = to;
    const u8 *s = from;
    if ((((unsigned long)d | (unsigned long)s) & (WORD - 1)) == 0)
        for (; n >= WORD; n -= WORD, d += WORD, s += WORD)
            *(unsigned long *)d = *(const unsigned long *)s;
    while (n--)
        *d++ = *s++;
    return to;
}

void *memset(void *to, int value, __SIZE_TYPE__ n)
{
    u8 *d = to;
    const unsigned long word = (u8)value * (~0ul / 255);
    if (((unsigned long)d & (WORD - 1)) == 0)
        for (; n >= WORD; n -= WORD, d += WORD)
            *(unsigned long *)d = word;
    while (n--)
        *d++ = (u8)value;
    return to;
}

void *memmove(void *to, const void *from, __SIZE_TYPE__ n)
{
    u8 *d = to;
    const u8 *s = from;
    if (d <= s || d >= s + n)
        return memcpy(to, from, n);
    while (n--)
        d[n] = s[n];
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
