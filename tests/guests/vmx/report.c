/* What the suite prints, and how it runs a guest to its end. */
#include "vmx.h"

#define EXIT_LIMIT 64

u32 information_ignored;

/* VM-exit instruction length is defined for exits by instructions and by software events, also while they were delivered (27.2.5). */
static int has_length(u32 reason)
{
    u32 event = get(EXIT_EVENT), vectoring = get(VECTORING_EVENT);
    u32 type = (event >> 8) & 7;
    if (reason == REASON_EXCEPTION && (event >> 31) && (type == 6 || type == 5))
        return 1;
    if ((vectoring >> 31) && ((vectoring >> 8 & 7) >= 4))
        return 1;
    switch (reason)
    {
    case REASON_TASK: return (get(QUALIFICATION) >> 30) != 3;
    case 10: case 11: case 12: case 13: case 14: case 15: case 16: case 17: case 18: case 19: case 20: case 21: case 22: case 23: case 24:
    case 25: case 26: case 27: case 28: case 29: case 30: case 31: case 32: case 36: case 39: case 40: case 46: case 47: case 50: case 51:
    case 53: case 54: case 55: return 1;
    default: return 0;
    }
}

/* The defined bits of the VM-exit instruction-information field (27.2.5, tables 27-8 to 27-13). */
static u32 information_mask(u32 reason)
{
    u32 value = get(EXIT_INFORMATION), mask, memory;
    switch (reason)
    {
    case REASON_IO:
        if (!(get(QUALIFICATION) & 16) || !(basic_msr >> 54 & 1))
            return 0;
        return 0x380 | (get(QUALIFICATION) & 8 ? 0 : 0x38000); /* the segment is undefined for INS */
    case REASON_GDT_IDT: mask = 0x30000000 | 0x800; break;
    case REASON_LDT_TR: mask = 0x30000000 | 0x400; break;
    case 19: case 21: case 22: case 27: mask = 0; break;
    case 23: case 25: mask = 0xF0000000u | 0x400; break;
    case REASON_INVEPT: case REASON_INVVPID: mask = 0xF0000000u; break;
    default: return 0;
    }
    if ((mask & 0x400) && (value & 0x400))
        return mask | 0x78;
    memory = 0x3 | 0x380 | 0x38000 | (1u << 22) | (1u << 27);
    if (!(value & 1u << 22))
        memory |= 0x3C0000;
    if (!(value & 1u << 27))
        memory |= 0x7800000;
    if (value & 1u << 22)
        memory &= ~3u; /* no index: no scale */
    return mask | memory;
}

static void say_event(const char *name, u32 event, u32 code_field)
{
    if (!(event >> 31))
        return;
    /* Bit 12 tells of an IRET that ended blocking by NMI; it is undefined for what was being delivered, and for a double fault then. */
    u32 iret = code_field == EXIT_ERROR_CODE && !(get(VECTORING_EVENT) >> 31) && (event & 0xFF) != 8 ? 0x1000 : 0;
    say(" %s %x", name, event & (0x80000FFF | iret));
    if (event & 0x800)
        say(" code %h", get(code_field));
}

void report_exit(u32 reason)
{
    u32 value, mask = information_mask(reason & 0xFFFF) & ~information_ignored, qualification = get(QUALIFICATION);
    int ept = reason == REASON_EPT_VIOLATION || reason == REASON_EPT_MISCONFIGURATION;
    int page_fault = reason == REASON_EXCEPTION && (get(EXIT_EVENT) & 0x800007FF) == 0x8000030E;
    int displacement = (reason >= 19 && reason <= REASON_VMXON) || reason == REASON_GDT_IDT || reason == REASON_LDT_TR || reason == REASON_INVEPT ||
                       reason == REASON_INVVPID;
    int addresses = page_fault || reason == REASON_INVLPG;
    if (information_ignored && (mask & 0x400) && (get(EXIT_INFORMATION) & 0x400))
        qualification = 0; /* a register operand has no displacement: 0, but for Bochs 2.7 whatever there was */
    say("  exit %d", reason & 0x7FFFFFFF);
    if (reason >> 31)
        say(" failed entry");
    if (reason == REASON_EPT_VIOLATION)
        qualification &= 0x11BF; /* bits 9-11 are advanced information, bit 6 is another control's */
    if (reason == REASON_EPT_VIOLATION && (qualification & 2))
        qualification &= ~1u; /* a write that is part of a read-modify-write may be both */
    if (reason == REASON_EPT_MISCONFIGURATION)
        qualification = 0; /* undefined */
    if (qualification && addresses)
        say(" at %a", qualification);
    else if (qualification && displacement)
        say(" displacement %a", qualification);
    else if (qualification)
        say(" q %h", qualification);
    if (reason == REASON_EPT_VIOLATION && (qualification & 0x80))
        say(" linear %a", get(LINEAR_ADDRESS));
    if (ept)
        say(" physical %a", get(PHYSICAL_ADDRESS));
    if (reason == REASON_IO && (qualification & 16))
        say(" linear %a", get(LINEAR_ADDRESS));
    if (reason == REASON_CR && (qualification & 0x70) == 0x70)
        say(" linear %a", get(LINEAR_ADDRESS));
    if (!(reason >> 31) && has_length(reason))
        say(" len %d", get(EXIT_LENGTH));
    if (mask)
        say(" info %x", get(EXIT_INFORMATION) & mask);
    if (!(reason >> 31))
    {
        if (reason <= REASON_EXTERNAL)
            say_event("int", get(EXIT_EVENT), EXIT_ERROR_CODE);
        say_event("during", get(VECTORING_EVENT), VECTORING_ERROR_CODE);
    }
    say(" rip %a", get(GUEST_RIP));
    if ((value = get(GUEST_RFLAGS) & 0x00027FD7) != 2)
        say(" flags %h", value);
    if ((value = get(GUEST_INTERRUPTIBILITY)))
        say(" blocking %h", value);
    if ((value = get(GUEST_ACTIVITY)))
        say(" activity %h", value);
    if ((value = get(GUEST_PENDING_DEBUG)))
        say(" pending %h", value);
    say("\n");
}

