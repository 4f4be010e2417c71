/* A complete VMCB, and nested page tables. */
#include "svm.h"

u8 vmcb[4096] __attribute__((aligned(4096))), host_vmcb[4096] __attribute__((aligned(4096))), other_vmcb[4096] __attribute__((aligned(4096)));
u8 io_map[3 * 4096] __attribute__((aligned(4096))), msr_map[2 * 4096] __attribute__((aligned(4096)));
u32 svm_features;
static u32 nested_directory[1024] __attribute__((aligned(4096))), nested_tables[MEMORY_SIZE >> 22][1024] __attribute__((aligned(4096)));

/* Rights as in a descriptor; a VMCB has the upper four bits right above the lower eight. */
void set_segment(u32 offset, u32 selector, u32 rights, u32 limit, u32 base)
{
    set(offset, (rights & 0xFF) << 16 | (rights & 0xF000) << 12 | selector);
    set(offset + 4, limit);
    set(offset + 8, base);
    set(offset + 12, 0);
}

void guest_in_ring_3(void)
{
    set_segment(SAVE_CS, USER_CODE, 0xC0FB, 0xFFFFFFFF, 0);
    set_segment(SAVE_SS, USER_DATA, 0xC0F3, 0xFFFFFFFF, 0);
    set_segment(SAVE_DS, USER_DATA, 0xC0F3, 0xFFFFFFFF, 0);
    set_segment(SAVE_ES, USER_DATA, 0xC0F3, 0xFFFFFFFF, 0);
    vmcb[SAVE_CPL] = 3;
    set(SAVE_RSP, (u32)user_stack + sizeof user_stack - 16);
}

void make_vmcb(const void *entry)
{
    memset(vmcb, 0, sizeof vmcb);
    memset(io_map, 0, sizeof io_map);
    memset(msr_map, 0, sizeof msr_map);
    set(INTERCEPTS_1, I1_HLT | I1_SHUTDOWN);
    set(INTERCEPTS_2, I2_VMRUN | I2_VMMCALL);
    set(IO_MAP, (u32)io_map);
    set(MSR_MAP, (u32)msr_map);
    set(GUEST_ASID, 1);
    set(TLB_CONTROL, 1);
    set_segment(SAVE_CS, GUEST_CODE, 0xC09B, 0xFFFFFFFF, 0);
    for (u32 offset = SAVE_ES; offset <= SAVE_GS; offset += 16)
        if (offset != SAVE_CS)
            set_segment(offset, GUEST_DATA, 0xC093, 0xFFFFFFFF, 0);
    set_segment(SAVE_GDTR, 0, 0, sizeof guest_gdt - 1, (u32)guest_gdt);
    set_segment(SAVE_IDTR, 0, 0, sizeof guest_idt - 1, (u32)guest_idt);
    /* VMRUN does not ask for a busy TSS; QEMU 7.2 keeps loaded ones as available. */
    set_segment(SAVE_TR, GUEST_TASK, 0x89, sizeof guest_tss - 1, (u32)guest_tss);
    set(SAVE_EFER, EFER_SVME);
    set(SAVE_CR0, 0x80000011);
    set(SAVE_CR3, (u32)guest_directory);
    set(SAVE_CR4, 0x10);
    set(SAVE_DR6, 0xFFFF0FF0);
    set(SAVE_DR7, 0x400);
    set(SAVE_RFLAGS, 2);
    set(SAVE_RIP, (u32)entry);
    set(SAVE_RSP, GUEST_STACK_TOP);
    set(SAVE_PAT, 0x00070406);
    set(SAVE_PAT + 4, 0x00070406);
}

u32 *nested_entry(u32 address) { return &nested_tables[address >> 22][address >> 12 & 1023]; }

/* Nested tables have the format of the host's paging: 32-bit entries here. To nested paging every access is the user's. */
void nested_identity(void)
{
    for (u32 table = 0; table < MEMORY_SIZE >> 22; table++)
    {
        nested_directory[table] = (u32)nested_tables[table] | 7;
        for (u32 page = 0; page < 1024; page++)
            nested_tables[table][page] = table << 22 | page << 12 | 7;
    }
    set(NESTED_PAGING, 1);
    set(NESTED_CR3, (u32)nested_directory);
}
