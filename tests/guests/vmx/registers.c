/* Control and debug registers (SDM vol. 3, 25.1.3, 25.3): masks, shadows, targets, fixed bits. */
#include "vmx.h"

#define PE 0x1u
#define MP 0x2u
#define EM 0x4u
#define TS 0x8u
#define NE 0x20u
#define WP 0x10000u
#define PG 0x80000000u

GUEST(read_cr0, "movl %cr0, %ebx\nsmsw %ecx\nmovw $0, pages\nsmsw pages\nmovzwl pages, %edx\nmovl %cr4, %esi" DONE_CALL);
static void shadows(void)
{
    set(GUEST_CR0, PG | NE | PE | TS | WP);
    set(CR0_MASK, NE | TS | MP | WP);
    set(CR0_SHADOW, MP | EM | 0x40000);
    set(CR4_MASK, 0x2000 | 0x200);
    set(CR4_SHADOW, 0x200 | 0x80);
}

GUEST(writing_cr0, "movl %cr0, %eax\nmovl %eax, %cr0\norl $8, %eax\nmovl %eax, %cr0\norl $0x10000, %eax\nmovl %eax, %cr0\nmovl %cr0, %ebx" DONE_CALL);
static void wp_owned(void) { set(CR0_MASK, WP | NE); set(CR0_SHADOW, NE); }
static void wp_shadowed(void)
{
    set(CR0_MASK, WP | NE);
    set(CR0_SHADOW, WP);
}

GUEST(fixed_cr0, ON_FAULT(1f) "movl %cr0, %eax\nandl $~0x20, %eax\nmovl %eax, %cr0\n1:"  ON_FAULT(3f) "movl %cr4, %eax\nandl $~0x2000, %eax\n"
      "movl %eax, %cr4\n3:" ON_FAULT(4f) "movl %cr4, %eax\norl $0x80000000, %eax\nmovl %eax, %cr4\n4:" DONE_CALL);
GUEST(fixed_pg, ON_FAULT(1f) "movl %cr0, %eax\nandl $0x7FFFFFFF, %eax\nmovl %eax, %cr0\n1:" DONE_CALL);
static void all_owned(void) { set(CR0_MASK, ~0u); set(CR0_SHADOW, PG | PE | NE); set(CR4_MASK, ~0u); set(CR4_SHADOW, 0x2010); }

GUEST(ts_guest, "clts\nmovl %cr0, %ebx" DONE_CALL);
static void ts_free(void) { set(GUEST_CR0, get(GUEST_CR0) | TS); }
static void ts_owned(void) { ts_free(); set(CR0_MASK, TS); set(CR0_SHADOW, TS); }
static void ts_owned_clear(void) { ts_free(); set(CR0_MASK, TS); set(CR0_SHADOW, 0); }
static void ts_zero_owned(void) { set(CR0_MASK, TS); set(CR0_SHADOW, TS); }

GUEST(lmsw_guest, "movw $0x9, %ax\nlmsw %ax\nmovw $0x3, pages+8\nlmsw pages+8\nmovl $0xFFF0, %ecx\nlmsw %cx\nmovw $5, %dx\nlmsw %dx\n"
      "movl %cr0, %ebx" DONE_CALL);
static void msw_owned(void) { set(CR0_MASK, PE | TS); set(CR0_SHADOW, PE); }
static void msw_pe_owned(void) { set(CR0_MASK, PE); set(CR0_SHADOW, 0); }
static void msw_em_owned(void) { set(CR0_MASK, EM | MP); set(CR0_SHADOW, EM); }

GUEST(cr3_guest, "movl %cr3, %esi\nmovl $guest_directory, %esi\nmovl %esi, %cr3\nmovl %cr3, %ecx\nmovl $guest_table, %edx\n"
      "movl %edx, %cr3" DONE_CALL);
static void cr3_exits(void) { primary_set(PRI_CR3_LOAD | PRI_CR3_STORE); }
static void cr3_target(void)
{
    cr3_exits();
    set(CR3_TARGET_COUNT, 2);
    set(CR3_TARGET0, 0x12345000);
    set(CR3_TARGET1, (u32)guest_directory);
    set(CR3_TARGET2, (u32)guest_table);
}
static void cr3_target_uncounted(void) { cr3_target(); set(CR3_TARGET_COUNT, 1); }
GUEST(cr3_free, "movl %cr3, %eax\nmovl %eax, %cr3\nmovl %cr3, %ebx" DONE_CALL);

GUEST(cr4_guest, "movl %cr4, %eax\norl $0x80, %eax\nmovl %eax, %cr4\norl $0x100, %eax\nmovl %eax, %cr4\nxorl $8, %eax\nmovl %eax, %cr4\n"
      "movl %cr4, %ebx" DONE_CALL);
static void cr4_owned(void) { set(CR4_MASK, 0x2108); set(CR4_SHADOW, 0x2010); }
static void cr4_vmxe_hidden(void) { set(CR4_MASK, 0x2000); set(CR4_SHADOW, 0); }

