/* Guests in other modes: real mode (an unrestricted guest), virtual-8086, 16-bit protected mode, PAE. */
#include "vmx.h"

extern const u8 real_handler[], real_end[];
GUEST(real_guest,
      ".code16\ncli\nxorw %ax, %ax\nmovw %ax, %ds\nmovw %ax, %ss\nmovw $0x7000, %sp\nint $0x21\nint3\nmovw $0x1234, %ax\nmovw %ax, 0x6000\n"
      "xorl %eax, %eax\ncpuid\noutw %ax, $0x80\n"
      "movw $0xFFFF, %si\nlodsw\nmovw $0x6100, %bx\nsmsw %si\nlgdtl (%bx)\nmovl %cr0, %eax\norb $1, %al\nmovl %eax, %cr0\n.byte 0x66, 0xEA\n"
      ".long real_protected\n.word 8\n"
      ".globl real_handler\nreal_handler:\nincl %edi\niret\n.code32\nreal_protected:\nmovw $0x10, %ax\nmovw %ax, %ds\nmovw %ax, %ss\n"
      "movl %edi, %ecx\nxorl %edx, %edx\nmovzwl %si, %esi\n"
      "movzwl 0x6000, %ebx" DONE_CALL "\n.globl real_end\nreal_end:\n");

static void segment_16(u32 field, u32 selector, u32 base, u32 rights)
{
    set(field, selector);
    set(GUEST_ES_BASE + field - GUEST_ES, base);
    set(GUEST_ES_LIMIT + field - GUEST_ES, 0xFFFF);
    set(GUEST_ES_RIGHTS + field - GUEST_ES, rights);
}

static void real_mode(void)
{
    ept_identity(0);
    secondary_set(SEC_UNRESTRICTED);
    primary_set(PRI_IO);
    memcpy((void *)LOW_CODE, real_guest, (u32)(real_end - real_guest));
    for (u32 field = GUEST_ES; field <= GUEST_GS; field += 2)
        segment_16(field, 0, 0, 0x93);
    segment_16(GUEST_CS, LOW_CODE >> 4, LOW_CODE, 0x9B);
    set(GUEST_RIP, 0);
    set(GUEST_CR0, 0x30);
    set(GUEST_CR4, 0x2000);
    set(GUEST_IDTR_BASE, (u32)pages[9]);
    set(GUEST_IDTR_LIMIT, 0x3FF);
    for (u32 vector = 0; vector < 0x40; vector++)
        ((u32 *)pages[9])[vector] = (LOW_CODE >> 4) << 16 | (u32)(real_handler - real_guest);
    *(u16 *)0x6100 = sizeof guest_gdt - 1;
    *(u32 *)0x6102 = (u32)guest_gdt;
}
static void real_mode_exits(void) { real_mode(); set(EXCEPTION_BITMAP, 1 << 13 | 1 << 3); set(CR0_MASK, 1); }
/* #GP of LODSW across the end of the segment: the handler would return to it for ever. */
static enum action real_steps(u32 reason)
{
    if (reason == REASON_EXCEPTION && (get(EXIT_EVENT) & 0xFF) == 13)
    {
        report_exit(reason);
        set(GUEST_RIP, get(GUEST_RIP) + 1);
        return GO;
    }
    if (reason == REASON_CR)
    {
        report_exit(reason);
        set(CR0_MASK, 0);
        set(GUEST_CR0, get(GUEST_CR0) | 1);
        return SKIP;
    }
    if (reason == REASON_EXCEPTION)
    {
        report_exit(reason);
        return SKIP;
    }
    return DEFAULT;
}
static void real_mode_gp(void) { real_mode(); set(EXCEPTION_BITMAP, 1 << 13); }
static void real_injected(void) { real_mode_gp(); set(GUEST_RFLAGS, 0x202); set(ENTRY_EVENT, 0x80000008); }
static void real_injected_fault(void) { real_mode_gp(); set(ENTRY_EVENT, 0x80000306); }
static void real_triple(void) { real_mode(); set(GUEST_IDTR_LIMIT, 0); }

