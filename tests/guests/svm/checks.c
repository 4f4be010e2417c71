/* Consistency checks of VMRUN (APM vol. 2, 15.5.1): a single change each. */
#include "svm.h"

GUEST(checked_guest, DONE_CALL);

static const struct { const char *name; u32 offset, value, set; int invalid; } checks[] = {
    { "unchanged", SAVE_RFLAGS, 2, 1, 0 },
    { "EFER.SVME clear", SAVE_EFER, EFER_SVME, 0, 1 },
    { "CR0.NW without CR0.CD", SAVE_CR0, 1u << 29, 1, 1 },
    { "CR0 bit 32", SAVE_CR0 + 4, 1, 1, 1 },
    { "CR4 bit 31", SAVE_CR4, 1u << 31, 1, 1 },
    { "DR6 bit 32", SAVE_DR6 + 4, 1, 1, 1 },
    { "DR7 bit 32", SAVE_DR7 + 4, 1, 1, 1 },
    { "EFER bit 31", SAVE_EFER, 1u << 31, 1, 1 },
    { "no intercept of VMRUN", INTERCEPTS_2, I2_VMRUN, 0, 1 },
    { "ASID 0", GUEST_ASID, ~0u, 0, 1 },
    { "event of type 1", EVENT_INJECTION, 1u << 31 | 0x120, 1, 1 },
    { "event of type 5", EVENT_INJECTION, 1u << 31 | 0x520, 1, 1 },
    { "exception of vector 2", EVENT_INJECTION, 1u << 31 | 0x302, 1, 1 },
    { "exception of vector 32", EVENT_INJECTION, 1u << 31 | 0x320, 1, 1 },
    { "event that is not valid", EVENT_INJECTION, 0x120, 1, 0 } };

static void run_checks(void)
{
    for (u32 i = 0; i < sizeof checks / sizeof *checks; i++)
    {
        make_world();
        make_vmcb(checked_guest);
        if (checks[i].set)
            or(checks[i].offset, checks[i].value);
        else
            and_not(checks[i].offset, checks[i].value);
        vm_run(&registers, (u32)vmcb);
        int invalid = get(EXIT_CODE) == ~0u;
        say("  %s: %s", checks[i].name, invalid ? "invalid" : get(EXIT_CODE) == EXIT_VMMCALL ? "ok" : "another exit");
        say(invalid == checks[i].invalid ? "\n" : " (the manual: %s)\n", checks[i].invalid ? "invalid" : "ok");
    }
}

const struct scenario check_scenarios[] = {
    { .name = "checks of VMRUN", .setup = run_checks },
    { 0 } };
