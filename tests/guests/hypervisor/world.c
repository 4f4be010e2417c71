/* What a guest finds: descriptor tables, page tables, task state segments, stacks. All of it in the identity mapping it shares with the host. */
#include "hypervisor.h"

struct guest_registers registers;
volatile u32 guest_resume;
u8 pages[16][4096] __attribute__((aligned(4096)));
u64 guest_gdt[16] __attribute__((aligned(16))), guest_idt[256] __attribute__((aligned(16)));
u32 guest_directory[1024] __attribute__((aligned(4096))), guest_table[1024] __attribute__((aligned(4096)));
u32 guest_tss[26] __attribute__((aligned(128))), other_tss[26] __attribute__((aligned(128)));
u8 guest_stack[8192] __attribute__((aligned(4096))), user_stack[4096] __attribute__((aligned(4096)));
static u8 other_stack[1024] __attribute__((aligned(16)));

void clear(void *start, u32 bytes)
{
    bytes /= 4;
    __asm__ volatile("rep stosl" : "+D"(start), "+c"(bytes) : "a"(0) : "memory");
}

void make_world(void)
{
    memset(&registers, 0, sizeof registers);
    guest_resume = 0;
    clear(pages, sizeof pages);
    memset(guest_gdt, 0, sizeof guest_gdt);
    guest_gdt[1] = segment(0, 0xFFFFF, 0xC09B);
    guest_gdt[2] = segment(0, 0xFFFFF, 0xC093);
    guest_gdt[3] = segment(0, 0xFFFFF, 0xC0FB);
    guest_gdt[4] = segment(0, 0xFFFFF, 0xC0F3);
    guest_gdt[5] = segment((u32)guest_tss, sizeof guest_tss - 1, 0x008B);
    guest_gdt[6] = segment((u32)other_tss, sizeof other_tss - 1, 0x0089);
    guest_gdt[7] = gate(0, OTHER_TASK, 0x85);
    guest_gdt[8] = segment(0, 0xFFFFF, 0x809B);
    guest_gdt[9] = segment(0, 0xFFFF, 0x0093);
    for (u32 vector = 0; vector < 256; vector++)
        guest_idt[vector] = gate((u32)guest_stubs + vector * 16, GUEST_CODE, vector >= 0x40 ? 0xEE : 0x8E);

    /* 4 MiB pages of everything for everyone, and a table for experiments: page 0 writable, 1 absent, 2 read-only, 3 the supervisor's. */
    clear(guest_directory, sizeof guest_directory);
    clear(guest_table, sizeof guest_table);
    for (u32 i = 0; i < MEMORY_SIZE >> 22; i++)
        guest_directory[i] = i << 22 | 0xE7; /* accessed and dirty: a walk writes nothing */
    guest_directory[TABLE_SPACE >> 22] = (u32)guest_table | 0x27;
    guest_table[0] = (u32)pages[0] | 7;
    guest_table[2] = (u32)pages[2] | 5;
    guest_table[3] = (u32)pages[3] | 3;

    memset(guest_tss, 0, sizeof guest_tss);
    guest_tss[1] = GUEST_STACK_TOP;
    guest_tss[2] = GUEST_DATA;
    guest_tss[25] = sizeof guest_tss << 16;
    memset(other_tss, 0, sizeof other_tss);
    other_tss[1] = (u32)other_stack + sizeof other_stack;
    other_tss[2] = GUEST_DATA;
    other_tss[7] = (u32)guest_directory;
    other_tss[9] = 2;
    other_tss[14] = other_tss[1];
    other_tss[18] = other_tss[20] = other_tss[21] = other_tss[22] = other_tss[23] = GUEST_DATA;
    other_tss[19] = GUEST_CODE;
    other_tss[25] = sizeof other_tss << 16;
}
