/* Task switches exit (SDM vol. 3, 25.4.2): what is checked before, where they come from, and what was being delivered. */
#include "vmx.h"

GUEST(task_calls, "call $0x30, $0\nljmp $0x30, $0\ncall $0x38, $0\nljmp $0x38, $0\nnop" DONE_CALL);
GUEST(task_interrupts, "int $0x50\nint3\n" ON_FAULT(1f) "ud2\n1:" DONE_CALL);
GUEST(task_iret, "pushfl\norl $0x4000, (%esp)\npopfl\niret\npushfl\nandl $~0x4000, (%esp)\npopfl" DONE_CALL);
GUEST(task_faults, ON_FAULT(1f) "call $0x30, $0\n1:" ON_FAULT(2f) "ljmp $0x28, $0\n2:" ON_FAULT(3f) "call $0x38, $0\n3:" ON_FAULT(4f) "int $0x50\n"
      "4:" DONE_CALL);
GUEST(task_in_3, ON_FAULT(1f) "call $0x30, $0\n1:" ON_FAULT(2f) "call $0x3B, $0\n2:" ON_FAULT(3f) "int $0x20\n3:\nint $0x50\n" DONE_CALL);

static u64 task_gate(u32 dpl) { return (u64)(0x8500 | dpl << 13) << 32 | TASK_GATE << 16; }
static void gates(void)
{
    guest_idt[0x50] = (u64)(0xE500) << 32 | OTHER_TASK << 16;
    guest_idt[0x20] = task_gate(0) & ~0xFFFF0000ull;
    guest_idt[0x20] |= OTHER_TASK << 16;
    guest_idt[3] = guest_idt[0x50];
    guest_idt[6] = guest_idt[13] = guest_idt[0x20];
}
static void link_back(void) { guest_tss[0] = OTHER_TASK; guest_gdt[6] |= 0x0200ull << 32; }
static void absent_task(void) { gates(); guest_gdt[6] &= ~(1ull << 47); }
static void user(void) { guest_in_ring_3(); gates(); guest_idt[13] = gate((u32)guest_stubs + 13 * 16, GUEST_CODE, 0x8E); }
static void injected_external(void) { gates(); guest_idt[0x30] = guest_idt[0x20]; set(GUEST_RFLAGS, 0x202); set(ENTRY_EVENT, 0x80000030); }
static void injected_software(void) { gates(); set(ENTRY_EVENT, 0x80000450); set(ENTRY_LENGTH, 2); }
static void injected_fault(void) { gates(); set(ENTRY_EVENT, 0x80000B0D); set(ENTRY_ERROR_CODE, 0x18); }

/* A switch by a task gate of the IDT is not behind an instruction for faults. */
static enum action switches(u32 reason)
{
    if (reason != REASON_TASK)
        return DEFAULT;
    report_exit(reason);
    if (get(ENTRY_EVENT))
        return STOP; /* it was injected */
    if (guest_resume)
    {
        set(GUEST_RIP, guest_resume);
        guest_resume = 0;
        return GO;
    }
    return (get(QUALIFICATION) >> 30) == 3 && !(get(VECTORING_EVENT) >> 31) ? STOP : SKIP;
}

const struct scenario task_scenarios[] = {
    { .name = "task switches by CALL and JMP", .code = task_calls, .handle = switches },
    { .name = "task switches by interrupts", .code = task_interrupts, .setup = gates, .handle = switches },
    { .name = "task switch by IRET", .code = task_iret, .setup = link_back, .handle = switches },
    { .name = "task switches that fault first", .code = task_faults, .setup = absent_task, .handle = switches },
    { .name = "task switches in ring 3", .code = task_in_3, .setup = user, .handle = switches },
    { .name = "task switch by an injected interrupt", .code = task_calls, .setup = injected_external, .handle = switches },
    { .name = "task switch by an injected software interrupt", .code = task_calls, .setup = injected_software, .handle = switches },
    { .name = "task switch by an injected fault", .code = task_calls, .setup = injected_fault, .handle = switches },
    { 0 } };
