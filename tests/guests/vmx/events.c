/* Exceptions that exit, events while others are delivered, triple faults (SDM vol. 3, 25.2, 27.2.2-27.2.4). */
#include "vmx.h"

/* Each fault goes on behind it, exits or not. */
GUEST(every_exception,
      ON_FAULT(1f) "xorl %edx, %edx\ndivl %edx\n1:\nint3\nmovb $0x7F, %al\naddb $1, %al\ninto\n" ON_FAULT(2f) "bound %eax, pages\n"
      "2:" ON_FAULT(3f) "ud2\n3:"
      ON_FAULT(4f) "movl $0x50, %eax\nmovl %eax, %ds\n4:" ON_FAULT(5f) "movl $0x58, %eax\nmovl %eax, %fs\n5:" ON_FAULT(6f) "movl $0x58, %eax\n"
      "movl %eax, %ss\n6:"
      ON_FAULT(7f) "movl $0x7F000000, %eax\nmovl %eax, %gs:(%eax)\n7:" ON_FAULT(8f) "int $0x20\n8:" ON_FAULT(9f) "int $0x90\n9:\n"
      ".byte 0xF1\n" DONE_CALL);
static void tables(void)
{
    __asm__ volatile("movl %0, %%dr6" : : "r"(0xFFFF0FF0));
    guest_gdt[10] = segment(0, 0xFFFFF, 0xC0FB) & ~(2ull << 40); /* 50: code, not readable */
    guest_gdt[11] = segment(0, 0xFFFFF, 0xC093) & ~(1ull << 47); /* 58: absent */
    guest_idt[0x20] &= ~(1ull << 47);
    guest_idt[0x90] = 0;
    registers.eax = 0;
    *(u32 *)pages[0] = 1;
    *(u32 *)(pages[0] + 4) = 2;
}
static void all_exceptions(void) { tables(); set(EXCEPTION_BITMAP, ~0u); }
static void step(void) { set(GUEST_INTERRUPTIBILITY, 0); }

/* Software exceptions are traps: go on behind them. */
static enum action traps(u32 reason)
{
    u32 event = get(EXIT_EVENT);
    if (reason == REASON_EXCEPTION && ((event & 0x7FF) == 0x603 || (event & 0x7FF) == 0x604 || (event & 0x7FF) == 0x501))
    {
        report_exit(reason);
        step();
        return SKIP;
    }
    return DEFAULT;
}

/* Vector and error code 4 go to a guest that uses no coprocessor: CR0.EM and CR0.TS. */
GUEST(no_coprocessor, ON_FAULT(1f) "fninit\n1:" DONE_CALL);
static void em(void) { set(GUEST_CR0, get(GUEST_CR0) | 4); set(EXCEPTION_BITMAP, 1 << 7); }
static void em_passes(void) { set(GUEST_CR0, get(GUEST_CR0) | 4); }

GUEST(alignment, ON_FAULT(1f) "pushfl\norl $0x40000, (%esp)\npopfl\nmovl pages+1, %eax\n1:\npushfl\nandl $~0x40000, (%esp)\npopfl" DONE_CALL);
static void ac(void) { guest_in_ring_3(); set(GUEST_CR0, get(GUEST_CR0) | 0x40000); set(EXCEPTION_BITMAP, 1 << 17); }

/* #PF: the mask and match decide which error codes exit (25.2). */
GUEST(page_faults, ON_FAULT(1f) "movl 0x40001004, %eax\n1:" ON_FAULT(2f) "movl %eax, 0x40001008\n2:" ON_FAULT(3f) "movl 0x40003000, %eax\n3:"
      ON_FAULT(4f) "movl %eax, 0x40002010\n4:" ON_FAULT(5f) "movl $0x40001010, %eax\njmp *%eax\n5:" ON_FAULT(6f) "lock; xaddl %eax, 0x40001018\n"
      "6:" DONE_CALL);
static void faults_of(u32 bitmap, u32 mask, u32 match)
{
    guest_in_ring_3();
    set(EXCEPTION_BITMAP, bitmap);
    set(PAGE_FAULT_MASK, mask);
    set(PAGE_FAULT_MATCH, match);
}
static void pf_none(void) { faults_of(0, 0, 0); }
static void pf_all(void) { faults_of(1 << 14, 0, 0); }
static void pf_all_inverted(void) { faults_of(0, 0, 1); }
static void pf_writes(void) { faults_of(1 << 14, 2, 2); }
static void pf_reads(void) { faults_of(0, 2, 2); }
static void pf_present(void) { faults_of(1 << 14, 3, 1); }
static void pf_never(void) { faults_of(1 << 14, 0, 8); }

