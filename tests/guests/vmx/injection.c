/* Event injection, windows, blocking, external interrupts, the preemption timer, the monitor trap flag (SDM vol. 3, 25.2, 25.5, 26.5-26.7). */
#include "vmx.h"

GUEST(nops, "nop\nnop\nnop" DONE_CALL);

static void inject(u32 event, u32 code, u32 length)
{
    set(ENTRY_EVENT, 1u << 31 | event);
    set(ENTRY_ERROR_CODE, code);
    set(ENTRY_LENGTH, length);
}
static void external(void) { set(GUEST_RFLAGS, 0x202); inject(0x30, 0, 0); }
static void nmi(void) { inject(0x202, 0, 0); }
static void divide(void) { inject(0x300, 0, 0); set(EXCEPTION_BITMAP, ~0u); }
static void protection(void) { inject(0xB0D, 0x1234, 0); set(EXCEPTION_BITMAP, ~0u); }
static void page_fault(void)
{
    inject(0xB0E, 7, 0);
    __asm__ volatile("movl %0, %%cr2" : : "r"(0x4000));
}
static void software_interrupt(void) { inject(0x440, 0, 2); }
static void breakpoint(void) { inject(0x603, 0, 1); }
static void overflow(void) { inject(0x604, 0, 1); }
static void icebp(void) { inject(0x501, 0, 1); set(EXCEPTION_BITMAP, ~0u); }
static void ud_in_3(void) { guest_in_ring_3(); inject(0x306, 0, 0); }
static void software_in_3(void) { guest_in_ring_3(); inject(0x440, 0, 2); }
static void software_in_3_denied(void) { guest_in_ring_3(); inject(0x430, 0, 2); }
static void software_in_3_denied_exits(void) { software_in_3_denied(); set(EXCEPTION_BITMAP, 1 << 13); }
static void external_in_3(void) { guest_in_ring_3(); set(GUEST_RFLAGS, 0x202); inject(0x30, 0, 0); }
static void absent(void) { external(); guest_idt[0x30] &= ~(1ull << 47); }
static void absent_exits(void) { absent(); set(EXCEPTION_BITMAP, 1 << 11); }
static void absent_software(void) { software_interrupt(); guest_idt[0x40] &= ~(1ull << 47); set(EXCEPTION_BITMAP, 1 << 11); }
static void absent_breakpoint(void) { breakpoint(); guest_idt[3] &= ~(1ull << 47); set(EXCEPTION_BITMAP, 1 << 11); }
static void absent_nmi(void) { nmi(); guest_idt[2] &= ~(1ull << 47); set(EXCEPTION_BITMAP, 1 << 11); }
static void absent_protection(void) { protection(); guest_idt[13] &= ~(1ull << 47); set(EXCEPTION_BITMAP, 1 << 8 | 1 << 11); }
static void injected_triple(void) { external(); set(GUEST_IDTR_LIMIT, 0); }
static void gp_in_idt_page(void) { external(); set(GUEST_IDTR_BASE, TABLE_SPACE + 0x1000); set(EXCEPTION_BITMAP, 1 << 14); }

static u32 round;
static enum action inject_twice(u32 reason)
{
    (void)reason;
    if (round++ == 0)
        say("  entry field afterwards %s\n", get(ENTRY_EVENT) >> 31 ? "valid" : "not valid");
    return DEFAULT;
}
static void external_once(void) { round = 0; external(); }

/* HLT that does not exit ends with an injected event. */
GUEST(halts, "sti\nhlt\nnop\nhlt" DONE_CALL);
static void wakes(void) { set(GUEST_ACTIVITY, 1); external(); }
static void wakes_nmi(void) { set(GUEST_ACTIVITY, 1); nmi(); }

