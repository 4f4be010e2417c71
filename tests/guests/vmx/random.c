/* Random mode: each seed changes some fields of one of several valid VMCSs and tells the class of what happens: a VMfail, a failed entry, or the first exit.
 *
 * Memory that machines fill differently is out of the guests' reach: they see this image and little else. Not changed: what would lose the host (its RIP,
 * RSP, PAE paging), what only some processors offer, and states that end for want of an event (wait-for-SIPI, shutdown).
 */
#include "vmx.h"

struct mutable { u16 field; u32 bits; };

/* Control bits that every processor with EPT treats alike: old ones, and those that are reserved everywhere. */
#define PIN_BITS 0xFFFFFC3Fu
#define PRIMARY_BITS 0xD7C1FBFFu
#define SECONDARY_BITS 0xF8A000A2u
#define EXIT_BITS 0x6203EDFFu
#define ENTRY_BITS 0xC2001DFFu
#define CR4_BITS 0xFF4891DCu /* neither VME, PVI and PAE nor what came with SSE and after */
#define LOW 0xFFFu
#define HIGH 0xFFFFFF00u /* bits 63:40, beyond the physical addresses of all */
#define SEGMENT(index) \
    { GUEST_ES + 2 * index, 0xFFFF }, { GUEST_ES_LIMIT + 2 * index, ~0u }, { GUEST_ES_RIGHTS + 2 * index, ~0u }, { GUEST_ES_BASE + 2 * index, ~0u }

static const struct mutable fields[] = {
    SEGMENT(0), SEGMENT(1), SEGMENT(2), SEGMENT(3), SEGMENT(4), SEGMENT(5), SEGMENT(6), SEGMENT(7),
    { GUEST_CR0, ~0u }, { GUEST_CR0, 0x80000021 }, { GUEST_CR3, LOW }, { GUEST_CR4, CR4_BITS }, { GUEST_DR7, ~0u }, { GUEST_RSP, ~0u }, { GUEST_RIP, ~0u },
    { GUEST_RFLAGS, ~0x100u }, { GUEST_RFLAGS, 0x23203 }, { GUEST_PENDING_DEBUG, ~0x4000u }, { GUEST_SYSENTER_CS, ~0u }, { GUEST_SYSENTER_ESP, ~0u },
    { GUEST_SYSENTER_EIP, ~0u }, { GUEST_GDTR_LIMIT, ~0u }, { GUEST_IDTR_LIMIT, ~0u }, { GUEST_GDTR_BASE, ~0u }, { GUEST_IDTR_BASE, ~0u },
    { GUEST_ACTIVITY, ~3u }, { GUEST_INTERRUPTIBILITY, ~0x10u }, { GUEST_INTERRUPTIBILITY, 15 }, { GUEST_SMBASE, ~0u }, { LINK_POINTER, LOW },
    { LINK_POINTER + 1, HIGH },
    { HOST_ES, 0xFFFF }, { HOST_CS, 0xFFFF }, { HOST_SS, 0xFFFF }, { HOST_DS, 0xFFFF }, { HOST_FS, 0xFFFF }, { HOST_GS, 0xFFFF }, { HOST_TR, 0xFFFF },
    { HOST_CR0, 0x8005003F }, { HOST_CR3, LOW }, { HOST_CR4, CR4_BITS & ~0x20u }, { HOST_FS_BASE, ~0u }, { HOST_GS_BASE, ~0u }, { HOST_TR_BASE, ~0u },
    { HOST_GDTR_BASE, ~0u }, { HOST_IDTR_BASE, ~0u }, { HOST_SYSENTER_CS, ~0u }, { HOST_SYSENTER_ESP, ~0u }, { HOST_SYSENTER_EIP, ~0u },
    { PIN_CONTROLS, PIN_BITS }, { PRIMARY_CONTROLS, PRIMARY_BITS }, { SECONDARY_CONTROLS, SECONDARY_BITS }, { EXIT_CONTROLS, EXIT_BITS },
    { ENTRY_CONTROLS, ENTRY_BITS }, { PIN_CONTROLS, 0x29 }, { SECONDARY_CONTROLS, 0xA2 }, { EXCEPTION_BITMAP, ~0u }, { PAGE_FAULT_MASK, ~0u },
    { PAGE_FAULT_MATCH, ~0u }, { CR3_TARGET_COUNT, ~0u }, { EXIT_STORE_COUNT, 3 }, { EXIT_LOAD_COUNT, 3 }, { ENTRY_LOAD_COUNT, 3 },
    { ENTRY_EVENT, ~0u }, { ENTRY_EVENT, 0x80000FFF }, { ENTRY_EVENT, 0x80000FFF }, { ENTRY_ERROR_CODE, ~0u }, { ENTRY_LENGTH, ~0u }, { ENTRY_LENGTH, 15 },
    { TPR_THRESHOLD, ~0u }, { IO_BITMAP_A, LOW }, { IO_BITMAP_B + 1, HIGH }, { MSR_BITMAP, LOW }, { MSR_BITMAP + 1, HIGH }, { EXIT_STORE_ADDRESS, 15 },
    { EXIT_LOAD_ADDRESS, 15 }, { ENTRY_LOAD_ADDRESS, 15 }, { ENTRY_LOAD_ADDRESS + 1, HIGH }, { TSC_OFFSET, ~0u }, { EPT_POINTER, LOW & ~0x40u },
    { EPT_POINTER + 1, HIGH }, { VPID, 0xFFFF }, { CR0_MASK, ~0u }, { CR0_SHADOW, ~0u }, { CR4_MASK, ~0u }, { CR4_SHADOW, ~0u } };

