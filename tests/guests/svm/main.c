/* The suite: is SVM there, then each scenario in turn, then a checksum of everything printed. */
#include "svm.h"

static const struct scenario *const suites[] = { instruction_scenarios, check_scenarios, exit_scenarios, event_scenarios, memory_scenarios, last_scenarios };
static u8 host_save[4096] __attribute__((aligned(4096)));

static int svm_there(void)
{
    u32 a = 0x80000001u, b, c, d;
    u64 control = 0, efer;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "=c"(c), "=d"(d));
    say("= SVM\n  CPUID: %s\n", c & 4 ? "offered" : "not offered");
    if (!(c & 4))
        return 0;
    a = 0x8000000Au;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "=c"(c), "=d"(d));
    svm_features = d;
    read_msr(MSR_VM_CR, &control);
    if (control & 0x10)
    {
        say("  disabled\n");
        return 0;
    }
    if (read_msr(MSR_EFER, &efer) || write_msr(MSR_EFER, efer | EFER_SVME) || write_msr(MSR_HOST_SAVE, (u32)host_save))
        return 0;
    say("  EFER.SVME: %s\n", !read_msr(MSR_EFER, &efer) && efer & EFER_SVME ? "set" : "clear");
    return 1;
}

static void run(const struct scenario *scenario)
{
    say("= %s\n", scenario->name);
    if (scenario->needs & NEED_NESTED && !(svm_features & 1))
    {
        say("  not offered\n");
        return;
    }
    make_world();
    origin = scenario->code;
    if (scenario->code)
        make_vmcb(scenario->code);
    if (scenario->setup)
        scenario->setup();
    if (scenario->code)
        run_guest(scenario);
}

int guest_main(void)
{
    u32 scenarios = 0;
    host_start();
    if (!svm_there())
        return 1;
    for (u32 suite = 0; suite < sizeof suites / sizeof *suites; suite++)
        for (const struct scenario *s = suites[suite]; s->name; s++, scenarios++)
            run(s);
    put_text("scenarios ");
    put_decimal(scenarios);
    put_text(", checksum ");
    put_hex(printed);
    put_char('\n');
    return 0;
}