/* #DB: what happened is in the qualification, DR6 stays as it was. */
GUEST(single_step, "pushfl\norl $0x100, (%esp)\npopfl\nnop\nnop\npushfl\nandl $~0x100, (%esp)\npopfl\nmovl %dr6, %ebx" DONE_CALL);
static void debug_state(void)
{
    set(ENTRY_CONTROLS, get(ENTRY_CONTROLS) | ENTRY_LOAD_DEBUG);
    set(EXIT_CONTROLS, get(EXIT_CONTROLS) | EXIT_SAVE_DEBUG);
}
static void db(void) { debug_state(); set(EXCEPTION_BITMAP, 2); __asm__ volatile("movl %0, %%dr6" : : "r"(0xFFFF0FF0)); }
static void db_passes(void) { debug_state(); __asm__ volatile("movl %0, %%dr6" : : "r"(0xFFFF0FF0)); }
static enum action steps(u32 reason)
{
    if (reason != REASON_EXCEPTION)
        return DEFAULT;
    report_exit(reason);
    set(GUEST_PENDING_DEBUG, 0);
    if (get(QUALIFICATION) & 0x200F)
        set(GUEST_RFLAGS, get(GUEST_RFLAGS) | 0x10000);
    return GO;
}
GUEST(breakpoints, "movl $pages+0x100, %eax\nmovl %eax, %dr0\nmovl $1f, %eax\nmovl %eax, %dr1\nmovl $0xD040F, %eax\nmovl %eax, %dr7\n"
      "movl %eax, pages+0x100\nmovl pages+0x104, %eax\n1:\nnop\n"
      "movl $pages+0x104, %edi\nstd\nmovl $2, %ecx\nrep stosl\ncld\nmovl $0x400, %eax\nmovl %eax, %dr7" DONE_CALL);
GUEST(general_detect, ON_FAULT(1f) "movl $0x2400, %eax\nmovl %eax, %dr7\nmovl %dr7, %ecx\n1:\nmovl %dr7, %esi" DONE_CALL);
GUEST(step_blocked, "pushfl\norl $0x100, (%esp)\npopfl\nmovl %ss, %eax\nmovl %eax, %ss\nnop\nmovl %eax, %ss\ncpuid\npushfl\nandl $~0x100, (%esp)\n"
      "popfl" DONE_CALL);

/* An event whose delivery faults: the fault's exit tells of both. */
GUEST(bad_gate, ON_FAULT(1f) "ud2\n1:" ON_FAULT(2f) "int $0x60\n2:" ON_FAULT(3f) "int3\n3:" DONE_CALL);
static void absent_gates(void)
{
    guest_idt[6] &= ~(1ull << 47);
    guest_idt[0x60] &= ~(1ull << 47);
    guest_idt[3] = 0;
    set(EXCEPTION_BITMAP, 1 << 11 | 1 << 13);
}
static void absent_gates_pass(void) { absent_gates(); set(EXCEPTION_BITMAP, 0); }
GUEST(bad_stack, ON_FAULT(1f) "int $0x60\n1:" ON_FAULT(2f) "ud2\n2:" DONE_CALL);
static void absent_stack(void) { guest_in_ring_3(); guest_tss[1] = TABLE_SPACE + 0x1800; set(EXCEPTION_BITMAP, 1 << 14); }
static void absent_tss(void) { guest_in_ring_3(); guest_tss[2] = 0x58; tables(); set(EXCEPTION_BITMAP, 1 << 10 | 1 << 12); }
static void absent_idt(void) { set(GUEST_IDTR_BASE, TABLE_SPACE + 0x1000); set(EXCEPTION_BITMAP, 1 << 14); }
static void double_fault(void) { guest_idt[6] = guest_idt[13] = 0; set(EXCEPTION_BITMAP, 1 << 8); }
static void double_fault_passes(void) { guest_idt[6] = guest_idt[13] = 0; guest_resume = 0; }
static void double_page_fault(void) { set(GUEST_IDTR_BASE, TABLE_SPACE + 0x1000); set(EXCEPTION_BITMAP, 1 << 8); }
GUEST(only_ud, "movl $1f, guest_resume\nud2\n1:" DONE_CALL);
static void triple_fault(void) { set(GUEST_IDTR_LIMIT, 0); }
static void triple_page_fault(void) { set(GUEST_IDTR_BASE, TABLE_SPACE + 0x1000); }
static void triple_after_gp(void) { set(GUEST_IDTR_LIMIT, 0); set(EXCEPTION_BITMAP, 1 << 13); }