#define COUNT (sizeof fields / sizeof *fields)

GUEST(random_guest, "pushl %ebx\nmovl pages, %eax\nmovl %eax, %es:pages+4\nmovl %fs:pages+8, %ecx\nmovl %gs:pages+12, %edx\npopl %ebx\n"
      "sidt pages+16" DONE_CALL);
GUEST(random_low, ".code16\npushw %bx\nmovw 0x10, %ax\nmovw %ax, %es:0x20\nmovw %fs:0x30, %cx\nmovw %gs:0x40, %dx\npopw %bx\nmovl $0x454E44, %eax\n"
      "vmcall");

extern u8 __bss_end[];
#define IMAGE_START 0x100000u
#define SEGMENT_16 0x10000u

static int reachable(u32 page)
{
    return (page >= IMAGE_START && page < (u32)__bss_end) || page == LOW_CODE || page - SEGMENT_16 < 0x10000;
}

/* What it may write: so that no guest destroys the host. */
static int writable(u32 page)
{
    return page < IMAGE_START || page - (u32)pages < sizeof pages || page - (u32)guest_stack < sizeof guest_stack || page - (u32)user_stack < sizeof user_stack;
}

/* The guest's 4 MiB pages become pages of what it may reach, accessed and dirty (a walk writes nothing); EPT alike. */
static void confine(void)
{
    static u32 tables[2][1024] __attribute__((aligned(4096)));
    clear(guest_directory, sizeof guest_directory);
    for (u32 table = 0; table < 2; table++)
    {
        guest_directory[table] = (u32)tables[table] | 0x67;
        for (u32 page = 0; page < 1024; page++)
            tables[table][page] = reachable(table << 22 | page << 12) ? (table << 22 | page << 12 | (writable(table << 22 | page << 12) ? 0x67 : 0x65)) : 0;
    }
}

static void confine_ept(void)
{
    ept_identity(0);
    for (u32 page = 0; page < MEMORY_SIZE; page += 4096)
        if (!reachable(page))
            *ept_entry(page) = 0;
        else if (!writable(page))
            *ept_entry(page) &= ~2ull;
    ept_flush();
}

static void segments_16(u32 rights)
{
    for (u32 i = 0; i < 12; i += 2)
    {
        set(GUEST_ES + i, i == 2 ? LOW_CODE >> 4 : SEGMENT_16 >> 4);
        set(GUEST_ES_BASE + i, i == 2 ? LOW_CODE : SEGMENT_16);
        set(GUEST_ES_LIMIT + i, 0xFFFF);
        set(GUEST_ES_RIGHTS + i, rights);
    }
    set(GUEST_RIP, 0);
    set(GUEST_RSP, 0x800);
}

#define REAL_MODE 5

static void base(u32 kind)
{
    make_vmcs(random_guest);
    primary_set(PRI_IO);
    set(EXCEPTION_BITMAP, ~0u);
    set(GUEST_CR0, get(GUEST_CR0) | 0x10000);
    msr_area[2][0].index = msr_area[1][0].index = msr_area[0][0].index = 0x174;
    msr_area[2][1].index = msr_area[1][1].index = msr_area[0][1].index = 0x175;
    msr_area[2][2].index = msr_area[1][2].index = msr_area[0][2].index = 0x176;
    if (kind & 1)
        confine_ept();
    if (kind == 2)
        guest_in_ring_3();
    if (kind == 4)
    {
        segments_16(0xF3);
        set(GUEST_RFLAGS, 0x20002);
    }
    if (kind == REAL_MODE)
    {
        secondary_set(SEC_UNRESTRICTED);
        segments_16(0x93);
        set(GUEST_CS_RIGHTS, 0x9B);
        set(GUEST_CR0, 0x10030);
        set(GUEST_CR4, 0x2000);
    }
    if (kind == 6)
    {
        pin_set(PIN_NMI | PIN_VIRTUAL_NMI);
        set(GUEST_RFLAGS, 0x202);
    }
    if (kind == 7)
    {
        set(VPID, 7);
        secondary_set(SEC_VPID);
    }
}

