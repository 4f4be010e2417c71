/* What the processes do: work that takes many slices, with memory of their own at the same addresses; the disk; and, at the end, what they may not. */
#define USER
#include "../kernel/kernel.h"

static u32 numbers[512];
static u8 sector[SECTOR_SIZE] __attribute__((aligned(512)));

static u64 call(u64 what, u64 a, u64 b)
{
    register u64 a0 __asm__("a0") = a;
    register u64 a1 __asm__("a1") = b;
    register u64 a7 __asm__("a7") = what;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a7) : "memory");
    return a0;
}

static void print(const char *text) { call(CALL_PRINT, (u64)text, 0); }

static void print_number(const char *text, u32 value)
{
    char line[64];
    int at = 0;
    for (; text[at]; at++)
        line[at] = text[at];
    for (int shift = 28; shift >= 0; shift -= 4)
        line[at++] = "0123456789abcdef"[value >> shift & 15];
    line[at] = 0;
    print(line);
}

/* Sorts pseudo-random numbers again and again; the other process does the same with others, at the same addresses. */
static u32 work(u32 seed)
{
    u32 sum = 0;
    for (int round = 0; round < 4; round++)
    {
        for (int i = 0; i < 512; i++)
        {
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            numbers[i] = seed;
        }
        for (int i = 1; i < 512; i++)
        {
            u32 value = numbers[i];
            int at = i;
            for (; at > 0 && numbers[at - 1] > value; at--)
                numbers[at] = numbers[at - 1];
            numbers[at] = value;
        }
        for (int i = 0; i < 512; i++)
            sum = (sum << 5 | sum >> 27) ^ numbers[i] * 0x9E3779B1u;
    }
    return sum;
}

static void use_disk(u64 number)
{
    if (call(CALL_READ, number, (u64)sector) != 0)
        print("the disk cannot be read");
    print((const char *)sector);
    for (u64 i = 0; i < SECTOR_SIZE; i++)
        sector[i] = (u8)(i + number);
    if (call(CALL_WRITE, 4 + number, (u64)sector) != 0)
        print("the disk cannot be written");
    for (u64 i = 0; i < SECTOR_SIZE; i++)
        sector[i] = 0;
    if (call(CALL_READ, 4 + number, (u64)sector) != 0)
        print("the disk cannot be read again");
    u64 wrong = 0;
    for (u64 i = 0; i < SECTOR_SIZE; i++)
        wrong += sector[i] != (u8)(i + number);
    print(wrong ? "the sector written reads differently" : "the sector written reads back");
    print(call(CALL_READ, 1000000, (u64)sector) == 1 ? "beyond the end of the disk is an error" : "beyond the end of the disk is no error");
}

__attribute__((section(".start"), noreturn)) void _start(u64 number)
{
    print_number("sorted: ", work(2463534242u + (u32)number));
    use_disk(number);
    print_number("sorted: ", work(88172645u + (u32)number));
    if (number == 0)
        *(volatile u32 *)0x80200000ul = 0; /* the kernel's */
    call(CALL_EXIT, 42, 0);
    for (;;)
        ;
}