/* RFLAGS.RF of the guest-state area after exits by faults, traps and instructions (27.3.3). */
GUEST(resume_flags, ON_FAULT(1f) "ud2\n1:\nint3\ncpuid\n.byte 0xF1\n" ON_FAULT(2f) "movl 0x40001004, %eax\n2:" ON_FAULT(3f) "int $0x60\n"
      "3:" DONE_CALL);
static void resume_flag_setup(void) { set(EXCEPTION_BITMAP, 1 << 1 | 1 << 3 | 1 << 6 | 1 << 14 | 1 << 11); guest_idt[0x60] &= ~(1ull << 47); }
enum action show_resume_flag(u32 reason)
{
    if (reason == REASON_VMCALL)
        return DEFAULT;
    report_exit(reason);
    say("  RF %d\n", get(GUEST_RFLAGS) >> 16 & 1);
    set(GUEST_RFLAGS, get(GUEST_RFLAGS) & ~0x10000u);
    if (!guest_resume)
        return SKIP;
    set(GUEST_RIP, guest_resume);
    guest_resume = 0;
    return GO;
}

/* INT n is not asked about by the bitmap. */
GUEST(software, "int $0x40\n.byte 0xCD, 0x03\n.byte 0xCD, 0x0D\n" DONE_CALL);
static void software_setup(void) { set(EXCEPTION_BITMAP, ~0u); guest_idt[3] |= 0x6000ull << 32; guest_idt[13] = gate((u32)guest_stubs + 0x50 * 16, GUEST_CODE, 0xEE); }

const struct scenario event_scenarios[] = {
    { .name = "exceptions in the guest", .code = every_exception, .setup = tables },
    { .name = "exceptions that exit", .code = every_exception, .setup = all_exceptions, .handle = traps },
    { .name = "no coprocessor", .code = no_coprocessor, .setup = em_passes },
    { .name = "no coprocessor, exiting", .code = no_coprocessor, .setup = em },
    { .name = "alignment check", .code = alignment, .setup = ac },
    { .name = "page faults in the guest", .code = page_faults, .setup = pf_none },
    { .name = "page faults, all exit", .code = page_faults, .setup = pf_all },
    { .name = "page faults, all exit by mismatch", .code = page_faults, .setup = pf_all_inverted },
    { .name = "page faults, writes exit", .code = page_faults, .setup = pf_writes },
    { .name = "page faults, all but writes exit by mismatch", .code = page_faults, .setup = pf_reads },
    { .name = "page faults, reads of present pages exit", .code = page_faults, .setup = pf_present },
    { .name = "page faults, none match", .code = page_faults, .setup = pf_never },
    { .name = "single step", .code = single_step, .setup = db_passes },
    { .name = "single step, exiting", .code = single_step, .setup = db, .handle = steps },
    { .name = "single step past MOV SS, exiting", .code = step_blocked, .setup = db, .handle = steps },
    { .name = "breakpoints", .code = breakpoints, .setup = db_passes },
    { .name = "breakpoints, exiting", .code = breakpoints, .setup = db, .handle = steps },
    { .name = "general detect", .code = general_detect, .setup = db_passes },
    { .name = "general detect, exiting", .code = general_detect, .setup = db },
    { .name = "bad gates in the guest", .code = bad_gate, .setup = absent_gates_pass },
    { .name = "bad gates, exiting", .code = bad_gate, .setup = absent_gates },
    { .name = "page fault while an event is delivered", .code = bad_stack, .setup = absent_stack },
    { .name = "bad stack segment while an event is delivered", .code = bad_stack, .setup = absent_tss },
    { .name = "page fault in the IDT", .code = only_ud, .setup = absent_idt },
    { .name = "double fault in the guest", .code = only_ud, .setup = double_fault_passes },
    { .name = "double fault, exiting", .code = only_ud, .setup = double_fault },
    { .name = "double fault after page faults, exiting", .code = only_ud, .setup = double_page_fault },
    { .name = "triple fault", .code = only_ud, .setup = triple_fault },
    { .name = "triple fault after page faults", .code = only_ud, .setup = triple_page_fault },
    { .name = "#GP instead of a triple fault", .code = only_ud, .setup = triple_after_gp },
    { .name = "the resume flag after exits", .code = resume_flags, .setup = resume_flag_setup, .handle = show_resume_flag },
    { .name = "software interrupts", .code = software, .setup = software_setup },
    { 0 } };