/* Windows. */
GUEST(window_guest, "nop\nsti\nnop\nnop\ncli\nnop\nsti\ncli\nsti\nmovl %ss, %eax\nmovl %eax, %ss\nnop\nnop" DONE_CALL);
static void window(void) { primary_set(PRI_INTERRUPT_WINDOW); }
static void window_open(void) { window(); set(GUEST_RFLAGS, 0x202); }
static void window_sti(void) { window_open(); set(GUEST_INTERRUPTIBILITY, 1); }
static void window_mov_ss(void) { window_open(); set(GUEST_INTERRUPTIBILITY, 2); }
static void window_hlt(void) { window_open(); pin_set(PIN_EXTERNAL); timer_shot(2000);  set(GUEST_ACTIVITY, 1); }
static void window_after_injection(void) { window_open(); inject(0x30, 0, 0); }
static enum action window_steps(u32 reason)
{
    if (reason == REASON_EXTERNAL)
        timer_off(); /* the way out of a HLT that the window does not end */
    if (reason != REASON_INTERRUPT_WINDOW)
        return DEFAULT;
    report_exit(reason);
    timer_off();
    if (get(GUEST_ACTIVITY))
    {
        set(GUEST_ACTIVITY, 0);
        primary_clear(PRI_INTERRUPT_WINDOW);
    }
    if (get(GUEST_RIP) - (u32)origin < 3)
        primary_clear(PRI_INTERRUPT_WINDOW);
    else
        set(GUEST_RFLAGS, get(GUEST_RFLAGS) & ~0x200u); /* until the next STI */
    return GO;
}
static enum action window_injects(u32 reason)
{
    if (reason != REASON_INTERRUPT_WINDOW)
        return DEFAULT;
    report_exit(reason);
    inject(0x31, 0, 0);
    primary_clear(PRI_INTERRUPT_WINDOW);
    return GO;
}

static void virtual_nmis(void) { pin_set(PIN_NMI | PIN_VIRTUAL_NMI); }
static void nmi_window(void) { virtual_nmis(); primary_set(PRI_NMI_WINDOW); nmi(); }
static void nmi_window_open(void) { virtual_nmis(); primary_set(PRI_NMI_WINDOW); }
static void nmi_window_mov_ss(void) { nmi_window_open(); set(GUEST_INTERRUPTIBILITY, 2); }
static void virtual_nmi(void) { virtual_nmis(); nmi(); }
static enum action nmi_window_ends(u32 reason)
{
    if (reason != REASON_NMI_WINDOW)
        return DEFAULT;
    report_exit(reason);
    primary_clear(PRI_NMI_WINDOW);
    return GO;
}
/* IRET ends blocking by NMI; one that faults does too unless NMIs are virtual and exit ... */
GUEST(iret_faults, ON_FAULT(1f) "pushl $2\npushl $0x58\npushl $1f\niret\n1:" DONE_CALL);
static void blocked_iret(void) { set(GUEST_INTERRUPTIBILITY, 8); }
static void blocked_iret_exits(void) { virtual_nmis(); set(GUEST_INTERRUPTIBILITY, 8); set(EXCEPTION_BITMAP, 1 << 13); }

/* Real interrupts. */
#define LOOP "movl $0x400000, %ecx\n1:\nloop 1b\n" /* long enough for the timer, but not for ever */
GUEST(spin, "sti\nnop\n" LOOP DONE_CALL);
GUEST(spin_disabled, LOOP DONE_CALL);
static void arrives(void) { pin_set(PIN_EXTERNAL); timer_shot(2000); }
static void arrives_acknowledged(void) { arrives(); set(EXIT_CONTROLS, get(EXIT_CONTROLS) | EXIT_ACKNOWLEDGE); }
static void arrives_inside(void) { timer_shot(2000); }
static enum action arrived(u32 reason)
{
    if (reason == REASON_EXTERNAL)
    {
        u32 before = interrupts_seen;
        say("  exit 1 at %a", get(GUEST_RIP));
        if (get(EXIT_EVENT) >> 31)
        {
            say(" int %x", get(EXIT_EVENT));
            interrupt_done();
        }
        timer_off();
        say(", the host is interrupted %s\n", interrupts_seen == before ? "not at all" : last_interrupt == 0x20 ? "by the timer" : "by something else");
        return STOP;
    }
    if (reason == REASON_VMCALL && registers.eax == EVENT)
    {
        struct guest_frame *frame = (struct guest_frame *)registers.ebx;
        interrupt_done();
        timer_off();
        guest_resume = frame->eip + 2; /* behind the loop */
        frame->ecx = 0;
    }
    else if (reason == REASON_VMCALL)
        timer_off();
    return DEFAULT;
}
GUEST(halt_inside, "sti\nhlt\n1:\nnop\nnop" DONE_CALL);
static void halt_inside_setup(void) { primary_clear(PRI_HLT); timer_shot(2000); }
static void halt_exits(void) { primary_clear(PRI_HLT); arrives(); }
static enum action halt_arrived(u32 reason)
{
    if (reason == REASON_EXTERNAL)
        say("  activity %d\n", get(GUEST_ACTIVITY));
    if (reason == REASON_VMCALL && registers.eax == EVENT)
    {
        interrupt_done();
        timer_off();
        return DEFAULT;
    }
    return arrived(reason);
}

