/* Five sorts of the same numbers, signed and unsigned, 8 to 64 bits wide: comparisons, branches, recursion. */
#include "guest.h"

#define N 2000
static s32 source[N], numbers[N], spare[N];
static u64 wide[N / 4];
static u8 bytes[N];

static void refill(void) { memcpy(numbers, source, sizeof numbers); }

static u32 fingerprint(void)
{
    u32 sum = 0;
    for (int i = 0; i < N; i++)
        sum = mix(sum, (u32)numbers[i]);
    return sum;
}

static void quick(int lo, int hi)
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
        quick(lo, j);
        lo = i;
    }
}

static void merge(int lo, int hi)
{
    if (hi - lo < 2)
        return;
    int mid = lo + (hi - lo) / 2;
    merge(lo, mid);
    merge(mid, hi);
    int i = lo, j = mid;
    for (int k = lo; k < hi; k++)
        spare[k] = j >= hi || (i < mid && numbers[i] <= numbers[j]) ? numbers[i++] : numbers[j++];
    memmove(numbers + lo, spare + lo, (u32)(hi - lo) * sizeof *numbers);
}

static void sift(int root, int n)
{
    for (int child; (child = 2 * root + 1) < n; root = child)
    {
        if (child + 1 < n && numbers[child] < numbers[child + 1])
            child++;
        if (numbers[root] >= numbers[child])
            return;
        s32 t = numbers[root];
        numbers[root] = numbers[child];
        numbers[child] = t;
    }
}

static void heap(void)
{
    for (int i = N / 2; i >= 0; i--)
        sift(i, N);
    for (int i = N - 1; i > 0; i--)
    {
        s32 t = numbers[0];
        numbers[0] = numbers[i];
        numbers[i] = t;
        sift(0, i);
    }
}

static void shell(void)
{
    for (int gap = N / 2; gap; gap /= 2)
        for (int i = gap; i < N; i++)
        {
            s32 v = numbers[i];
            int j = i;
            for (; j >= gap && numbers[j - gap] > v; j -= gap)
                numbers[j] = numbers[j - gap];
            numbers[j] = v;
        }
}

static void radix(void)
{
    for (int shift = 0; shift < 32; shift += 8)
    {
        u32 count[257] = {0};
        for (int i = 0; i < N; i++)
            count[((((u32)numbers[i] ^ 0x80000000u) >> shift) & 255) + 1]++;
        for (int i = 0; i < 256; i++)
            count[i + 1] += count[i];
        for (int i = 0; i < N; i++)
            spare[count[(((u32)numbers[i] ^ 0x80000000u) >> shift) & 255]++] = numbers[i];
        memcpy(numbers, spare, sizeof numbers);
    }
}

int guest_main(void)
{
    u32 seed = 362436069u, sums[5];
    for (int i = 0; i < N; i++)
        source[i] = (s32)random_next(&seed);
    refill(), quick(0, N - 1), sums[0] = fingerprint();
    refill(), merge(0, N), sums[1] = fingerprint();
    refill(), heap(), sums[2] = fingerprint();
    refill(), shell(), sums[3] = fingerprint();
    refill(), radix(), sums[4] = fingerprint();
    put_result("quick", sums[0]);
    put_result("merge", sums[1]);
    put_result("heap", sums[2]);
    put_result("shell", sums[3]);
    put_result("radix", sums[4]);

    for (int i = 0; i < N / 4; i++)
        wide[i] = (u64)random_next(&seed) << 32 | random_next(&seed);
    for (int i = 1; i < N / 4; i++)
        for (int j = i; j && wide[j - 1] > wide[j]; j--)
        {
            u64 t = wide[j];
            wide[j] = wide[j - 1];
            wide[j - 1] = t;
        }
    put_result("wide", crc32(0, wide, sizeof wide));
    for (int i = 0; i < N; i++)
        bytes[i] = (u8)random_next(&seed);
    for (int i = 1; i < N; i++)
        for (int j = i; j && (signed char)bytes[j - 1] > (signed char)bytes[j]; j--)
        {
            u8 t = bytes[j];
            bytes[j] = bytes[j - 1];
            bytes[j - 1] = t;
        }
    put_result("bytes", crc32(0, bytes, sizeof bytes));
    for (int i = 1; i < 5; i++)
        if (sums[i] != sums[0])
            return 1;
    return 0;
}
