/* Nested paging (APM vol. 2, 15.25), and a guest in real mode. */
#include "svm.h"

GUEST(touch, ON_FAULT(1f) "movl pages+0x4010, %ebx\n1:" ON_FAULT(2f) "movl %ebx, pages+0x4020\n2:\nmovl pages+0x4010, %ecx" DONE_CALL);
static void page_4(u32 bits)
{
    nested_identity();
    *(u32 *)(pages[4] + 0x10) = 0xABCD;
    *nested_entry((u32)pages[4]) = (*nested_entry((u32)pages[4]) & ~7u) | bits;
}
static void everything(void) { page_4(7); }
static void read_only(void) { page_4(5); }
static void supervisor(void) { page_4(3); }
static void absent(void) { page_4(0); }
static void another(void) { page_4(7); *nested_entry((u32)pages[4]) = (u32)pages[6] | 7; *(u32 *)(pages[6] + 0x10) = 0x66; }
GUEST(walks, ON_FAULT(1f) "movl 0x40000010, %ebx\n1:" DONE_CALL);
static void table_absent(void)
{
    nested_identity();
    guest_directory[TABLE_SPACE >> 22] = (u32)pages[7] | 0x27;
    *(u32 *)pages[7] = (u32)pages[0] | 0x67;
    *nested_entry((u32)pages[7]) = 0;
}

extern const u8 real_handler[], real_end[];
GUEST(real_guest, ".code16\nxorw %ax, %ax\nmovw %ax, %ds\nmovw %ax, %ss\nmovw $0x7000, %sp\nint $0x21\nmovw $0x1234, 0x6000\nxorl %eax, %eax\nmovzwl 0x6000, %ebx\nmovl %edi, %ecx\n"
      "movl $0x454E44, %eax\nvmmcall\n.globl real_handler\nreal_handler:\nincl %edi\niret\n.globl real_end\nreal_end:\n");
static void real_mode(void)
{
    memcpy((void *)LOW_CODE, real_guest, (u32)(real_end - real_guest));
    for (u32 offset = SAVE_ES; offset <= SAVE_GS; offset += 16)
        set_segment(offset, 0, 0x93, 0xFFFF, 0);
    set_segment(SAVE_CS, LOW_CODE >> 4, 0x9B, 0xFFFF, LOW_CODE);
    set_segment(SAVE_IDTR, 0, 0, 0x3FF, (u32)pages[9]);
    ((u32 *)pages[9])[0x21] = (LOW_CODE >> 4) << 16 | (u32)(real_handler - real_guest);
    set(SAVE_CR0, 0x10);
    set(SAVE_CR4, 0);
    set(SAVE_RIP, 0);
}

const struct scenario memory_scenarios[] = {
    { .name = "nested paging", .code = touch, .setup = everything, .needs = NEED_NESTED },
    { .name = "nested paging, read-only", .code = touch, .setup = read_only, .needs = NEED_NESTED },
    { .name = "nested paging, the supervisor's", .code = touch, .setup = supervisor, .needs = NEED_NESTED },
    { .name = "nested paging, absent", .code = touch, .setup = absent, .needs = NEED_NESTED },
    { .name = "nested paging, another page", .code = touch, .setup = another, .needs = NEED_NESTED },
    { .name = "nested paging, page table absent", .code = walks, .setup = table_absent, .needs = NEED_NESTED },
    { .name = "real mode", .code = real_guest, .setup = real_mode },
    { 0 } };
