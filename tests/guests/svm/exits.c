/* Intercepted instructions (APM vol. 2, 15.9-15.11). */
#include "svm.h"

GUEST(simple, "xorl %eax, %eax\ncpuid\nrdtsc\nrdpmc\npause\ninvd\nwbinvd\nhlt\nnop" DONE_CALL);
static void nothing(void) { }
static void all_simple(void) { or(INTERCEPTS_1, I1_CPUID | I1_RDTSC | I1_RDPMC | I1_PAUSE | I1_INVD); or(INTERCEPTS_2, I2_WBINVD); }
GUEST(few, "xorl %eax, %eax\ncpuid\nrdtsc\npause\nxorl %edx, %edx\nxorl %ebx, %ebx\nxorl %ecx, %ecx\nhlt" DONE_CALL);

GUEST(stack_guest, "pushfl\npopfl\nint $0x40\nint $0x41\npushfl\npushl %cs\npushl $1f\niret\n1:\nnop" DONE_CALL);
static void stack_exits(void) { or(INTERCEPTS_1, I1_PUSHF | I1_POPF | I1_INT | I1_IRET); }
/* These exits come before the instruction did anything: let it run, once. */
static enum action once(u32 code)
{
    if (code == EXIT_PUSHF || code == EXIT_POPF || code == EXIT_IRET)
    {
        report_exit(code);
        and_not(INTERCEPTS_1, 1u << (code - EXIT_INTR));
        return GO;
    }
    return DEFAULT;
}

GUEST(svm_guest, "movl $pages, %eax\nvmrun\nvmload\nvmsave\nstgi\nclgi\nxorl %ecx, %ecx\ninvlpga\ninvlpg pages\nmovl $1, %eax\nvmmcall" DONE_CALL);
static void svm_exits(void) { or(INTERCEPTS_2, I2_ALL); or(INTERCEPTS_1, I1_INVLPG | I1_INVLPGA); }
GUEST(svm_in_3, ON_FAULT(1f) "vmrun\n1:" ON_FAULT(2f) "vmload\n2:" ON_FAULT(3f) "stgi\n3:" ON_FAULT(4f) "invlpga\n4:" ON_FAULT(5f) "hlt\n5:" ON_FAULT(6f) "invd\n6:"
      ON_FAULT(7f) "movl %cr0, %eax\n7:" ON_FAULT(8f) "rdmsr\n8:\nmovl $1, %eax\nvmmcall\ncpuid\nrdtsc" DONE_CALL);
static void all_in_3(void) { guest_in_ring_3(); svm_exits(); all_simple(); or(CR_INTERCEPTS, ~0u); or(INTERCEPTS_1, I1_MSR); }

GUEST(cr_guest, "movl %cr0, %eax\nmovl %eax, %cr0\nmovl %cr2, %eax\nmovl %eax, %cr2\nmovl %cr3, %ebx\nmovl %ebx, %cr3\nmovl %cr4, %ecx\nmovl %ecx, %cr4\nclts\nlmsw %ax\nsmsw %dx\n"
      "xorl %eax, %eax" DONE_CALL);
static void cr_all(void) { or(CR_INTERCEPTS, ~0u); }
static void cr0_selective(void) { or(INTERCEPTS_1, I1_CR0_SELECTIVE); }
GUEST(cr0_guest, "movl %cr0, %eax\nmovl %eax, %cr0\norl $8, %eax\nmovl %eax, %cr0\norl $0x10000, %eax\nmovl %eax, %cr0\nclts\nmovl %cr0, %ebx" DONE_CALL);

GUEST(dr_guest, "movl %dr0, %eax\nmovl %eax, %dr1\nmovl %dr6, %ecx\nmovl %dr7, %ecx\nmovl %ecx, %dr7" DONE_CALL);
static void dr_all(void) { or(DR_INTERCEPTS, ~0u); }

GUEST(table_guest, "sgdt pages\nsidt pages\nsldt %ax\nstr %ax\nlgdt pages\nlidt pages\nlldt %cx\nltr %cx" DONE_CALL);
static void table_exits(void) { or(INTERCEPTS_1, I1_TABLES); }

static void port(u32 n) { io_map[n >> 3] |= (u8)(1 << (n & 7)); }
GUEST(io_guest, "inb $0x80, %al\ninb $0x84, %al\ninw $0x7F, %ax\ninl $0x7D, %eax\ninl $0x7C, %eax\nmovl $0x8001, %edx\noutb %al, %dx\nmovl $0x7FFE, %edx\noutl %eax, %dx\nmovl $pages, %esi\n"
      "movl $pages, %edi\nmovl $0x80, %edx\nmovl $2, %ecx\nrep outsb\ninsl" DONE_CALL);
static void io_exits(void) { or(INTERCEPTS_1, I1_IO); port(0x80); port(0x8001); }

GUEST(msr_guest, "movl $0x174, %ecx\nxorl %edx, %edx\nmovl $0x1111, %eax\nwrmsr\nrdmsr\nmovl %eax, %ebx\nmovl $0x175, %ecx\nrdmsr\nwrmsr\nmovl $0xC0000081, %ecx\nrdmsr\nwrmsr\nmovl $0xC0010117, %ecx\n"
      "rdmsr\nmovl $0x40000000, %ecx\nrdmsr\nxorl %ecx, %ecx\nxorl %edx, %edx" DONE_CALL);
static void msr_bit(u32 map, u32 index, u32 write) { msr_map[map * 0x800 + (index * 2 + write) / 8] |= (u8)(1 << ((index * 2 + write) & 7)); }
static void msr_exits(void)
{
    or(INTERCEPTS_1, I1_MSR);
    msr_bit(0, 0x175, 1);
    msr_bit(1, 0x81, 0);
    msr_bit(1, 0x81, 1);
    msr_bit(2, 0x117, 0);
}

GUEST(tsc_guest, "rdtsc\nmovl %edx, %ebx\nshrl $12, %ebx\nxorl %edx, %edx" DONE_CALL);
static void tsc_offset(void) { set(TSC_OFFSET + 4, 0x1000); }

GUEST(task_guest, "call $0x30, $0\nljmp $0x30, $0\ncall $0x38, $0" DONE_CALL);
static void task_exits(void) { or(INTERCEPTS_1, I1_TASK); }
static enum action task(u32 code)
{
    if (code != EXIT_TASK)
        return DEFAULT;
    report_exit(code);
    set(SAVE_RIP, get(SAVE_RIP) + 7);
    return GO;
}

const struct scenario exit_scenarios[] = {
    { .name = "instructions that exit", .code = simple, .setup = all_simple },
    { .name = "instructions that do not exit", .code = few, .setup = nothing },
    { .name = "PUSHF, POPF, INT, IRET", .code = stack_guest, .setup = stack_exits, .handle = once },
    { .name = "SVM instructions of the guest", .code = svm_guest, .setup = svm_exits },
    { .name = "instructions in ring 3", .code = svm_in_3, .setup = all_in_3 },
    { .name = "control registers", .code = cr_guest, .setup = cr_all },
    { .name = "CR0, selective", .code = cr0_guest, .setup = cr0_selective },
    { .name = "debug registers", .code = dr_guest, .setup = dr_all },
    { .name = "descriptor-table registers", .code = table_guest, .setup = table_exits },
    { .name = "ports", .code = io_guest, .setup = io_exits },
    { .name = "MSRs", .code = msr_guest, .setup = msr_exits },
    { .name = "time-stamp offset", .code = tsc_guest, .setup = tsc_offset },
    { .name = "task switches", .code = task_guest, .setup = task_exits, .handle = task },
    { 0 } };
