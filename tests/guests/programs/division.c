/* Division and multiplication at the corners, in 8, 16, 32 and 64 bits, signed and unsigned. */
#include "guest.h"

static const u32 corners[] = {
    0, 1, 2, 3, 7, 10, 0x7F, 0x80, 0x81, 0xFF, 0x100, 0x7FFF, 0x8000, 0x8001, 0xFFFF, 0x10000,
    0x7FFFFFFF, 0x80000000u, 0x80000001u, 0xFFFFFFFEu, 0xFFFFFFFFu, 0x12345678, 0xDEADBEEFu, 1000000007,
};
#define COUNT (sizeof corners / sizeof *corners)

/* 64-bit quotient and remainder by shift and subtract; the compiler's own helper is not linked into the guest. */
static u64 divide64(u64 n, u64 d, u64 *remainder)
{
    u64 q = 0, r = 0;
    for (int i = 63; i >= 0; i--)
    {
        r = r << 1 | ((n >> i) & 1);
        if (r >= d)
        {
            r -= d;
            q |= 1ull << i;
        }
    }
    *remainder = r;
    return q;
}

int guest_main(void)
{
    u32 u = 0, s = 0, w = 0, b = 0, wide = 0, product = 0;
    for (u32 i = 0; i < COUNT; i++)
        for (u32 j = 0; j < COUNT; j++)
        {
            volatile u32 n = corners[i], d = corners[j];
            product = mix(product, (u32)((u64)n * d >> 32) ^ (n * d));
            product = mix(product, (u32)((s64)(s32)n * (s32)d >> 32));
            product = mix(product, (u32)((signed char)n * (signed char)d));
            product = mix(product, (u32)((short)n * (short)d));
            if (d == 0)
                continue;
            u = mix(mix(u, n / d), n % d);
            if (!(n == 0x80000000u && d == 0xFFFFFFFFu))
                s = mix(mix(s, (u32)((s32)n / (s32)d)), (u32)((s32)n % (s32)d));
            if ((u16)d)
                w = mix(mix(w, (u32)((u16)n / (u16)d)), (u32)((short)n % ((short)d)));
            if ((u8)d)
                b = mix(mix(b, (u32)((u8)n / (u8)d)), (u32)((signed char)n % ((signed char)d)));
            u64 r, q = divide64((u64)n << 32 | corners[(i + j) % COUNT], (u64)d << (j & 31), &r);
            wide = mix(wide, (u32)q ^ (u32)(q >> 32) ^ (u32)r ^ (u32)(r >> 32));
#if defined(__i386__)
            u32 quot, rem, hi = n % d;
            __asm__ volatile("divl %4" : "=a"(quot), "=d"(rem) : "a"(corners[(i * 7 + j) % COUNT]), "d"(hi), "rm"(d) : "cc");
            wide = mix(mix(wide, quot), rem);
#endif
        }
    put_result("unsigned", u);
    put_result("signed", s);
    put_result("words", w);
    put_result("bytes", b);
    put_result("wide", wide);
    put_result("products", product);
    for (u32 i = 0; i < COUNT; i++)
    {
        put_decimal(corners[i]);
        put_char(i + 1 < COUNT ? ' ' : '\n');
    }
    return 0;
}