void skip_instruction(void)
{
    set(GUEST_RIP, get(GUEST_RIP) + get(EXIT_LENGTH));
    set(GUEST_INTERRUPTIBILITY, get(GUEST_INTERRUPTIBILITY) & ~3u);
}

enum action default_action(u32 reason)
{
    if (reason == REASON_VMCALL && registers.eax == END)
    {
        say("  end ebx %a ecx %a edx %a esi %a\n", registers.ebx, registers.ecx, registers.edx, registers.esi);
        return STOP;
    }
    if (reason == REASON_VMCALL && registers.eax == EVENT)
    {
        guest_event((struct guest_frame *)registers.ebx, get(GUEST_INTERRUPTIBILITY));
        skip_instruction();
        return GO;
    }
    report_exit(reason);
    if (guest_resume && (reason == REASON_EXCEPTION || reason == REASON_EPT_VIOLATION || reason == REASON_EPT_MISCONFIGURATION))
    {
        set(GUEST_RIP, guest_resume);
        guest_resume = 0;
        return GO;
    }
    if (reason >= REASON_CPUID && reason != REASON_GUEST_STATE && has_length(reason))
    {
        skip_instruction();
        return GO;
    }
    return STOP;
}

void run_guest(const struct scenario *scenario)
{
    u32 resume = 0;
    for (int exits = 0; exits < EXIT_LIMIT; exits++)
    {
        u32 outcome = vm_enter(&registers, resume), reason;
        if (outcome)
        {
            say_outcome("entry", outcome);
            return;
        }
        reason = get(EXIT_REASON);
        if (reason >> 31)
        {
            report_exit(reason);
            return;
        }
        resume = 1;
        enum action action = scenario->handle ? scenario->handle(reason) : DEFAULT;
        if (action == DEFAULT)
            action = default_action(reason);
        if (action == SKIP)
            skip_instruction();
        if (action == STOP)
            return;
    }
    say("  more than %d exits\n", EXIT_LIMIT);
}

int offered(u32 needs)
{
    if ((needs & (NEED_EPT | NEED_UNRESTRICTED | NEED_EPT_2M | NEED_EPT_AD | NEED_EXECUTE_ONLY)) && !secondary_offers(SEC_EPT))
        return 0;
    return !((needs & NEED_UNRESTRICTED && !secondary_offers(SEC_UNRESTRICTED)) || (needs & NEED_TIMER && !pin_offers(PIN_TIMER)) ||
             (needs & NEED_VIRTUAL_NMI && !pin_offers(PIN_NMI | PIN_VIRTUAL_NMI)) || (needs & NEED_VPID && !secondary_offers(SEC_VPID)) ||
             (needs & NEED_DESCRIPTOR && !secondary_offers(SEC_DESCRIPTOR)) || (needs & NEED_EPT_2M && !(ept_capabilities >> 16 & 1)) ||
             (needs & NEED_EPT_AD && !(ept_capabilities >> 21 & 1)) || (needs & NEED_EXECUTE_ONLY && !(ept_capabilities & 1)) ||
             (needs & NEED_HLT_ACTIVITY && !(misc_msr >> 6 & 1)) || (needs & NEED_TRAP_FLAG && !primary_offers(PRI_TRAP_FLAG)) ||
             (needs & NEED_TPR_SHADOW && !primary_offers(PRI_TPR_SHADOW)) || (needs & NEED_SHUTDOWN_ACTIVITY && !(misc_msr >> 7 & 1)));
}
