/* EPT (SDM vol. 3, 28.2): violations and misconfigurations, page walks through EPT, large pages, accessed and dirty flags, INVEPT and INVVPID. */
#include "vmx.h"

#define R 1u
#define W 2u
#define X 4u
#define PAGE(n) ((u32)pages[n])

static void rights(u32 n, u32 bits)
{
    *ept_entry(PAGE(n)) = (*ept_entry(PAGE(n)) & ~7ull) | bits;
    ept_flush();
}

static void identity(void) { ept_identity(0); }

/* A read, a write, both at once, and a fetch of page 4. */
GUEST(touch, "movl $0x11, pages+0x5000\n" ON_FAULT(1f) "movl pages+0x4010, %ebx\n1:" ON_FAULT(2f) "movl %eax, pages+0x4020\n"
      "2:" ON_FAULT(3f) "movb $1, pages+0x4030\n3:"
      ON_FAULT(4f) "movl $pages+0x4040, %edx\ncall *%edx\n4:\nmovl pages+0x4010, %ecx\nxorl %edx, %edx" DONE_CALL);
static void page_4(u32 bits)
{
    identity();
    memset(pages[4], 0xC3, sizeof pages[4]); /* RET */
    *(u32 *)(pages[4] + 0x10) = 0xABCD;
    rights(4, bits);
}
static void identity_large(void) { page_4(R | W | X); ept_identity(1); }
static void rwx(void) { page_4(R | W | X); }
static void rx(void) { page_4(R | X); }
static void rw(void) { page_4(R | W); }
static void r_only(void) { page_4(R); }
static void x_only(void) { page_4(X); }
static void nothing(void) { page_4(0); }
static void w_only(void) { page_4(W); }
static void wx_only(void) { page_4(W | X); }
static void memory_type_7(void) { page_4(R | W | X); *ept_entry(PAGE(4)) |= 7 << 3; ept_flush(); }
static void beyond(void) { page_4(R | W | X); *ept_entry(PAGE(4)) |= 1ull << 51; ept_flush(); }
static void ignored_bits(void) { page_4(R | W | X); *ept_entry(PAGE(4)) |= 0xC00 | 1ull << 55; ept_flush(); }
static void read_only_region(void) { page_4(R | W | X); ept_regions[PAGE(4) >> 21] &= ~(u64)W; ept_flush(); }
static void no_fetch_gigabyte(void) { page_4(R | W | X); ept_gigabytes[0] &= ~(u64)X; ept_flush(); }
static void reserved_in_table(void) { page_4(R | W | X); ept_regions[PAGE(4) >> 21] |= 0x40; ept_flush(); }

/* Give back what is missing after each violation, and try again. */
static enum action give(u32 reason)
{
    if (reason != REASON_EPT_VIOLATION)
        return DEFAULT;
    report_exit(reason);
    *ept_entry(get(PHYSICAL_ADDRESS)) |= (get(QUALIFICATION) & 7) | R;
    ept_regions[get(PHYSICAL_ADDRESS) >> 21] |= get(QUALIFICATION) & 7;
    ept_gigabytes[0] |= get(QUALIFICATION) & 7;
    ept_flush();
    return GO;
}

/* The guest's physical memory is not the host's: page 6 is found where page 4 should be. */
GUEST(remapped, "movl pages+0x4000, %ebx\nmovl pages+0x6000, %ecx\nmovl $0x77, pages+0x4004\nmovl pages+0x6004, %edx" DONE_CALL);
static void remap(void)
{
    identity();
    *(u32 *)pages[4] = 0x44;
    *(u32 *)pages[6] = 0x66;
    *ept_entry(PAGE(4)) = (*ept_entry(PAGE(4)) & 0xFFF) | PAGE(6);
    ept_flush();
}

/* Beyond what is mapped. */
GUEST(beyond_memory, ON_FAULT(1f) "movl 0x3F000010, %eax\n1:" DONE_CALL);
static void map_high(void) { identity(); guest_directory[0x3F000000 >> 22] = 0x3F000087; }

/* The guest's own tables are guest-physical. Page 7 is its page table for TABLE_SPACE. */
GUEST(walks, ON_FAULT(1f) "movl 0x40000010, %ebx\n1:" ON_FAULT(2f) "movl %eax, 0x40000014\n2:\nmovl pages+0x7000, %esi\nandl $0xFFF, %esi" DONE_CALL);
static void own_table(u32 bits, u32 entry)
{
    identity();
    guest_directory[TABLE_SPACE >> 22] = PAGE(7) | 0x27;
    *(u32 *)pages[7] = PAGE(0) | entry;
    rights(7, bits);
}
static void table_absent(void) { own_table(0, 7); }
static void table_read_only(void) { own_table(R, 7); }
static void table_read_only_accessed(void) { own_table(R, 0x27); }
static void table_misconfigured(void) { own_table(W, 7); }
static void directory_absent(void) { identity(); set(GUEST_CR3, PAGE(7)); memcpy(pages[7], guest_directory, 4096); rights(7, 0); }

