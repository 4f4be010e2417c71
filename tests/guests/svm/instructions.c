/* SVM instructions: without EFER.SVME, in ring 3, with bad operands; GIF (APM vol. 2, 15.4-15.17; vol. 3). */
#include "svm.h"

#define ATTEMPT(text, ...) ({ \
    fault_vector = 0; \
    __asm__ volatile("movl $1f, fault_resume\n" text "\n1: movl $0, fault_resume" : : __VA_ARGS__ : "memory", "cc"); \
    fault_vector; })

static void outcome(const char *what, u32 vector)
{
    if (!vector)
        say("  %s: ok\n", what);
    else if (vector - 256 == 13)
        say("  %s: #13(%h)\n", what, fault_error);
    else
        say("  %s: #%d\n", what, vector - 256);
}

static void svme(int on)
{
    u64 efer;
    read_msr(MSR_EFER, &efer);
    write_msr(MSR_EFER, on ? efer | EFER_SVME : efer & ~(u64)EFER_SVME);
}

static void disabled(void)
{
    svme(0);
    outcome("vmrun", ATTEMPT("vmrun", "a"(vmcb)));
    outcome("vmload", ATTEMPT("vmload", "a"(vmcb)));
    outcome("vmsave", ATTEMPT("vmsave", "a"(other_vmcb)));
    outcome("clgi", ATTEMPT("clgi", "a"(0)));
    outcome("invlpga", ATTEMPT("invlpga", "a"(0), "c"(0)));
    outcome("vmmcall", ATTEMPT("vmmcall", "a"(0)));
    svme(1);
}

static void enabled(void)
{
    outcome("vmmcall", ATTEMPT("vmmcall", "a"(0)));
    outcome("vmload, misaligned", ATTEMPT("vmload", "a"(vmcb + 8)));
    outcome("vmsave, misaligned", ATTEMPT("vmsave", "a"(other_vmcb + 0x800)));
    outcome("vmrun, misaligned", ATTEMPT("vmrun", "a"(vmcb + 1)));
    outcome("invlpga", ATTEMPT("invlpga", "a"(host_page), "c"(1)));
    outcome("clgi and stgi", ATTEMPT("clgi\nstgi", "a"(0)));
    outcome("vmsave", ATTEMPT("vmsave", "a"(other_vmcb)));
    outcome("vmload", ATTEMPT("vmload", "a"(other_vmcb)));
    say("  TR saved as %h %h, limit %h\n", *(u16 *)(other_vmcb + SAVE_TR), *(u16 *)(other_vmcb + SAVE_TR + 2) & ~2u, *(u32 *)(other_vmcb + SAVE_TR + 4));
}

#define USER(name, text) GUEST(name, text "\nhlt")
USER(user_vmrun, "xorl %eax, %eax\nvmrun");
USER(user_vmload, "xorl %eax, %eax\nvmload");
USER(user_vmsave, "xorl %eax, %eax\nvmsave");
USER(user_stgi, "stgi");
USER(user_clgi, "clgi");
USER(user_invlpga, "xorl %eax, %eax\nxorl %ecx, %ecx\ninvlpga");
USER(user_vmmcall, "vmmcall");

static void ring_3(void)
{
    outcome("vmrun", user_try(user_vmrun, 0));
    outcome("vmload", user_try(user_vmload, 0));
    outcome("vmsave", user_try(user_vmsave, 0));
    outcome("stgi", user_try(user_stgi, 0));
    outcome("clgi", user_try(user_clgi, 0));
    outcome("invlpga", user_try(user_invlpga, 0));
    outcome("vmmcall", user_try(user_vmmcall, 0));
}

/* What VMLOAD loads: SYSENTER MSRs stand for the rest. */
static void load_and_save(void)
{
    u64 value;
    write_msr(0x174, 0x1111);
    __asm__ volatile("vmsave" : : "a"(other_vmcb) : "memory");
    *(u32 *)(other_vmcb + SAVE_SYSENTER_ESP) = 0x2222;
    write_msr(0x174, 0);
    __asm__ volatile("vmload" : : "a"(other_vmcb) : "memory");
    read_msr(0x174, &value);
    say("  SYSENTER_CS %h", (u32)value);
    read_msr(0x175, &value);
    say(" ESP %h\n", (u32)value);
    write_msr(0x174, 0);
    write_msr(0x175, 0);
}

/* GIF holds interrupts back whatever IF is. */
static void global_flag(void)
{
    u32 before = interrupts_seen;
    timer_shot(2000);
    __asm__ volatile("clgi\nsti\nmovl $0x400000, %%ecx\n1:\nloop 1b" : : : "ecx", "memory");
    say("  with GIF clear: %d interrupts\n", interrupts_seen - before);
    __asm__ volatile("stgi" : : : "memory");
    for (u32 patience = 0; interrupts_seen == before && patience < 0x8000000; patience++)
        __asm__ volatile("" : : : "memory");
    __asm__ volatile("cli" : : : "memory");
    say("  with GIF set: %d interrupts\n", interrupts_seen - before);
    timer_off();
}

const struct scenario instruction_scenarios[] = {
    { .name = "SVM instructions, EFER.SVME clear", .setup = disabled },
    { .name = "SVM instructions", .setup = enabled },
    { .name = "SVM instructions in ring 3", .setup = ring_3 },
    { .name = "VMLOAD and VMSAVE", .setup = load_and_save },
    { .name = "the global interrupt flag", .setup = global_flag },
    { 0 } };