GUEST(v86_guest, ".code16\nint $0x21\ncli\npushfw\nhlt\nmovw %cs:0, %cx\ncpuid\ninb $0x80, %al\nud2\nmovw %es:(%si), %bx\nint3\n"
      "movl $0x454E44, %eax\nvmcall");
static void v86(void)
{
    memcpy((void *)LOW_CODE, v86_guest, 64);
    for (u32 field = GUEST_ES; field <= GUEST_GS; field += 2)
        segment_16(field, 0x1000, 0x10000, 0xF3);
    segment_16(GUEST_CS, LOW_CODE >> 4, LOW_CODE, 0xF3);
    set(GUEST_RIP, 0);
    set(GUEST_RSP, 0x800);
    set(GUEST_RFLAGS, 0x20002);
    registers.esi = 0xFFFF;
}
static void v86_exits(void) { v86(); set(EXCEPTION_BITMAP, 1 << 13 | 1 << 6); }
static void v86_injected(void) { v86(); set(GUEST_RFLAGS, 0x20202); set(ENTRY_EVENT, 0x80000030); }
static void v86_injected_software(void) { v86(); set(ENTRY_EVENT, 0x80000440); set(ENTRY_LENGTH, 2); }
static void v86_injected_software_iopl(void) { v86_injected_software(); set(GUEST_RFLAGS, 0x23002); }

static u32 length_at(u32 eip)
{
    const u8 *code = (const u8 *)LOW_CODE + eip;
    return code[0] == 0xCD || code[0] == 0xE4 || code[0] == 0x0F ? 2 : code[0] == 0x26 ? 3 : 1;
}
static enum action v86_steps(u32 reason)
{
    if (reason == REASON_VMCALL && registers.eax == EVENT)
    {
        struct guest_frame *frame = (struct guest_frame *)registers.ebx;
        if (frame->vector == 13 || frame->vector == 6)
            guest_resume = frame->eip + length_at(frame->eip);
    }
    if (reason == REASON_EXCEPTION)
    {
        report_exit(reason);
        set(GUEST_RIP, get(GUEST_RIP) + length_at(get(GUEST_RIP)));
        return GO;
    }
    return DEFAULT;
}

GUEST(guest_16, "pushl $0x40\npushl $1f\nlret\n.code16\n1:\nxorl %eax, %eax\ncpuid\ninvlpg (%esi)\nmovl $0x454E44, %eax\nvmcall");
static void invlpg_exits(void) { primary_set(PRI_INVLPG); registers.esi = 0x12345678; }

/* PAE: directory pointers in page 8, directories in 9 and 10, a table in 11. */
#define POINTERS ((u64 *)pages[8])
static void pae(void)
{
    memset(pages[8], 0, 4 * 4096);
    POINTERS[0] = (u32)pages[9] | 1;
    POINTERS[1] = (u32)pages[10] | 1;
    for (u32 i = 0; i < MEMORY_SIZE >> 21; i++)
        ((u64 *)pages[9])[i] = i << 21 | 0x87;
    ((u64 *)pages[10])[0] = (u32)pages[11] | 7;
    ((u64 *)pages[11])[0] = (u32)pages[0] | 7;
    ((u64 *)pages[11])[1] = (u32)pages[1] | 1ull << 51 | 7;
    *(u32 *)pages[0] = 0x10;
    set(GUEST_CR3, (u32)pages[8]);
    set(GUEST_CR4, 0x2030);
}
static void pae_ept(void)
{
    pae();
    ept_identity(0);
    for (u32 i = 0; i < 4; i++)
        set64(GUEST_PDPTE0 + 2 * i, POINTERS[i]);
}
/* With EPT the entry's directory pointers come from the VMCS, whatever memory holds. */
static void pae_ept_other(void) { pae_ept(); POINTERS[1] = 0; }
GUEST(pae_guest, "movl 0x40000000, %ebx\n" ON_FAULT(1f) "movl 0x40001000, %eax\n1:" ON_FAULT(2f) "movl 0xC0000000, %eax\n2:\n"
      "movl $0, pages+0x8008\nmovl 0x40000000, %ecx\nmovl %cr3, %eax\n"
      ON_FAULT(3f) "movl %eax, %cr3\nmovl 0x40000000, %edx\n3:\nmovl $3, pages+0x8010\n" ON_FAULT(4f) "movl %cr3, %eax\nmovl %eax, %cr3\n"
      "4:" DONE_CALL);
