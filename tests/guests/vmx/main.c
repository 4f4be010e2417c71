/* The suite: is VMX there, then each scenario in turn, then a checksum of everything printed. */
#include "vmx.h"

volatile struct settings settings = { "VMXGUEST-CONFIG", 1, 0, 1 };

static const struct scenario *const suites[] = {
    instruction_scenarios, field_scenarios, check_scenarios, exit_scenarios, register_scenarios, io_scenarios, event_scenarios, injection_scenarios,
    task_scenarios, ept_scenarios, mode_scenarios, kernel_scenarios,
};

static int vmx_there(void)
{
    u32 a = 1, b, c, d;
    u64 control;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "=c"(c), "=d"(d));
    say("= VMX\n  CPUID: %s\n", c & 0x20 ? "offered" : "not offered");
    if (!(c & 0x20))
        return 0;

    /* IA32_FEATURE_CONTROL: firmware may have left it open (24.7). */
    if (read_msr(0x3A, &control) != DONE)
        return 0;
    if (!(control & 1))
        write_msr(0x3A, control | 5);
    read_msr(0x3A, &control);
    say("  IA32_FEATURE_CONTROL: %s, VMX %s\n", control & 1 ? "locked" : "open", control & 4 ? "enabled" : "disabled");
    say_outcome("write it when locked", write_msr(0x3A, control));
    read_capabilities();
    say("  the VMCS revision has bit 31 %s, a region of %s, controls of class default1 %s\n", basic_msr >> 31 & 1 ? "set" : "clear",
        (basic_msr >> 32 & 0x1FFF) - 1 < 4096 ? "at most 4096 bytes" : "a strange size", basic_msr >> 55 & 1 ? "may be clear" : "must be set");
    say_outcome("write a capability MSR", write_msr(0x480, basic_msr));
    return (control & 5) == 5;
}

static void run(const struct scenario *scenario)
{
    say("= %s\n", scenario->name);
    if (!offered(scenario->needs))
    {
        say("  not offered\n");
        return;
    }
    make_world();
    origin = scenario->code;
    if (scenario->code)
        make_vmcs(scenario->code);
    if (scenario->setup)
        scenario->setup();
    if (scenario->code)
    {
        run_guest(scenario);
        vmcs_clear((u32)vmcs_a);
    }
}

int guest_main(void)
{
    u32 cr4, scenarios = 0;
    host_start();
    if (!vmx_there())
        return 1;
    __asm__ volatile("movl %%cr4, %0" : "=r"(cr4));
    write_cr4(cr4 | 0x2000);
    prepare_region(vmxon_region);
    if (vmx_on((u32)vmxon_region) != DONE)
        return 1;
    if (settings.seeds && settings.fields)
        run_random();
    else if (settings.seeds)
        run_traces();
    for (u32 suite = 0; suite < (settings.seeds ? 0 : sizeof suites / sizeof *suites); suite++)
        for (const struct scenario *s = suites[suite]; s->name; s++, scenarios++)
            run(s);
    vmx_off();
    put_text("scenarios ");
    put_decimal(scenarios);
    put_text(", checksum ");
    put_hex(printed);
    put_char('\n');
    return 0;
}
