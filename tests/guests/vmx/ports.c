/* I/O instructions and MSR accesses with and without bitmaps, MSR areas (SDM vol. 3, 25.1.3, 26.4, 27.4, 27.6). */
#include "vmx.h"

GUEST(io_guest, "inb $0x80, %al\ninl $0x84, %eax\noutb %al, $0x90\nmovl $0x1234, %edx\ninw %dx, %ax\noutl %eax, %dx\n"
      "data16 outl %eax, %dx" DONE_CALL);
static void io_exits(void) { primary_set(PRI_IO); }

static void port_exits(u32 port) { io_bitmaps[port >> 15][(port & 0x7FFF) >> 3] |= (u8)(1 << (port & 7)); }
static void io_bitmap(void)
{
    primary_set(PRI_IO_BITMAPS);
    port_exits(0x80);
    port_exits(0x8001);
}
static void io_bitmap_and_all(void) { io_bitmap(); primary_set(PRI_IO); }
GUEST(bitmap_guest, "inb $0x80, %al\ninb $0x84, %al\ninw $0x7F, %ax\ninl $0x7D, %eax\ninl $0x7C, %eax\nmovw $0x7FFE, %dx\ninl %dx, %eax\n"
      "movw $0x8001, %dx\noutb %al, %dx\n"
      "movw $0x7FFD, %dx\ninl %dx, %eax\nmovw $0xFFFF, %dx\ninw %dx, %ax\nmovw $0xFFFD, %dx\ninl %dx, %eax\nmovw $0xFFFF, %dx\n"
      "inb %dx, %al" DONE_CALL);

GUEST(string_guest, "movl $pages+0x20, %esi\nmovl $pages+0x40, %edi\nmovl $0x80, %edx\nmovl $3, %ecx\nrep outsb\nrep insl\ninsw\n"
      "outsw %ss:(%esi), %dx\noutsl %fs:(%esi), %dx\nstd\n"
      "rep outsw\ncld\nmovl $0x21, %esi\nmovl $0x41, %edi\naddr16 rep insb\naddr16 outsb" DONE_CALL);

/* Ports that pass go through; REP counts down to the end. */
GUEST(string_passes, "movl $pages+0x20, %esi\nmovl $0xE9, %edx\nmovl $3, %ecx\nmovl $0x0A2E2E20, pages+0x20\nmovl $0, %ecx\nrep outsb\n"
      "movl $4, %ecx\nrep outsb\nmovl %ecx, %ebx" DONE_CALL);

static void io_in_3(void) { guest_in_ring_3(); io_exits(); }
static void io_in_3_allowed(void) { io_in_3(); set(GUEST_RFLAGS, 0x3002); }
GUEST(user_io, ON_FAULT(1f) "inb $0x80, %al\n1:" ON_FAULT(2f) "movl $pages, %edi\nmovl $0x80, %edx\ninsb\n2:" DONE_CALL);

GUEST(msr_guest, "movl $0x174, %ecx\nmovl $0x1111, %eax\nxorl %edx, %edx\nwrmsr\nrdmsr\nmovl %eax, %ebx\nmovl $0x175, %ecx\nrdmsr\nwrmsr\n"
      "movl $0xC0000080, %ecx\nrdmsr\nwrmsr\n"
      "movl $0x2000, %ecx\nrdmsr\nmovl $0xC0002000, %ecx\nwrmsr\nmovl $0x40000000, %ecx\nrdmsr\nxorl %ecx, %ecx\nxorl %edx, %edx" DONE_CALL);
static void all_msrs(void) { primary_clear(PRI_MSR_BITMAPS); }
static void some_msrs(void)
{
    memset(msr_bitmap, 0xFF, sizeof msr_bitmap);
    msr_bitmap[0x174 >> 3] = 0;              /* reads of 0x170-0x177 pass */
    msr_bitmap[2048 + (0x174 >> 3)] = 0x20;  /* ... and writes, but that of 0x175 */
}
static void high_msrs(void)
{
    memset(msr_bitmap, 0, sizeof msr_bitmap);
    msr_bitmap[1024 + (0x80 >> 3)] = 1;
    msr_bitmap[3072 + (0x80 >> 3)] = 1;
}
static enum action saved_msrs(u32 reason)
{
    if (reason == REASON_VMCALL && registers.eax == END)
        say("  SYSENTER %h %h %h\n", get(GUEST_SYSENTER_CS), get(GUEST_SYSENTER_ESP), get(GUEST_SYSENTER_EIP));
    return DEFAULT;
}
GUEST(msr_faults, ON_FAULT(1f) "movl $0x1FFF, %ecx\nrdmsr\n1:" ON_FAULT(2f) "wrmsr\n2:" DONE_CALL);
GUEST(msr_in_3, ON_FAULT(1f) "movl $0x174, %ecx\nrdmsr\n1:" ON_FAULT(2f) "wrmsr\n2:" DONE_CALL);
static void all_msrs_in_3(void) { guest_in_ring_3(); all_msrs(); }