static enum action show_pointers(u32 reason)
{
    if (reason == REASON_VMCALL && registers.eax == END && get(SECONDARY_CONTROLS) & SEC_EPT)
        say("  pointers %a %a\n", get(GUEST_PDPTE0), get(GUEST_PDPTE1));
    return DEFAULT;
}
GUEST(pae_switch, "movl %cr4, %eax\norl $0x20, %eax\nmovl $pages+0x8000, %ebx\nmovl %cr0, %ecx\nmovl %ecx, %edx\nandl $0x7FFFFFFF, %edx\n"
      "movl %edx, %cr0\nmovl %eax, %cr4\nmovl %ebx, %cr3\n"
      "movl %ecx, %cr0\nmovl 0x40000000, %esi\nxorl %ecx, %ecx\nxorl %edx, %edx" DONE_CALL);
static void pae_later(void)
{
    pae();
    set(GUEST_CR3, (u32)guest_directory);
    set(GUEST_CR4, 0x2010);
    ept_identity(0);
    secondary_set(SEC_UNRESTRICTED);
}

const struct scenario mode_scenarios[] = {
    { .name = "real mode", .code = real_guest, .setup = real_mode_gp, .handle = real_steps, .needs = NEED_UNRESTRICTED },
    { .name = "real mode, exceptions and CR0.PE exiting", .code = real_guest, .setup = real_mode_exits, .handle = real_steps, .needs = NEED_UNRESTRICTED },
    { .name = "real mode, injected interrupt", .code = real_guest, .setup = real_injected, .handle = real_steps, .needs = NEED_UNRESTRICTED },
    { .name = "real mode, injected fault", .code = real_guest, .setup = real_injected_fault, .handle = real_steps, .needs = NEED_UNRESTRICTED },
    { .name = "real mode, no vector table", .code = real_guest, .setup = real_triple, .needs = NEED_UNRESTRICTED },
    { .name = "virtual-8086", .code = v86_guest, .setup = v86, .handle = v86_steps },
    { .name = "virtual-8086, exceptions exiting", .code = v86_guest, .setup = v86_exits, .handle = v86_steps },
    { .name = "virtual-8086, injected interrupt", .code = v86_guest, .setup = v86_injected, .handle = v86_steps },
    { .name = "virtual-8086, injected software interrupt, IOPL 0", .code = v86_guest, .setup = v86_injected_software, .handle = v86_steps },
    { .name = "virtual-8086, injected software interrupt, IOPL 3", .code = v86_guest, .setup = v86_injected_software_iopl, .handle = v86_steps },
    { .name = "16-bit protected mode", .code = guest_16, .setup = invlpg_exits },
    { .name = "PAE", .code = pae_guest, .setup = pae },
    { .name = "PAE with EPT", .code = pae_guest, .setup = pae_ept, .handle = show_pointers, .needs = NEED_EPT },
    { .name = "PAE with EPT, directory pointers of the VMCS", .code = pae_guest, .setup = pae_ept_other, .handle = show_pointers, .needs = NEED_EPT },
    { .name = "PAE switched on by the guest", .code = pae_switch, .setup = pae_later, .handle = show_pointers, .needs = NEED_UNRESTRICTED },
    { 0 } };
