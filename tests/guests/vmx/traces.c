/* Traces: each seed makes a program of short pieces and runs it under random controls, masks, shadows and bitmaps; what every exit reports goes into a checksum.
 * With one seed the reports are printed.
 */
#include "vmx.h"

#define PIECES 40
#define EXITS 400

/* A piece is code that runs anywhere. What it reads of devices or clocks it forgets. */
#define PIECE(name, text) GUEST(name, text "\n.globl " #name "_end\n" #name "_end:"); extern const u8 name##_end[]
PIECE(p_cpuid, "xorl %eax, %eax\ncpuid\nxorl %eax, %eax\nxorl %ebx, %ebx\nxorl %ecx, %ecx\nxorl %edx, %edx");
PIECE(p_rdtsc, "rdtsc\nxorl %eax, %eax\nxorl %edx, %edx");
PIECE(p_hlt, "hlt");
PIECE(p_pause, "pause");
PIECE(p_invlpg, "invlpg 0x40001234");
PIECE(p_invd, "invd");
PIECE(p_wbinvd, "wbinvd");
PIECE(p_read_cr0, "movl %cr0, %ebx");
PIECE(p_smsw, "smsw %ecx");
PIECE(p_write_cr0, "movl %cr0, %eax\nmovl %eax, %cr0");
PIECE(p_toggle_wp, "movl %cr0, %eax\nxorl $0x10000, %eax\nmovl %eax, %cr0");
PIECE(p_toggle_ts, "movl %cr0, %eax\nxorl $0xA, %eax\nmovl %eax, %cr0");
PIECE(p_clear_ne, "movl %cr0, %eax\nandl $~0x20, %eax\nmovl %eax, %cr0");
PIECE(p_clts, "clts");
PIECE(p_lmsw, "movl $0xB, %eax\nlmsw %ax");
PIECE(p_lmsw_memory, "movl $5, pages+0x100\nlmsw pages+0x100");
PIECE(p_read_cr3, "movl %cr3, %edi\nxorl %edi, %edi");
PIECE(p_write_cr3, "movl $guest_directory, %eax\nmovl %eax, %cr3");
PIECE(p_read_cr4, "movl %cr4, %esi");
PIECE(p_toggle_pge, "movl %cr4, %eax\nxorl $0x80, %eax\nmovl %eax, %cr4");
PIECE(p_toggle_tsd, "movl %cr4, %eax\nxorl $0xC, %eax\nmovl %eax, %cr4");
PIECE(p_clear_vmxe, "movl %cr4, %eax\nandl $~0x2000, %eax\nmovl %eax, %cr4");
PIECE(p_cr2, "movl $0x1234, %eax\nmovl %eax, %cr2\nmovl %cr2, %ebp");
PIECE(p_dr, "movl %eax, %dr2\nmovl %dr2, %ecx");
PIECE(p_dr4, "movl %dr4, %ecx\nxorl %ecx, %ecx");
PIECE(p_dr7, "movl $0x400, %eax\nmovl %eax, %dr7");
PIECE(p_in, "inb $0x82, %al\ninl $0x84, %eax\nxorl %eax, %eax");
PIECE(p_out, "movl $0x80, %edx\noutb %al, %dx\noutw %ax, $0x83");
PIECE(p_outs, "movl $0x86, %edx\nmovl $pages, %esi\nmovl $3, %ecx\nrep outsb\noutsl");
PIECE(p_ins, "movl $0x85, %edx\nmovl $pages+0x200, %edi\ninsw\nmovl $2, %ecx\nrep insb");
PIECE(p_rdmsr, "movl $0x174, %ecx\nrdmsr\nincl %ecx\nrdmsr");
PIECE(p_wrmsr, "movl $0x175, %ecx\nmovl $0x55AA, %eax\nxorl %edx, %edx\nwrmsr\nincl %ecx\nwrmsr");
PIECE(p_no_msr, "movl $0x1FFF, %ecx\nrdmsr");
PIECE(p_vmcall, "movl $7, %eax\nvmcall");
PIECE(p_vmread, "vmread %eax, %ecx\nvmptrst pages+8");
PIECE(p_int3, "int3");
PIECE(p_into, "movb $0x7F, %al\naddb $1, %al\ninto");
PIECE(p_ud, "ud2");
PIECE(p_divide, "xorl %ecx, %ecx\ndivl %ecx");
PIECE(p_int, "int $0x41");
PIECE(p_int_denied, "int $0x21");
PIECE(p_int1, ".byte 0xF1");
PIECE(p_read_absent, "movl 0x40001010, %eax");
PIECE(p_write_read_only, "movl %eax, 0x40002010");
PIECE(p_supervisor, "movl 0x40003010, %eax");
PIECE(p_segment, "movl $0x58, %eax\nmovl %eax, %gs");
PIECE(p_limit, "movl $0xFFF8, %eax\nmovl %eax, %fs");
PIECE(p_sti, "sti\nnop\nnop\ncli");
PIECE(p_sti_ss, "sti\nmovl %ss, %eax\nmovl %eax, %ss\nnop\ncli");
PIECE(p_step, "pushfl\norl $0x100, (%esp)\npopfl\nnop\nmovl %ss, %eax\nmovl %eax, %ss\nnop\npushfl\nandl $~0x100, (%esp)\npopfl\nxorl %eax, %eax");
PIECE(p_tables, "sgdt pages+0x300\nsidt pages+0x308\nsldt %ax\nstr %bx");
PIECE(p_lidt, "movw $0x7FF, pages+0x310\nmovl $guest_idt, pages+0x312\nlidt pages+0x310");
PIECE(p_lgdt, "movw $0x7F, pages+0x318\nmovl $guest_gdt, pages+0x31A\nlgdt pages+0x318");
PIECE(p_lldt, "xorl %eax, %eax\nlldt %ax");
PIECE(p_ltr, "movl $0x28, %eax\nltr %ax");
PIECE(p_task, "call $0x30, $0");
PIECE(p_iret, "pushfl\npushl %cs\ncall 1f\n1:\naddl $9, (%esp)\niret\nnop\nnop\nnop\nnop");
PIECE(p_moves, "movl %esi, pages+0x400\nmovl pages+0x404, %edi\naddl %edi, %esi\nrep movsb");