GUEST(dr_guest, "movl $0x1234, %eax\nmovl %eax, %dr0\nmovl %dr0, %ebx\nmovl %dr7, %ecx\nmovl %ecx, %dr7\nmovl %edi, %dr3\nmovl %dr6, %ebp" DONE_CALL);
static void dr_exits(void) { primary_set(PRI_MOV_DR); }
GUEST(dr_first, ON_FAULT(1f) "movl %dr4, %eax\n1:" ON_FAULT(2f) "movl %eax, %dr5\n2:\nmovl %dr2, %esi" DONE_CALL);
static void dr_exits_in_3(void) { dr_exits(); guest_in_ring_3(); }
static void dr_in_3(void) { guest_in_ring_3(); }
static void dr_exits_de(void) { dr_exits(); set(GUEST_CR4, get(GUEST_CR4) | 8); }
static void dr_de(void) { set(GUEST_CR4, get(GUEST_CR4) | 8); }
GUEST(dr_faults, ON_FAULT(1f) "movl %dr4, %eax\n1:" ON_FAULT(2f) "movl %eax, %dr2\n2:" DONE_CALL);

/* DR7 comes from the VMCS and goes back to it with the debug controls. */
GUEST(dr7_guest, "movl %dr7, %ebx\nmovl $0x455, %eax\nmovl %eax, %dr7" DONE_CALL);
static void dr7_loaded(void)
{
    set(GUEST_DR7, 0x411);
    set(ENTRY_CONTROLS, get(ENTRY_CONTROLS) | ENTRY_LOAD_DEBUG);
    set(EXIT_CONTROLS, get(EXIT_CONTROLS) | EXIT_SAVE_DEBUG);
}
static enum action dr7_saved(u32 reason)
{
    if (reason == REASON_VMCALL && registers.eax == END)
        say("  DR7 field %h\n", get(GUEST_DR7));
    return DEFAULT;
}

static enum action show(u32 reason)
{
    if (reason == REASON_VMCALL && registers.eax == END)
        say("  cr0 %h cr4 %h cr3 %a\n", get(GUEST_CR0), get(GUEST_CR4), get(GUEST_CR3));
    return DEFAULT;
}

const struct scenario register_scenarios[] = {
    { .name = "reads of CR0 and CR4 through masks and shadows", .code = read_cr0, .setup = shadows, .handle = show },
    { .name = "writes of CR0, WP and NE owned", .code = writing_cr0, .setup = wp_owned, .handle = show },
    { .name = "writes of CR0, WP owned and shadowed as set", .code = writing_cr0, .setup = wp_shadowed, .handle = show },
    { .name = "writes of CR0, nothing owned", .code = writing_cr0, .handle = show },
    { .name = "fixed bits", .code = fixed_cr0, .handle = show },
    { .name = "fixed bit CR0.PG", .code = fixed_pg, .handle = show },
    { .name = "fixed bits, everything owned", .code = fixed_cr0, .setup = all_owned, .handle = show },
    { .name = "CLTS", .code = ts_guest, .setup = ts_free, .handle = show },
    { .name = "CLTS, TS owned and shadowed as set", .code = ts_guest, .setup = ts_owned, .handle = show },
    { .name = "CLTS, TS owned and shadowed as clear", .code = ts_guest, .setup = ts_owned_clear, .handle = show },
    { .name = "CLTS, TS clear, owned and shadowed as set", .code = ts_guest, .setup = ts_zero_owned, .handle = show },
    { .name = "LMSW", .code = lmsw_guest, .handle = show },
    { .name = "LMSW, PE and TS owned", .code = lmsw_guest, .setup = msw_owned, .handle = show },
    { .name = "LMSW, PE owned and shadowed as clear", .code = lmsw_guest, .setup = msw_pe_owned, .handle = show },
    { .name = "LMSW, MP and EM owned", .code = lmsw_guest, .setup = msw_em_owned, .handle = show },
    { .name = "CR3 without exiting", .code = cr3_free, .handle = show },
    { .name = "CR3 exiting", .code = cr3_guest, .setup = cr3_exits, .handle = show },
    { .name = "CR3 exiting, but for a target", .code = cr3_guest, .setup = cr3_target, .handle = show },
    { .name = "CR3 exiting, a target that does not count", .code = cr3_guest, .setup = cr3_target_uncounted, .handle = show },
    { .name = "CR4, some bits owned", .code = cr4_guest, .setup = cr4_owned, .handle = show },
    { .name = "CR4, VMXE hidden", .code = cr4_guest, .setup = cr4_vmxe_hidden, .handle = show },
    { .name = "MOV DR", .code = dr_guest },
    { .name = "MOV DR exiting", .code = dr_guest, .setup = dr_exits },
    { .name = "MOV DR exiting in ring 3", .code = dr_first, .setup = dr_exits_in_3 },
    { .name = "MOV DR exiting, DR4 with CR4.DE", .code = dr_first, .setup = dr_exits_de },
    { .name = "MOV DR in ring 3", .code = dr_faults, .setup = dr_in_3 },
    { .name = "MOV DR, DR4 with CR4.DE", .code = dr_faults, .setup = dr_de },
    { .name = "DR7 through entry and exit", .code = dr7_guest, .setup = dr7_loaded, .handle = dr7_saved },
    { 0 } };
