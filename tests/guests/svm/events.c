/* Exceptions, injection, virtual interrupts, shutdown (APM vol. 2, 15.12-15.14, 15.20-15.21). */
#include "svm.h"

GUEST(faults, ON_FAULT(1f) "xorl %edx, %edx\ndivl %edx\n1:" ON_FAULT(2f) "ud2\n2:" ON_FAULT(3f) "movl $0x58, %eax\nmovl %eax, %fs\n3:" ON_FAULT(4f) "movl $0x50, %eax\nmovl %eax, %ds\n4:"
      ON_FAULT(5f) "movl %eax, 0x40001004\n5:" ON_FAULT(6f) "int $0x20\n6:\nint $0x40" DONE_CALL);
static void tables(void)
{
    guest_gdt[10] = segment(0, 0xFFFFF, 0xC0FB) & ~(2ull << 40);
    guest_gdt[11] = segment(0, 0xFFFFF, 0xC093) & ~(1ull << 47);
    guest_idt[0x20] &= ~(1ull << 47);
}
static void all(void) { tables(); set(EXCEPTION_INTERCEPTS, ~0u); }
GUEST(only_ud, "movl $1f, guest_resume\nud2\n1:" DONE_CALL);
static void triple(void) { set(SAVE_IDTR + 4, 0); }
static void double_fault(void) { guest_idt[6] = guest_idt[13] = 0; set(EXCEPTION_INTERCEPTS, 1 << 8); }
static void absent_gate(void) { guest_idt[6] &= ~(1ull << 47); set(EXCEPTION_INTERCEPTS, 1 << 11); }

GUEST(nops, "nop\nnop\nnop" DONE_CALL);
static void inject(u32 event, u32 code) { set(EVENT_INJECTION, 1u << 31 | event); set(EVENT_INJECTION + 4, code); }
static void interrupt(void) { set(SAVE_RFLAGS, 0x202); inject(0x030, 0); }
static void interrupt_disabled(void) { inject(0x030, 0); }
static void nmi(void) { inject(0x202, 0); }
static void protection(void) { inject(0xB0D, 0x1234); set(EXCEPTION_INTERCEPTS, ~0u); }
static void invalid_opcode(void) { inject(0x306, 0); }
static void software(void) { inject(0x440, 0); }
static void in_ring_3(void) { guest_in_ring_3(); interrupt(); }
static void absent_injected(void) { interrupt(); guest_idt[0x30] &= ~(1ull << 47); set(EXCEPTION_INTERCEPTS, 1 << 11); }
static void injected_page_fault(void) { inject(0xB0E, 7); set(SAVE_CR2, 0x4000); }

/* Virtual interrupts. */
GUEST(window, "nop\nsti\nnop\nnop\ncli\nnop" DONE_CALL);
static void pending(u32 priority, u32 tpr, u32 ignore)
{
    set(VIRTUAL_INTERRUPT, tpr | 1 << 8 | priority << 16 | ignore << 20 | 1 << 24);
    set(VIRTUAL_VECTOR, 0x33);
}
static void virtual_interrupt(void) { pending(3, 0, 0); }
static void virtual_masked(void) { pending(3, 4, 0); }
static void virtual_ignored(void) { pending(3, 4, 1); }
static void virtual_window(void) { pending(3, 0, 1); or(INTERCEPTS_1, I1_VINTR); }
static enum action window_opens(u32 code)
{
    if (code == EXIT_VMMCALL && registers.eax == END)
        say("  request %s\n", get(VIRTUAL_INTERRUPT) & 0x100 ? "pending" : "taken");
    if (code != EXIT_VINTR)
        return DEFAULT;
    report_exit(code);
    and_not(INTERCEPTS_1, I1_VINTR);
    return GO;
}

/* Real interrupts: the host takes them, but not before VMRUN. */
GUEST(spin, "sti\nnop\nmovl $0x8000000, %ecx\n1:\nloop 1b" DONE_CALL);
static void arrives(void) { or(INTERCEPTS_1, I1_INTR); set(VIRTUAL_INTERRUPT, 1 << 24); __asm__ volatile("clgi\nsti"); timer_shot(2000); }
static enum action arrived(u32 code)
{
    u32 before = interrupts_seen;
    if (code != EXIT_INTR)
        return DEFAULT;
    timer_off();
    say("  exit %h\n", code); /* where depends on time */
    say("  the host is interrupted %s\n", interrupts_seen != before || last_interrupt == 0x20 ? "by the timer" : "not at all");
    return STOP;
}

const struct scenario last_scenarios[] = {
    { .name = "shutdown", .code = only_ud, .setup = triple }, /* last: Bochs 2.7 stops */
    { 0 } };

const struct scenario event_scenarios[] = {
    { .name = "exceptions in the guest", .code = faults, .setup = tables },
    { .name = "exceptions that exit", .code = faults, .setup = all },
    { .name = "double fault that exits", .code = only_ud, .setup = double_fault },
    { .name = "absent gate", .code = only_ud, .setup = absent_gate },
    { .name = "injected interrupt", .code = nops, .setup = interrupt },
    { .name = "injected interrupt, IF clear", .code = nops, .setup = interrupt_disabled },
    { .name = "injected NMI", .code = nops, .setup = nmi },
    { .name = "injected #GP", .code = nops, .setup = protection },
    { .name = "injected #UD", .code = nops, .setup = invalid_opcode },
    { .name = "injected #PF", .code = nops, .setup = injected_page_fault },
    { .name = "injected software interrupt", .code = nops, .setup = software },
    { .name = "injected interrupt in ring 3", .code = nops, .setup = in_ring_3 },
    { .name = "injected interrupt, absent gate", .code = nops, .setup = absent_injected },
    { .name = "virtual interrupt", .code = window, .setup = virtual_interrupt, .handle = window_opens },
    { .name = "virtual interrupt, masked by V_TPR", .code = window, .setup = virtual_masked, .handle = window_opens },
    { .name = "virtual interrupt, V_TPR ignored", .code = window, .setup = virtual_ignored, .handle = window_opens },
    { .name = "virtual interrupt window", .code = window, .setup = virtual_window, .handle = window_opens },
    { .name = "real interrupt", .code = spin, .setup = arrives, .handle = arrived },
    { 0 } };