#define ALL(name) { name, name##_end }
static const struct { const u8 *start, *end; } pieces[] = {
    ALL(p_cpuid), ALL(p_rdtsc), ALL(p_hlt), ALL(p_pause), ALL(p_invlpg), ALL(p_invd), ALL(p_wbinvd), ALL(p_read_cr0), ALL(p_smsw), ALL(p_write_cr0),
    ALL(p_toggle_wp), ALL(p_toggle_ts), ALL(p_clear_ne), ALL(p_clts), ALL(p_lmsw), ALL(p_lmsw_memory), ALL(p_read_cr3), ALL(p_write_cr3), ALL(p_read_cr4),
    ALL(p_toggle_pge), ALL(p_toggle_tsd), ALL(p_clear_vmxe), ALL(p_cr2), ALL(p_dr), ALL(p_dr4), ALL(p_dr7), ALL(p_in), ALL(p_out), ALL(p_outs), ALL(p_ins),
    ALL(p_rdmsr), ALL(p_wrmsr), ALL(p_no_msr), ALL(p_vmcall), ALL(p_vmread), ALL(p_int3), ALL(p_into), ALL(p_ud), ALL(p_divide), ALL(p_int), ALL(p_int_denied),
    ALL(p_int1), ALL(p_read_absent), ALL(p_write_read_only), ALL(p_supervisor), ALL(p_segment), ALL(p_limit), ALL(p_sti), ALL(p_sti_ss), ALL(p_step),
    ALL(p_tables), ALL(p_lidt), ALL(p_lgdt), ALL(p_lldt), ALL(p_ltr), ALL(p_task), ALL(p_iret) };
GUEST(trace_end, DONE_CALL);

static u32 boundaries[PIECES + 1];
#define PROGRAM pages[12] /* one page and the next */

static void make_program(u32 *state)
{
    u8 *at = PROGRAM;
    for (u32 n = 0; n < PIECES; n++)
    {
        u32 chosen = random_next(state) % (sizeof pieces / sizeof *pieces), length = (u32)(pieces[chosen].end - pieces[chosen].start);
        boundaries[n] = (u32)at;
        memcpy(at, pieces[chosen].start, length);
        at += length;
    }
    boundaries[PIECES] = (u32)at;
    memcpy(at, trace_end, 8);
}

/* Where the piece behind an address begins. */
static u32 next_piece(u32 address)
{
    u32 n = 0;
    while (n < PIECES && boundaries[n] <= address)
        n++;
    return boundaries[n];
}

static u32 some(u32 *state, u32 bits) { return random_next(state) & random_next(state) & bits; }

