/* What the suite prints of an exit, and how it runs a guest to its end. */
#include "svm.h"

#define EXIT_LIMIT 64
#define EVENT_VALID (1u << 31)

/* Without nRIP saved (15.10 of the first processors) software finds lengths itself: of the instructions used here. */
u32 instruction_length(u32 code)
{
    const u8 *at = (const u8 *)(get(SAVE_CS + 8) + get(SAVE_RIP));
    u32 prefixes = 0;
    while (*at == 0x66 || *at == 0xF3 || *at == 0x26 || *at == 0x36 || *at == 0x64)
        at++, prefixes++;
    if (code == EXIT_IO)
        return get(EXIT_INFO_2) - get(SAVE_RIP);
    if (*at != 0x0F)
        return prefixes + (*at == 0xCD ? 2 : 1);
    if (at[1] == 0x01 && at[2] < 0xC0 && (at[2] & 7) == 5)
        return prefixes + 7; /* absolute */
    if (at[1] == 0x00 && at[2] < 0xC0)
        return prefixes + ((at[2] & 7) == 5 ? 7 : 3);
    return prefixes + (at[1] == 0x00 || at[1] == 0x01 || (at[1] >= 0x20 && at[1] <= 0x23) ? 3 : 2);
}

static void say_event(const char *name, u32 offset)
{
    if (!(get(offset) & EVENT_VALID))
        return;
    say(" %s %x", name, get(offset));
    if (get(offset) & 0x800)
        say(" code %h", get(offset + 4));
}

void report_exit(u32 code)
{
    u32 value, vector = code - EXIT_EXCEPTION;
    if (code == ~0u)
    {
        say("  invalid\n");
        return;
    }
    say("  exit %h", code);
    if (code == EXIT_SHUTDOWN)
    {
        say("\n"); /* the rest is undefined (15.14.3) */
        return;
    }
    if (vector < 32 && (vector == 8 || (vector >= 10 && vector <= 14) || vector == 17))
        say(" code %h", get(EXIT_INFO_1));
    if (vector == 14)
        say(" at %a", get(EXIT_INFO_2));
    if (code == EXIT_IO)
        say(" info %h", get(EXIT_INFO_1) & (get(EXIT_INFO_1) & 4 ? 0xFFFF03FD : 0xFFFF007D)); /* the segment is a later addition, addresses are of strings */
    if (code == EXIT_MSR)
        say(" info %h", get(EXIT_INFO_1));
    if (code == EXIT_TASK)
        say(" info %h %h %h", get(EXIT_INFO_1), get(EXIT_INFO_2 + 4) & 0x1050, get(EXIT_INFO_2 + 4) & 0x1000 ? get(EXIT_INFO_2) : 0);
    if (code == EXIT_NESTED_FAULT)
        say(" info %h %h at %a", get(EXIT_INFO_1), get(EXIT_INFO_1 + 4), get(EXIT_INFO_2));
    say_event("during", EXIT_EVENT);
    say(" rip %a", get(SAVE_RIP));
    if ((value = get(SAVE_RFLAGS) & 0x00027FD7) != 2)
        say(" flags %h", value);
    if ((value = get(INTERRUPT_SHADOW) & 1))
        say(" shadow %h", value);
    if (vmcb[SAVE_CPL])
        say(" cpl %d", vmcb[SAVE_CPL]);
    say("\n");
}

static int is_instruction(u32 code)
{
    return code < EXIT_EXCEPTION || (code >= EXIT_CR0_SELECTIVE && code <= EXIT_MSR) || (code >= EXIT_VMRUN && code <= EXIT_WBINVD && code != EXIT_ICEBP);
}

enum action default_action(u32 code)
{
    if (code == EXIT_VMMCALL && registers.eax == END)
    {
        say("  end ebx %a ecx %a edx %a esi %a\n", registers.ebx, registers.ecx, registers.edx, registers.esi);
        return STOP;
    }
    if (code == EXIT_VMMCALL && registers.eax == EVENT)
    {
        __asm__ volatile("movl %0, %%cr2" : : "r"(get(SAVE_CR2)));
        guest_event((struct guest_frame *)registers.ebx, 0);
        return SKIP;
    }
    report_exit(code);
    if (guest_resume && ((code >= EXIT_EXCEPTION && code < EXIT_EXCEPTION + 32) || code == EXIT_NESTED_FAULT))
    {
        set(SAVE_RIP, guest_resume);
        guest_resume = 0;
        return GO;
    }
    return is_instruction(code) ? SKIP : STOP;
}

void run_guest(const struct scenario *scenario)
{
    for (int exits = 0; exits < EXIT_LIMIT; exits++)
    {
        u32 code;
        enum action action;
        vm_run(&registers, (u32)vmcb);
        code = get(EXIT_CODE);
        set(TLB_CONTROL, 1);
        set(EVENT_INJECTION, 0);
        action = scenario->handle ? scenario->handle(code) : DEFAULT;
        if (action == DEFAULT)
            action = default_action(code);
        if (action == STOP)
            return;
        if (action == SKIP)
        {
            set(SAVE_RIP, get(SAVE_RIP) + instruction_length(code));
            set(INTERRUPT_SHADOW, 0);
        }
    }
    say("  more than %d exits\n", EXIT_LIMIT);
}