/* Loaded at entry, stored and loaded at exit, in the order of the areas. */
static void entry_of(u32 area, u32 n, u32 index, u32 value) { msr_area[area][n] = (struct msr_entry){ index, 0, value, 0 }; }
static void areas(void)
{
    entry_of(2, 0, 0x174, 0x1111);
    entry_of(2, 1, 0x175, 0x2222);
    entry_of(2, 2, 0x174, 0x3333);
    set(ENTRY_LOAD_COUNT, 3);
    entry_of(0, 0, 0x174, 0);
    entry_of(0, 1, 0x176, 0);
    set(EXIT_STORE_COUNT, 2);
    entry_of(1, 0, 0x176, 0x6666);
    entry_of(1, 1, 0x174, 0x7777);
    set(EXIT_LOAD_COUNT, 2);
}
GUEST(areas_guest, "movl $0x174, %ecx\nrdmsr\nmovl %eax, %ebx\nmovl $0x175, %ecx\nrdmsr\nmovl %eax, %esi\nmovl $0x176, %ecx\nmovl $0x4444, %eax\n"
      "xorl %edx, %edx\nwrmsr\n"
      "movl $0x174, %ecx\nmovl $0x5555, %eax\nwrmsr\nxorl %ecx, %ecx" DONE_CALL);
static enum action areas_done(u32 reason)
{
    u64 a, b, c;
    if (reason != REASON_VMCALL)
        return DEFAULT;
    read_msr(0x174, &a);
    read_msr(0x175, &b);
    read_msr(0x176, &c);
    say("  stored %h %h, host has %h %h %h\n", msr_area[0][0].low, msr_area[0][1].low, (u32)a, (u32)b, (u32)c);
    return DEFAULT;
}
GUEST(never, DONE_CALL);
static void bad_msr(void) { areas(); entry_of(2, 1, 0xC0000100, 0); }
static void gs_base(void) { areas(); entry_of(2, 0, 0xC0000101, 0); }
static void reserved_msr(void) { areas(); msr_area[2][2].reserved = 1; }
static void x2apic_msr(void) { areas(); entry_of(2, 0, 0x808, 0); }
static void no_msr(void) { areas(); entry_of(2, 2, 0x1FFF, 0); }
static void smm_msr(void) { areas(); entry_of(2, 0, 0x9B, 0); }

const struct scenario io_scenarios[] = {
    { .name = "I/O exiting", .code = io_guest, .setup = io_exits },
    { .name = "I/O bitmaps", .code = bitmap_guest, .setup = io_bitmap },
    { .name = "I/O bitmaps and I/O exiting", .code = bitmap_guest, .setup = io_bitmap_and_all },
    { .name = "string I/O exiting", .code = string_guest, .setup = io_exits },
    { .name = "string I/O that passes", .code = string_passes, .setup = io_bitmap },
    { .name = "I/O in ring 3 that faults", .code = user_io, .setup = io_in_3 },
    { .name = "I/O in ring 3", .code = user_io, .setup = io_in_3_allowed },
    { .name = "MSR accesses, no bitmaps", .code = msr_guest, .setup = all_msrs, .handle = saved_msrs },
    { .name = "MSR accesses, some pass", .code = msr_guest, .setup = some_msrs, .handle = saved_msrs },
    { .name = "MSR accesses, high ones exit", .code = msr_guest, .setup = high_msrs, .handle = saved_msrs },
    { .name = "MSR accesses that fault in the guest", .code = msr_faults },
    { .name = "MSR accesses in ring 3", .code = msr_in_3, .setup = all_msrs_in_3 },
    { .name = "MSR areas", .code = areas_guest, .setup = areas, .handle = areas_done },
    { .name = "MSR area: FS base", .code = never, .setup = bad_msr },
    { .name = "MSR area: GS base", .code = never, .setup = gs_base },
    { .name = "MSR area: reserved bits", .code = never, .setup = reserved_msr },
    { .name = "MSR area: x2APIC", .code = never, .setup = x2apic_msr },
    { .name = "MSR area: no such MSR", .code = never, .setup = no_msr },
    { .name = "MSR area: SMM monitor control", .code = never, .setup = smm_msr },
    { 0 } };
