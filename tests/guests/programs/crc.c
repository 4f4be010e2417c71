/* CRC-32 and friends over text and over a pseudo-random buffer: shifts, exclusive or, table look-ups. */
#include "guest.h"

static u8 buffer[16384];
static u32 table[256];

static u32 crc_by_table(const u8 *p, u32 n)
{
    u32 crc = ~0u;
    while (n--)
        crc = (crc >> 8) ^ table[(crc ^ *p++) & 255];
    return ~crc;
}

static u32 adler32(const u8 *p, u32 n)
{
    u32 a = 1, b = 0;
    while (n--)
    {
        a = (a + *p++) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

static u32 fnv1a(const u8 *p, u32 n)
{
    u32 h = 2166136261u;
    while (n--)
        h = (h ^ *p++) * 16777619u;
    return h;
}

static u16 crc16(const u8 *p, u32 n)
{
    u16 crc = 0xFFFF;
    while (n--)
    {
        crc ^= (u16)(*p++ << 8);
        for (int i = 0; i < 8; i++)
            crc = (u16)(crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1);
    }
    return crc;
}

int guest_main(void)
{
    u32 seed = 2463534242u;
    for (u32 i = 0; i < sizeof buffer; i++)
        buffer[i] = (u8)(random_next(&seed) >> 24);
    for (u32 i = 0; i < 256; i++)
    {
        u32 c = i;
        for (int k = 0; k < 8; k++)
            c = c & 1 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
        table[i] = c;
    }
    u32 check = crc32(0, "123456789", 9);
    put_result("check", check);
    put_result("bitwise", crc32(0, buffer, sizeof buffer));
    put_result("table", crc_by_table(buffer, sizeof buffer));
    put_result("adler", adler32(buffer, sizeof buffer));
    put_result("fnv", fnv1a(buffer, sizeof buffer));
    put_result("crc16", crc16(buffer, sizeof buffer));
    return check == 0xCBF43926u ? 0 : 1;
}
