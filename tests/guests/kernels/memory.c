/* Benchmark kernel (c): pointer chasing and copying over 8 MiB. */
#include "guest.h"

#define WORDS (2 * 1024 * 1024)
#define STEPS 1000000
static u32 chain[WORDS];

int guest_main(void)
{
    u32 sum = 0, seed = 521288629u;

    /* Sattolo's shuffle: one cycle through every word. */
    for (u32 i = 0; i < WORDS; i++)
        chain[i] = i;
    begin_timing("memory");
    for (u32 i = WORDS - 1; i > 0; i--)
    {
        u32 j = random_next(&seed) % i, t = chain[i];
        chain[i] = chain[j];
        chain[j] = t;
    }
    for (u32 round = 0; round < ITERATIONS; round++)
    {
        u32 at = round;
        for (u32 i = 0; i < STEPS; i++)
            at = chain[at];
        sum = mix(sum, at);

        /* Upper half to scratch and back by words, then by string instruction: contents change places, not values. */
        u32 *low = chain, *high = chain + WORDS / 2;
        for (u32 i = 0; i < WORDS / 2; i += 4)
        {
            u32 t0 = low[i], t1 = low[i + 1], t2 = low[i + 2], t3 = low[i + 3];
            sum ^= t0 + t1 + t2 + t3;
            high[i] ^= t0, high[i + 1] ^= t1, high[i + 2] ^= t2, high[i + 3] ^= t3;
        }
        for (u32 i = 0; i < WORDS / 2; i++)
            high[i] ^= low[i];
        memmove(low, low + 16, 64 * 1024);
        for (u32 i = 0; i < 16 * 1024 + 16; i++)
            low[i] = (low[i] * 5 + 1) % WORDS;
    }
    sum = mix(sum, crc32(0, chain, 65536));
    end_timing(sum);
    return 0;
}