/* The preemption timer. */
static void timer(void) { pin_set(PIN_TIMER); set(PREEMPTION_TIMER, 0); }
static void timer_running(void) { pin_set(PIN_TIMER); set(PREEMPTION_TIMER, 5000); set(EXIT_CONTROLS, get(EXIT_CONTROLS) | EXIT_SAVE_TIMER); }
static void timer_long(void) { pin_set(PIN_TIMER); set(PREEMPTION_TIMER, 0xFFFFFFF0); }
static void timer_halted(void) { timer_running(); set(GUEST_ACTIVITY, 1); }
static void timer_injecting(void) { timer(); external(); }
static enum action timer_ends(u32 reason)
{
    if (reason != REASON_TIMER)
        return DEFAULT;
    report_exit(reason);
    if (get(EXIT_CONTROLS) & EXIT_SAVE_TIMER)
        say("  timer saved as %h\n", get(PREEMPTION_TIMER));
    set(PIN_CONTROLS, get(PIN_CONTROLS) & ~PIN_TIMER);
    return get(GUEST_RIP) - (u32)origin >= 2 || get(GUEST_ACTIVITY) ? STOP : GO;
}
GUEST(timer_spin, "nop\nnop\n" LOOP DONE_CALL);

/* The monitor trap flag: an exit after each instruction, and after an injected event. */
static void trap_flag(void) { primary_set(PRI_TRAP_FLAG); }
static void trap_flag_injecting(void) { trap_flag(); external(); }
GUEST(trapped, "nop\nmovl %ss, %eax\nmovl %eax, %ss\nnop\ncpuid\nmovl $3, %ecx\nmovl $pages, %edi\nrep stosb\njmp 1f\nnop\n1:" DONE_CALL);
static enum action trap_steps(u32 reason)
{
    if (reason != REASON_TRAP_FLAG)
        return DEFAULT;
    report_exit(reason);
    if (get(GUEST_RIP) - (u32)origin > 512)
        primary_clear(PRI_TRAP_FLAG); /* in the handler */
    return GO;
}

