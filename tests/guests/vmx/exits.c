/* VM exits by instructions (SDM vol. 3, 25.1): which exit, which fault first, with what length and information. */
#include "vmx.h"

GUEST(cpuid_guest, "xorl %eax, %eax\ncpuid\n.byte 0x66\ncpuid\nnop" DONE_CALL);
GUEST(hlt_guest, "hlt\nnop\nhlt" DONE_CALL);
GUEST(invd_guest, "invd\nwbinvd" DONE_CALL);
GUEST(invlpg_guest, "movl $pages+0x1234, %ebx\ninvlpg (%ebx)\ninvlpg pages+0x2000\ninvlpg %gs:3(%ebx)" DONE_CALL);
GUEST(rdtsc_guest, "rdtsc\nrdtsc" DONE_CALL);
GUEST(tsc_guest, "rdtsc\nmovl %edx, %ebx\nshrl $12, %ebx\nmovl $0x10, %ecx\nrdmsr\nshrl $12, %edx\nmovl %edx, %esi\nxorl %ecx, %ecx\n"
      "xorl %edx, %edx" DONE_CALL);
GUEST(rdpmc_guest, "xorl %ecx, %ecx\nrdpmc" DONE_CALL);
GUEST(pause_guest, "pause\nrep; nop\nnop" DONE_CALL);
GUEST(vmcall_guest, "movl $1, %eax\nvmcall\nvmcall" DONE_CALL);
GUEST(rsm_guest, ON_FAULT(1f) "rsm\n1:" DONE_CALL);
GUEST(privileged_in_3, ON_FAULT(1f) "hlt\n1:" ON_FAULT(2f) "invd\n2:" ON_FAULT(3f) "invlpg (%ebx)\n3:" ON_FAULT(4f) "movl %cr0, %eax\n4:"
      ON_FAULT(5f) "movl %eax, %cr3\n5:" ON_FAULT(6f) "clts\n6:" ON_FAULT(7f) "lmsw %ax\n7:" ON_FAULT(8f) "rdmsr\n8:" ON_FAULT(9f) "wrmsr\n9:"
      ON_FAULT(10f) "wbinvd\n10:" ON_FAULT(11f) "rdpmc\n11:" ON_FAULT(12f) "inb $0x80, %al\n12:\ncpuid\nrdtsc" DONE_CALL);
GUEST(tsd_in_3, ON_FAULT(1f) "rdtsc\n1:" DONE_CALL);

GUEST(vmx_guest,
      "movl $pages, %ebx\nmovl $3, %esi\nmovl $2, %eax\nvmclear (%ebx)\nvmptrld 8(%ebx)\nvmptrst pages+16\nvmxon (%ebx,%esi,4)\nvmxoff\nvmlaunch\n"
      "vmresume\n"
      "vmread %eax, %ecx\nvmread %esi, %fs:4(%ebx)\nvmwrite %edx, %ebp\nvmwrite 0x100(%ebx,%esi,8), %edi\ninvept (%ebx), %eax\n"
      "invvpid %es:(,%esi,2), %edx" DONE_CALL);
GUEST(vmx_16, "addr16 vmclear (%bx,%si)\naddr16 vmptrst 0x20(%bx,%di)" DONE_CALL);

static void hlt_runs(void) { primary_clear(PRI_HLT); }
static void invlpg_exits(void) { primary_set(PRI_INVLPG); }
static void tsc_exits(void) { primary_set(PRI_RDTSC); }
static void tsc_offset(void) { primary_set(PRI_TSC_OFFSET); set64(TSC_OFFSET, 0x1000ull << 32); }
static void pmc_exits(void) { primary_set(PRI_RDPMC); }
static void pause_exits(void) { primary_set(PRI_PAUSE); }
static void wbinvd_exits(void) { secondary_set(SEC_WBINVD); }

static void all_in_ring_3(void)
{
    guest_in_ring_3();
    primary_set(PRI_INVLPG | PRI_RDTSC | PRI_RDPMC | PRI_CR3_LOAD | PRI_CR3_STORE | PRI_IO);
    primary_clear(PRI_MSR_BITMAPS);
    set(CR0_MASK, ~0u);
}

static void tsd(void)
{
    guest_in_ring_3();
    primary_set(PRI_RDTSC);
    set(GUEST_CR4, get(GUEST_CR4) | 4);
}

/* HLT without exiting: only an interrupt ends it. */
GUEST(halted_guest, "sti\nhlt\nnop" DONE_CALL);
static void halted(void)
{
    hlt_runs();
    pin_set(PIN_EXTERNAL);
    set(EXIT_CONTROLS, get(EXIT_CONTROLS) | EXIT_ACKNOWLEDGE);
    timer_shot(2000);
}

static enum action wake(u32 reason)
{
    if (reason != REASON_EXTERNAL)
        return DEFAULT;
    report_exit(reason);
    interrupt_done();
    timer_off();
    set(GUEST_ACTIVITY, 0);
    return GO;
}

