/* Text: searching, reversing, number conversion, run-length coding, string instructions in both directions. */
#include "guest.h"

static const char text[] = "the quick brown fox jumps over the lazy dog; pack my box with five dozen liquor jugs";
static char work[512], packed[1024];

static u32 length_of(const char *s)
{
    u32 n = 0;
    while (s[n])
        n++;
    return n;
}

static u32 occurrences(const char *haystack, const char *needle)
{
    u32 found = 0, n = length_of(needle);
    for (; *haystack; haystack++)
    {
        u32 i = 0;
        while (i < n && haystack[i] == needle[i])
            i++;
        found += i == n;
    }
    return found;
}

static s32 parse(const char *s)
{
    s32 sign = 1, v = 0;
    if (*s == '-')
        sign = -1, s++;
    while (*s >= '0' && *s <= '9')
        v = v * 10 + (*s++ - '0');
    return sign * v;
}

static u32 format(char *to, s32 v, u32 base)
{
    char digits[33];
    u32 n = 0, i = 0, magnitude = v < 0 ? 0u - (u32)v : (u32)v;
    do
        digits[i++] = "0123456789abcdefghijklmnopqrstuvwxyz"[magnitude % base];
    while (magnitude /= base);
    if (v < 0)
        to[n++] = '-';
    while (i)
        to[n++] = digits[--i];
    to[n] = 0;
    return n;
}

static u32 pack(char *to, const char *from, u32 n)
{
    u32 out = 0;
    for (u32 i = 0; i < n;)
    {
        u32 run = 1;
        while (i + run < n && run < 255 && from[i + run] == from[i])
            run++;
        to[out++] = (char)run;
        to[out++] = from[i];
        i += run;
    }
    return out;
}

/* The string instructions themselves, which the compiler seldom emits. */
static u32 instructions(void)
{
    u32 sum = 0;
#if defined(__i386__)
    const char *at = text;
    u32 left = sizeof text;
    __asm__ volatile("repne scasb" : "+D"(at), "+c"(left) : "a"('z') : "memory", "cc");
    sum = mix(sum, (u32)(at - text));
    const char *p = text, *q = text + 31;
    left = 20;
    __asm__ volatile("repe cmpsb" : "+S"(p), "+D"(q), "+c"(left) : : "memory", "cc");
    sum = mix(sum, left);
    u16 *w = (u16 *)work;
    left = 40;
    __asm__ volatile("rep stosw" : "+D"(w), "+c"(left) : "a"(0xA55A) : "memory");
    const char *from = text + 63;
    char *to = work + 163;
    left = 64;
    __asm__ volatile("std; rep movsb; cld" : "+S"(from), "+D"(to), "+c"(left) : : "memory");
    u32 loaded;
    from = text + 4;
    __asm__ volatile("lodsl" : "=a"(loaded), "+S"(from) : : "memory");
    sum = mix(sum, loaded);
#endif
    return mix(sum, crc32(0, work, 200));
}

int guest_main(void)
{
    put_result("length", length_of(text));
    put_result("the", occurrences(text, "the"));
    put_result("o", occurrences(text, "o"));
    u32 n = length_of(text);
    for (u32 i = 0; i < n; i++)
        work[n - 1 - i] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 32 : text[i]);
    work[n] = 0;
    put_text(work);
    put_char('\n');
    put_result("reversed", crc32(0, work, n));

    u32 seed = 88675123u, sum = 0;
    for (int i = 0; i < 200; i++)
    {
        s32 v = (s32)random_next(&seed) >> (i & 31);
        u32 digits = format(work, v, 10);
        if (parse(work) != v)
            return 1;
        sum = mix(sum, crc32(digits, work, digits));
        digits = format(work, v, 2 + (u32)i % 35);
        sum = mix(sum, crc32(digits, work, digits));
    }
    put_result("numbers", sum);
    for (u32 i = 0; i < sizeof work; i++)
        work[i] = (char)((i * i >> 9) & 15);
    n = pack(packed, work, sizeof work);
    put_result("packed", crc32(n, packed, n));
    memset(work, 0, sizeof work);
    put_result("instructions", instructions());
    memmove(work + 3, work, 300);
    put_result("overlap", crc32(0, work, sizeof work));
    memmove(work, work + 5, 300);
    put_result("overlap", crc32(0, work, sizeof work));
    return 0;
}