const struct scenario injection_scenarios[] = {
    { .name = "injected interrupt", .code = nops, .setup = external_once, .handle = inject_twice },
    { .name = "injected NMI", .code = nops, .setup = nmi },
    { .name = "injected NMI, virtual", .code = nops, .setup = virtual_nmi, .needs = NEED_VIRTUAL_NMI },
    { .name = "injected #DE", .code = nops, .setup = divide },
    { .name = "injected #GP", .code = nops, .setup = protection },
    { .name = "injected #PF", .code = nops, .setup = page_fault },
    { .name = "injected software interrupt", .code = nops, .setup = software_interrupt },
    { .name = "injected INT3", .code = nops, .setup = breakpoint },
    { .name = "injected INTO", .code = nops, .setup = overflow },
    { .name = "injected INT1", .code = nops, .setup = icebp },
    { .name = "injected #UD in ring 3", .code = nops, .setup = ud_in_3 },
    { .name = "injected interrupt in ring 3", .code = nops, .setup = external_in_3 },
    { .name = "injected software interrupt in ring 3", .code = nops, .setup = software_in_3 },
    { .name = "injected software interrupt in ring 3, gate denied", .code = nops, .setup = software_in_3_denied },
    { .name = "injected software interrupt in ring 3, gate denied, exiting", .code = nops, .setup = software_in_3_denied_exits },
    { .name = "injected interrupt, absent gate", .code = nops, .setup = absent },
    { .name = "injected interrupt, absent gate, exiting", .code = nops, .setup = absent_exits },
    { .name = "injected software interrupt, absent gate, exiting", .code = nops, .setup = absent_software },
    { .name = "injected INT3, absent gate, exiting", .code = nops, .setup = absent_breakpoint },
    { .name = "injected NMI, absent gate, exiting", .code = nops, .setup = absent_nmi },
    { .name = "injected #GP, absent gate, exiting", .code = nops, .setup = absent_protection },
    { .name = "injected interrupt, page fault in the IDT", .code = nops, .setup = gp_in_idt_page },
    { .name = "injected interrupt, no IDT", .code = nops, .setup = injected_triple },
    { .name = "HLT state and an injected interrupt", .code = nops, .setup = wakes, .needs = NEED_HLT_ACTIVITY },
    { .name = "HLT state and an injected NMI", .code = nops, .setup = wakes_nmi, .needs = NEED_HLT_ACTIVITY },
    { .name = "HLT after STI exits", .code = halts },
    { .name = "interrupt window", .code = window_guest, .setup = window, .handle = window_steps },
    { .name = "interrupt window, open at once", .code = window_guest, .setup = window_open, .handle = window_steps },
    { .name = "interrupt window, blocking by STI", .code = window_guest, .setup = window_sti, .handle = window_steps },
    { .name = "interrupt window, blocking by MOV SS", .code = window_guest, .setup = window_mov_ss, .handle = window_steps },
    { .name = "interrupt window in HLT", .code = window_guest, .setup = window_hlt, .handle = window_steps, .needs = NEED_HLT_ACTIVITY },
    { .name = "interrupt window after an injected interrupt", .code = window_guest, .setup = window_after_injection, .handle = window_steps },
    { .name = "interrupt window that injects", .code = window_guest, .setup = window, .handle = window_injects },
    { .name = "NMI window after an injected NMI", .code = nops, .setup = nmi_window, .handle = nmi_window_ends, .needs = NEED_VIRTUAL_NMI },
    { .name = "NMI window, open at once", .code = nops, .setup = nmi_window_open, .handle = nmi_window_ends, .needs = NEED_VIRTUAL_NMI },
    { .name = "NMI window, blocking by MOV SS", .code = nops, .setup = nmi_window_mov_ss, .handle = nmi_window_ends, .needs = NEED_VIRTUAL_NMI },
    { .name = "IRET that faults, blocking by NMI", .code = iret_faults, .setup = blocked_iret },
    { .name = "IRET that faults, virtual blocking by NMI, exiting", .code = iret_faults, .setup = blocked_iret_exits, .needs = NEED_VIRTUAL_NMI },
    { .name = "external interrupt exits", .code = spin, .setup = arrives, .handle = arrived },
    { .name = "external interrupt exits with IF clear", .code = spin_disabled, .setup = arrives, .handle = arrived },
    { .name = "external interrupt exits, acknowledged", .code = spin, .setup = arrives_acknowledged, .handle = arrived },
    { .name = "external interrupt in the guest", .code = spin, .setup = arrives_inside, .handle = arrived },
    { .name = "external interrupt in a halted guest", .code = halt_inside, .setup = halt_inside_setup, .handle = halt_arrived },
    { .name = "external interrupt exits from HLT", .code = halt_inside, .setup = halt_exits, .handle = halt_arrived },
    { .name = "preemption timer of 0", .code = nops, .setup = timer, .handle = timer_ends, .needs = NEED_TIMER },
    { .name = "preemption timer", .code = timer_spin, .setup = timer_running, .handle = timer_ends, .needs = NEED_TIMER },
    { .name = "preemption timer, not reached", .code = nops, .setup = timer_long, .handle = timer_ends, .needs = NEED_TIMER },
    { .name = "preemption timer in HLT", .code = nops, .setup = timer_halted, .handle = timer_ends, .needs = NEED_TIMER | NEED_HLT_ACTIVITY },
    { .name = "preemption timer of 0 and an injected interrupt", .code = nops, .setup = timer_injecting, .handle = timer_ends, .needs = NEED_TIMER },
    { .name = "monitor trap flag", .code = trapped, .setup = trap_flag, .handle = trap_steps, .needs = NEED_TRAP_FLAG },
    { .name = "monitor trap flag and an injected interrupt", .code = nops, .setup = trap_flag_injecting, .handle = trap_steps, .needs = NEED_TRAP_FLAG },
    { 0 } };