static void make_controls(u32 *state)
{
    u32 kind = random_next(state);
    make_vmcs(PROGRAM);
    information_ignored = 0x800; /* Bochs 2.7 leaves the operand size 0 */
    if (kind & 1)
        ept_identity(kind >> 1 & 1);
    if ((kind & 4) && offered(NEED_VPID))
    {
        set(VPID, 3);
        secondary_set(SEC_VPID);
    }
    if (kind & 8)
        secondary_set(some(state, SEC_DESCRIPTOR | SEC_WBINVD));
    if ((kind & 0x30) == 0x30)
        guest_in_ring_3();
    if (kind & 0x40)
        set(GUEST_RFLAGS, 0x3002);
    primary_set(some(state, PRI_INVLPG | PRI_RDTSC | PRI_CR3_LOAD | PRI_CR3_STORE | PRI_MOV_DR | PRI_IO | PRI_IO_BITMAPS | PRI_PAUSE | PRI_INTERRUPT_WINDOW));
    if (!(kind & 0x180))
        primary_clear(PRI_MSR_BITMAPS);
    set(EXIT_CONTROLS, get(EXIT_CONTROLS) | EXIT_SAVE_DEBUG);
    set(ENTRY_CONTROLS, get(ENTRY_CONTROLS) | ENTRY_LOAD_DEBUG);
    set(CR0_MASK, some(state, 0x8005003F));
    set(CR0_SHADOW, random_next(state) & 0x8005003F);
    set(CR4_MASK, some(state, 0x209C));
    set(CR4_SHADOW, random_next(state) & 0x209C);
    set(CR3_TARGET_COUNT, random_next(state) & 1);
    set(CR3_TARGET0, (u32)guest_directory);
    set(EXCEPTION_BITMAP, random_next(state) & ~(1u << 8));
    set(PAGE_FAULT_MASK, some(state, 7));
    set(PAGE_FAULT_MATCH, some(state, 7));
    io_bitmaps[0][0x80 >> 3] = (u8)random_next(state);
    msr_bitmap[0x174 >> 3] = (u8)random_next(state);
    msr_bitmap[2048 + (0x174 >> 3)] = (u8)random_next(state);
    guest_gdt[11] = segment(0, 0xFFFFF, 0xC093) & ~(1ull << 47);
    __asm__ volatile("movl %0, %%dr6\nmovl %1, %%cr2\nmovl %1, %%dr2" : : "r"(0xFFFF0FF0), "r"(0));
}

static void go_on_behind(u32 address)
{
    set(GUEST_RIP, next_piece(address));
    set(GUEST_RFLAGS, get(GUEST_RFLAGS) & 0x3002);
    set(GUEST_INTERRUPTIBILITY, 0);
    set(GUEST_PENDING_DEBUG, 0);
}

/* Returns how many exits there were. */
static u32 trace(void)
{
    u32 exits = 0;
    for (; exits < EXITS; exits++)
    {
        u32 reason, event;
        if (vm_enter(&registers, exits != 0) != DONE)
        {
            say("  entry failed %d\n", get(INSTRUCTION_ERROR));
            return exits;
        }
        reason = get(EXIT_REASON);
        event = get(EXIT_EVENT);
        if (reason == REASON_VMCALL && registers.eax == EVENT)
        {
            struct guest_frame *frame = (struct guest_frame *)registers.ebx;
            guest_event(frame, get(GUEST_INTERRUPTIBILITY));
            if (frame->vector != 0x41 && frame->vector != 1 && frame->vector != 3 && frame->vector != 4)
            {
                frame->eip = next_piece(frame->eip);
                frame->eflags &= 0x3002;
            }
            skip_instruction();
            continue;
        }
        report_exit(reason);
        if (reason == REASON_VMCALL && registers.eax == END)
            break;
        if (reason == REASON_INTERRUPT_WINDOW)
            primary_clear(PRI_INTERRUPT_WINDOW);
        else if (reason == REASON_EXCEPTION && (event & 0x7FF) == 0x301)
            set(GUEST_PENDING_DEBUG, 0);
        else if (reason == REASON_EXCEPTION && (event & 0x700) >= 0x500)
            skip_instruction();
        else if (reason == REASON_EXCEPTION || reason == REASON_TASK)
            go_on_behind(get(GUEST_RIP));
        else if (reason >= REASON_CPUID && reason < REASON_GUEST_STATE)
        {
            skip_instruction();
            set(GUEST_PENDING_DEBUG, 0);
            set(GUEST_RFLAGS, get(GUEST_RFLAGS) & ~0x100u);
        }
        else if (reason == REASON_PAUSE || reason == REASON_GDT_IDT || reason == REASON_LDT_TR || reason == REASON_WBINVD)
        {
            skip_instruction();
            set(GUEST_PENDING_DEBUG, 0);
            set(GUEST_RFLAGS, get(GUEST_RFLAGS) & ~0x100u);
        }
        else
            break;
    }
    say("  ebx %h ecx %h edx %h ebp %h cr0 %h cr4 %h sysenter %h %h\n", registers.ebx, registers.ecx, registers.edx, registers.ebp, get(GUEST_CR0), get(GUEST_CR4),
        get(GUEST_SYSENTER_CS), get(GUEST_SYSENTER_ESP));
    return exits;
}

void run_traces(void)
{
    u32 before = printed;
    for (u32 seed = settings.first_seed; seed != settings.first_seed + settings.seeds; seed++)
    {
        u32 state = (seed + 1) * 0x9E3779B1u, exits, checksum;
        random_next(&state);
        make_world();
        make_program(&state);
        make_controls(&state);
        quiet = settings.seeds != 1;
        printed = 0;
        exits = trace();
        checksum = printed;
        quiet = 0;
        printed = before;
        say("%d kind trace: %d exits, %x\n", seed, exits, checksum);
        before = printed;
        vmcs_clear((u32)vmcs_a);
    }
    information_ignored = 0;
}