#define DESCRIPTORS \
    "movl $pages, %ebx\nsgdt (%ebx)\nsidt 8(%ebx)\nsldt %ax\nstr %cx\nsldt (%ebx,%ecx,2)\nstr pages+4\nlgdt %ss:guest_gdt\nlidt 4(%ebx)\n" \
    "xorl %edx, %edx\n" \
    "lldt %dx\nltr %si\nlldt (%ebx)\nltr 2(%ebx)\naddr16 sgdt (%bx,%si)\n.byte 0x66\nsidt (%ebx)\nsldt %edi\n"
GUEST(descriptor_guest, DESCRIPTORS DONE_CALL);
static void descriptor_exits(void) { secondary_set(SEC_DESCRIPTOR); }
GUEST(descriptor_in_3, "sgdt pages\nsldt %ax\nstr pages+4\n" ON_FAULT(1f) "lgdt pages\n1:" ON_FAULT(2f) "lldt %ax\n2:" ON_FAULT(3f) "ltr %ax\n"
      "3:" DONE_CALL);
static void descriptor_3(void) { guest_in_ring_3(); descriptor_exits(); }

/* What the host finds after an exit (27.5). */
GUEST(host_state_guest, "pushl $0xAD7\npopfl\nmovl $0x5A, %eax\nmovl %eax, %dr2\nmovl $0x400, %eax\nmovl %eax, %dr7" DONE_CALL);
static void host_state_setup(void)
{
    set(HOST_SYSENTER_CS, 0x1234);
    set(HOST_SYSENTER_ESP, 0x5678);
    set(HOST_FS, HOST_DATA);
    set(GUEST_DR7, 0x455);
}
static enum action host_state(u32 reason)
{
    u32 flags, cr0, dr7, dr2, tr = 0, ldtr = 0;
    u64 cs, esp;
    if (registers.eax != END)
        return DEFAULT;
    __asm__ volatile("pushfl\npopl %0\nmovl %%cr0, %1\nmovl %%dr7, %2\nmovl %%dr2, %3\nstr %4\n"
      "sldt %5" : "=r"(flags), "=r"(cr0), "=r"(dr7), "=r"(dr2), "=r"(tr), "=r"(ldtr));
    read_msr(0x174, &cs);
    read_msr(0x175, &esp);
    (void)reason;
    say("  flags %h cr0 %h dr7 %h dr2 %h tr %h ldtr %h sysenter %h %h\n", flags & 0x37300, cr0 & 0xE005003F, dr7, dr2, tr & 0xFFFF, ldtr & 0xFFFF, (u32)cs, (u32)esp);
    say("  limits %h %h, bases %s\n", exit_gdt.limit, exit_idt.limit, exit_gdt.base == host_gdt_pointer.base && exit_idt.base == host_idt_pointer.base ? "ok" : "wrong");
    dr7 = 0x400;
    __asm__ volatile("movl %0, %%dr7" : : "r"(dr7));
    return DEFAULT;
}

const struct scenario exit_scenarios[] = {
    { .name = "CPUID", .code = cpuid_guest },
    { .name = "HLT", .code = hlt_guest },
    { .name = "HLT without exiting, woken by an interrupt that exits", .code = halted_guest, .setup = halted, .handle = wake },
    { .name = "INVD and WBINVD", .code = invd_guest },
    { .name = "INVD and WBINVD, both exiting", .code = invd_guest, .setup = wbinvd_exits, .needs = NEED_EPT },
    { .name = "INVLPG", .code = invlpg_guest },
    { .name = "INVLPG exiting", .code = invlpg_guest, .setup = invlpg_exits },
    { .name = "RDTSC", .code = rdtsc_guest, .setup = tsc_exits },
    { .name = "RDTSC and RDMSR with an offset", .code = tsc_guest, .setup = tsc_offset },
    { .name = "RDPMC", .code = rdpmc_guest, .setup = pmc_exits },
    { .name = "PAUSE", .code = pause_guest },
    { .name = "PAUSE exiting", .code = pause_guest, .setup = pause_exits },
    { .name = "VMCALL", .code = vmcall_guest },
    { .name = "RSM outside SMM", .code = rsm_guest },
    { .name = "privileged instructions in ring 3", .code = privileged_in_3, .setup = all_in_ring_3 },
    { .name = "RDTSC in ring 3 with CR4.TSD", .code = tsd_in_3, .setup = tsd },
    { .name = "VMX instructions in non-root operation", .code = vmx_guest },
    { .name = "VMX instructions in non-root operation, ring 3", .code = vmx_guest, .setup = guest_in_ring_3 },
    { .name = "VMX instructions in non-root operation, 16-bit addresses", .code = vmx_16 },
    { .name = "descriptor-table instructions", .code = descriptor_guest, .setup = descriptor_exits, .needs = NEED_DESCRIPTOR },
    { .name = "descriptor-table instructions in ring 3", .code = descriptor_in_3, .setup = descriptor_3, .needs = NEED_DESCRIPTOR },
    { .name = "the host after a VM exit", .code = host_state_guest, .setup = host_state_setup, .handle = host_state },
    { 0 } };