static u32 mutated(u32 value, u32 *state)
{
    switch (random_next(state) & 7)
    {
    case 0: return 0;
    case 1: return ~0u;
    case 2: return random_next(state);
    case 3: return value + (random_next(state) & 31) - 15;
    default:
        for (u32 n = random_next(state) & 1; n != ~0u; n--)
            value ^= 1u << (random_next(state) & 31);
        return value;
    }
}

/* Left out: what Bochs 2.7 does not check or checks without need (bochs-differences.txt), and rights of real-mode segments, about which the manual is silent. */
static int excluded(u32 kind)
{
    u32 event = get(ENTRY_EVENT), blocking = get(GUEST_INTERRUPTIBILITY);
    for (u32 field = GUEST_ES_RIGHTS; kind == REAL_MODE && field <= GUEST_GS_RIGHTS; field += 2)
        if (get(field) != (field == GUEST_CS_RIGHTS ? 0x9B : 0x93))
            return 1;
    return (event >> 31 && (event >> 8 & 7) == 7) || (get(ENTRY_CONTROLS) & ENTRY_SMM) || (kind == REAL_MODE && (get(GUEST_CS) & 3)) ||
           (event >> 31 && (event & 0x700) == 0x200 && (blocking & 8) && (get(PIN_CONTROLS) & PIN_VIRTUAL_NMI));
}

/* With several changes, which check fails first is the processor's choice (26.2, 26.3). */
static const char *watch(u32 *detail)
{
    u32 failure, reason;
    *detail = 0;
    pin_set(PIN_EXTERNAL);
    timer_shot(2000);
    failure = vm_enter(&registers, 0);
    if (failure)
    {
        timer_off();
        *detail = failure == FAIL_VALID ? get(INSTRUCTION_ERROR) : 0;
        if (settings.fields > 1 && *detail == 8)
            *detail = 7;
        return failure == FAIL_VALID ? "VMfail" : "another failure";
    }
    reason = get(EXIT_REASON);
    timer_off();
    if (reason >> 31)
    {
        *detail = reason & 0xFFFF;
        if (settings.fields == 1)
            *detail = *detail * 100 + get(QUALIFICATION);
        return "failed entry";
    }
    if (reason == REASON_EXCEPTION)
    {
        *detail = get(EXIT_EVENT) & 0xFF;
        return "exception";
    }
    if (reason == REASON_EXTERNAL || reason == REASON_TIMER)
        return "no end";
    *detail = reason;
    return "exit";
}

#define MOST 8

void run_random(void)
{
    u32 cr0, cr4;
    __asm__ volatile("movl %%cr0, %0; movl %%cr4, %1" : "=r"(cr0), "=r"(cr4));
    for (u32 seed = settings.first_seed; seed != settings.first_seed + settings.seeds; seed++)
    {
        u32 state = (seed + 1) * 0x9E3779B1u, kind, detail = 0, n;
        struct { u32 field, value; } changes[MOST];
        const char *what;
        random_next(&state);
        kind = random_next(&state) & 7;
        make_world();
        confine();
        clear((void *)LOW_CODE, 4096);
        clear((void *)SEGMENT_16, 0x1000);
        memcpy((void *)LOW_CODE, random_low, 48);
        base(kind);
        for (n = 0; n < settings.fields && n < MOST; n++)
        {
            const struct mutable *chosen = &fields[random_next(&state) % COUNT];
            u32 old = get(chosen->field), value = (old & ~chosen->bits) | (mutated(old, &state) & chosen->bits);
            if (chosen->field == ENTRY_EVENT && random_next(&state) & 1)
                value |= 1u << 31;
            vm_write(chosen->field, value);
            changes[n].field = chosen->field;
            changes[n].value = value;
        }
        what = excluded(kind) ? "left out" : watch(&detail);

        /* In one piece: emulators may print when their guest shuts down. */
        say("%d kind %d", seed, kind);
        for (u32 i = 0; i < n; i++)
            say(" %h=%h", changes[i].field, changes[i].value);
        say(": %s %d\n", what, detail);
        vmcs_clear((u32)vmcs_a);
        write_cr0(cr0);
        write_cr4(cr4);
    }
}