/* Delivery of an event through memory that EPT does not give. */
GUEST(delivers, ON_FAULT(1f) "ud2\n1:" ON_FAULT(2f) "int $0x40\n2:" DONE_CALL);
static void stack_absent(void) { identity(); set(GUEST_RSP, PAGE(5)); rights(4, 0); }
static void injected_absent(void) { stack_absent(); set(GUEST_RFLAGS, 0x202); set(ENTRY_EVENT, 0x80000030); }
static void idt_absent(void) { identity(); memcpy(pages[4], guest_idt, sizeof guest_idt); set(GUEST_IDTR_BASE, PAGE(4)); rights(4, 0); }

GUEST(resumes, ON_FAULT(1f) "movl pages+0x4000, %eax\n1:" ON_FAULT(2f) "ud2\n2:" ON_FAULT(3f) "int $0x40\n3:" DONE_CALL);

/* Guest page faults come before EPT violations, and need no exit. */
GUEST(fault_first, ON_FAULT(1f) "movl 0x40001000, %eax\n1:" ON_FAULT(2f) "movl %eax, 0x40002000\n2:\nmovl 0x40002000, %ebx" DONE_CALL);
static void fault_first_setup(void)
{
    identity();
    set(GUEST_CR0, get(GUEST_CR0) | 0x10000);
    rights(2, R);
    *(u32 *)pages[2] = 0x22;
}
GUEST(across, ON_FAULT(1f) "movl pages+0x3FFE, %eax\n1:" ON_FAULT(2f) "movl %eax, pages+0x4FFE\n2:" DONE_CALL);
static void across_setup(void) { identity(); rights(4, 0); }

/* Accessed and dirty flags of EPT. */
GUEST(accesses, "movl pages+0x4000, %eax\nmovl %eax, pages+0x5000" DONE_CALL);
static void flags_on(void) { identity(); set64(EPT_POINTER, ept_pointer() | 0x40); ept_flush(); }
static enum action show_flags(u32 reason)
{
    if (reason == REASON_VMCALL)
        say("  read %h written %h untouched %h region %h\n", (u32)*ept_entry(PAGE(4)) & 0x300, (u32)*ept_entry(PAGE(5)) & 0x300, (u32)*ept_entry(PAGE(6)) & 0x300,
            (u32)ept_regions[PAGE(4) >> 21] & 0x300);
    return DEFAULT;
}

/* INVEPT and INVVPID. */
static u64 none[2], something[2] = { 0x0003000200010000ull, 0 };
/* A type that not every processor offers. */
static void say_if(u32 capability, const char *what, u32 outcome)
{
    if (ept_capabilities >> capability & 1)
        say_outcome(what, outcome);
    else
        say("  %s: not offered\n", what);
}
static void invept_cases(void)
{
    u64 pointer[2] = { ept_pointer(), 0 }, bad[2] = { ept_pointer() | 0x38, 0 };
    make_vmcs(touch);
    say_if(25, "single context", inv_ept(1, pointer));
    say_if(26, "all contexts", inv_ept(2, none));
    say_outcome("type 0", inv_ept(0, pointer));
    say_outcome("type 3", inv_ept(3, pointer));
    say_outcome("type 2^31+1", inv_ept(0x80000001u, pointer));
    say_if(25, "single context, a pointer that entry would refuse", inv_ept(1, bad));
    say_if(26, "all contexts, a pointer that entry would refuse", inv_ept(2, bad));
    vmcs_clear((u32)vmcs_a);
    say_outcome("no current VMCS, type 3", inv_ept(3, pointer));
    say_if(26, "no current VMCS, all contexts", inv_ept(2, none));
}
static void invvpid_cases(void)
{
    u64 one[2] = { 1, 0x1000 }, zero[2] = { 0, 0x1000 }, reserved[2] = { 0x10001, 0x1000 };
    make_vmcs(touch);
    say_if(40, "individual address", inv_vpid(0, one));
    say_if(41, "single context", inv_vpid(1, one));
    say_if(42, "all contexts", inv_vpid(2, none));
    say_if(43, "single context but globals", inv_vpid(3, one));
    say_outcome("type 4", inv_vpid(4, one));
    say_outcome("type 2^31", inv_vpid(0x80000000u, one));
    say_if(40, "individual address of VPID 0", inv_vpid(0, zero));
    say_if(41, "single context of VPID 0", inv_vpid(1, zero));
    say_if(43, "single context but globals of VPID 0", inv_vpid(3, zero));
    say_if(42, "all contexts of VPID 0", inv_vpid(2, zero));
    say_if(40, "individual address, reserved bits", inv_vpid(0, reserved));
    say_if(42, "all contexts, reserved bits", inv_vpid(2, something));
    vmcs_clear((u32)vmcs_a);
    say_outcome("no current VMCS, type 4", inv_vpid(4, one));
}

