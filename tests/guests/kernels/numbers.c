/* Benchmark kernel (a): table-driven CRC-32, sieve of Eratosthenes, quicksort. */
#include "guest.h"

#define LIMIT 200000
#define N 20000
static u8 composite[LIMIT];
static s32 numbers[N];
static u32 table[256];

static u32 crc(const u8 *p, u32 n)
{
    u32 c = ~0u;
    while (n--)
        c = (c >> 8) ^ table[(c ^ *p++) & 255];
    return ~c;
}

static u32 sieve(void)
{
    u32 primes = 0;
    memset(composite, 0, sizeof composite);
    for (u32 i = 2; i < LIMIT; i++)
    {
        if (composite[i])
            continue;
        primes++;
        for (u32 k = i + i; k < LIMIT; k += i)
            composite[k] = 1;
    }
    return primes;
}

static void sort(int lo, int hi)
{
    while (lo < hi)
    {
        s32 pivot = numbers[(lo + hi) / 2];
        int i = lo, j = hi;
        while (i <= j)
        {
            while (numbers[i] < pivot)
                i++;
            while (numbers[j] > pivot)
                j--;
            if (i <= j)
            {
                s32 t = numbers[i];
                numbers[i++] = numbers[j];
                numbers[j--] = t;
            }
        }
        sort(lo, j);
        lo = i;
    }
}

int guest_main(void)
{
    u32 sum = 0, seed = 2463534242u;
    for (u32 i = 0; i < 256; i++)
    {
        u32 c = i;
        for (int k = 0; k < 8; k++)
            c = c & 1 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
        table[i] = c;
    }
    begin_timing("numbers");
    for (u32 round = 0; round < ITERATIONS; round++)
    {
        sum = mix(sum, sieve());
        sum = mix(sum, crc(composite, LIMIT));
        for (int i = 0; i < N; i++)
            numbers[i] = (s32)random_next(&seed);
        sort(0, N - 1);
        sum = mix(sum, crc((u8 *)numbers, sizeof numbers));
    }
    end_timing(sum);
    return 0;
}
