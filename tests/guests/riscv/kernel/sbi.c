/* The firmware's services (RISC-V SBI specification 1.0): console, timer, system reset; and printing on top of them. */
#include "kernel.h"

#define EXTENSION_CONSOLE 1ul
#define EXTENSION_TIME 0x54494D45ul
#define EXTENSION_RESET 0x53525354ul

static long call(u64 extension, u64 function, u64 a, u64 b)
{
    register u64 a0 __asm__("a0") = a;
    register u64 a1 __asm__("a1") = b;
    register u64 a6 __asm__("a6") = function;
    register u64 a7 __asm__("a7") = extension;
    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a6), "r"(a7) : "memory");
    return (long)a0;
}

void sbi_set_timer(u64 time)
{
    if (call(EXTENSION_TIME, 0, time, 0) != 0)
        panic("the firmware has no timer");
}

void sbi_shutdown(void)
{
    call(EXTENSION_RESET, 0, 0, 0);
    for (;;)
        __asm__ volatile("wfi");
}

void print(const char *text)
{
    for (; *text; text++)
        call(EXTENSION_CONSOLE, 0, (u8)*text, 0);
}

void print_hex(u64 value)
{
    char digits[17];
    int at = 16;
    digits[at] = 0;
    do
        digits[--at] = "0123456789abcdef"[value & 15];
    while ((value >>= 4) != 0);
    print(digits + at);
}

void print_decimal(u64 value)
{
    char digits[21];
    int at = 20;
    digits[at] = 0;
    do
        digits[--at] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    print(digits + at);
}

void panic(const char *text)
{
    print("kernel: ");
    print(text);
    print("\n");
    sbi_shutdown();
}

void kernel_trap(void)
{
    print("kernel: trap ");
    print_hex(read_csr(scause));
    print(" at ");
    print_hex(read_csr(sepc));
    print(" value ");
    print_hex(read_csr(stval));
    print("\n");
    sbi_shutdown();
}