/* With VPIDs translations may stay through exits and entries; after INVVPID, or without VPIDs, they do not. */
GUEST(reads_again, "movl 0x40000000, %ebx\nmovl $1, %eax\nvmcall\nmovl 0x40000000, %ecx" DONE_CALL);
static void two_pages(void) { *(u32 *)pages[0] = 0x10; *(u32 *)pages[4] = 0x14; }
static void vpid(void) { two_pages(); set(VPID, 5); secondary_set(SEC_VPID); }
static enum action other_page(u32 reason)
{
    u64 descriptor[2] = { 5, 0x40000000 };
    if (reason != REASON_VMCALL || registers.eax != 1)
        return DEFAULT;
    guest_table[0] = PAGE(4) | 7;
    if (get(SECONDARY_CONTROLS) & SEC_VPID && get(PRIMARY_CONTROLS) & PRI_SECONDARY)
        say_outcome("invvpid", inv_vpid(0, descriptor));
    return SKIP;
}

const struct scenario ept_scenarios[] = {
    { .name = "EPT, everything allowed", .code = touch, .setup = rwx, .needs = NEED_EPT },
    { .name = "EPT, read and fetch", .code = touch, .setup = rx, .needs = NEED_EPT },
    { .name = "EPT, read and write", .code = touch, .setup = rw, .needs = NEED_EPT },
    { .name = "EPT, read", .code = touch, .setup = r_only, .needs = NEED_EPT },
    { .name = "EPT, fetch", .code = touch, .setup = x_only, .needs = NEED_EXECUTE_ONLY },
    { .name = "EPT, nothing", .code = touch, .setup = nothing, .needs = NEED_EPT },
    { .name = "EPT, nothing, given on demand", .code = touch, .setup = nothing, .handle = give, .needs = NEED_EPT },
    { .name = "EPT, write", .code = touch, .setup = w_only, .needs = NEED_EPT },
    { .name = "EPT, write and fetch", .code = touch, .setup = wx_only, .needs = NEED_EPT },
    { .name = "EPT, memory type 7", .code = touch, .setup = memory_type_7, .needs = NEED_EPT },
    { .name = "EPT, beyond the physical addresses", .code = touch, .setup = beyond, .needs = NEED_EPT },
    { .name = "EPT, ignored bits", .code = touch, .setup = ignored_bits, .needs = NEED_EPT },
    { .name = "EPT, region not writable", .code = touch, .setup = read_only_region, .needs = NEED_EPT },
    { .name = "EPT, gigabyte not executable", .code = touch, .setup = no_fetch_gigabyte, .handle = give, .needs = NEED_EPT },
    { .name = "EPT, reserved bit of a table entry", .code = touch, .setup = reserved_in_table, .needs = NEED_EPT },
    { .name = "EPT, pages of 2 MiB", .code = touch, .setup = identity_large, .needs = NEED_EPT_2M },
    { .name = "EPT, another page", .code = remapped, .setup = remap, .needs = NEED_EPT },
    { .name = "EPT, not mapped", .code = beyond_memory, .setup = map_high, .needs = NEED_EPT },
    { .name = "EPT, page table absent", .code = walks, .setup = table_absent, .handle = give, .needs = NEED_EPT },
    { .name = "EPT, page table read-only", .code = walks, .setup = table_read_only, .handle = give, .needs = NEED_EPT },
    { .name = "EPT, page table read-only, page accessed", .code = walks, .setup = table_read_only_accessed, .handle = give, .needs = NEED_EPT },
    { .name = "EPT, page table misconfigured", .code = walks, .setup = table_misconfigured, .needs = NEED_EPT },
    { .name = "EPT, page directory absent", .code = walks, .setup = directory_absent, .needs = NEED_EPT },
    { .name = "EPT, stack absent in event delivery", .code = delivers, .setup = stack_absent, .needs = NEED_EPT },
    { .name = "EPT, stack absent for an injected event", .code = delivers, .setup = injected_absent, .needs = NEED_EPT },
    { .name = "EPT, the resume flag after violations", .code = resumes, .setup = stack_absent, .handle = show_resume_flag, .needs = NEED_EPT },
    { .name = "EPT, IDT absent", .code = delivers, .setup = idt_absent, .needs = NEED_EPT },
    { .name = "EPT, guest page faults first", .code = fault_first, .setup = fault_first_setup, .needs = NEED_EPT },
    { .name = "EPT, access across pages", .code = across, .setup = across_setup, .needs = NEED_EPT },
    { .name = "EPT, accessed and dirty flags", .code = accesses, .setup = flags_on, .handle = show_flags, .needs = NEED_EPT_AD },
    { .name = "EPT, no accessed and dirty flags", .code = accesses, .setup = identity, .handle = show_flags, .needs = NEED_EPT },
    { .name = "INVEPT", .setup = invept_cases, .needs = NEED_EPT },
    { .name = "INVVPID", .setup = invvpid_cases, .needs = NEED_VPID },
    { .name = "page table changed between exit and entry", .code = reads_again, .setup = two_pages, .handle = other_page },
    { .name = "page table changed, VPID, INVVPID", .code = reads_again, .setup = vpid, .handle = other_page, .needs = NEED_VPID },
    { 0 } };
