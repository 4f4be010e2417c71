/* VMREAD and VMWRITE of every field (SDM vol. 3, 24.11.2 and appendix B): widths, halves, fields that may be missing, read-only fields, no fields. */
#include "vmx.h"

struct field { u16 encoding; u8 width; u8 optional; u32 kept; };
#define SEGMENTS(first, width, kept) \
    { first, width, 0, kept }, { first + 2, width, 0, kept }, { first + 4, width, 0, kept }, { first + 6, width, 0, kept }, { first + 8, width, 0, kept }, \
    { first + 10, width, 0, kept }, { first + 12, width, 0, kept }, { first + 14, width, 0, kept }

/* The kept bits of access rights are the defined ones: processors need not keep the others. */
static const struct field fields[] = {
    SEGMENTS(GUEST_ES, 16, ~0u), { HOST_ES, 16, 0, ~0u }, { HOST_CS, 16, 0, ~0u }, { HOST_SS, 16, 0, ~0u }, { HOST_DS, 16, 0, ~0u },
    { HOST_FS, 16, 0, ~0u }, { HOST_GS, 16, 0, ~0u }, { HOST_TR, 16, 0, ~0u }, { VPID, 16, 1, ~0u },
    { IO_BITMAP_A, 64, 0, ~0u }, { IO_BITMAP_B, 64, 0, ~0u }, { MSR_BITMAP, 64, 1, ~0u }, { EXIT_STORE_ADDRESS, 64, 0, ~0u },
    { EXIT_LOAD_ADDRESS, 64, 0, ~0u }, { ENTRY_LOAD_ADDRESS, 64, 0, ~0u }, { EXECUTIVE_VMCS, 64, 0, ~0u }, { TSC_OFFSET, 64, 0, ~0u },
    { VIRTUAL_APIC, 64, 1, ~0u }, { APIC_ACCESS, 64, 1, ~0u }, { EPT_POINTER, 64, 1, ~0u }, { LINK_POINTER, 64, 0, ~0u },
    { GUEST_DEBUGCTL, 64, 0, ~0u }, { GUEST_PAT, 64, 1, ~0u }, { GUEST_EFER, 64, 1, ~0u }, { GUEST_PDPTE0, 64, 1, ~0u },
    { GUEST_PDPTE1, 64, 1, ~0u }, { GUEST_PDPTE2, 64, 1, ~0u }, { GUEST_PDPTE3, 64, 1, ~0u }, { HOST_PAT, 64, 1, ~0u }, { HOST_EFER, 64, 1, ~0u },
    { PIN_CONTROLS, 32, 0, ~0u }, { PRIMARY_CONTROLS, 32, 0, ~0u }, { EXCEPTION_BITMAP, 32, 0, ~0u }, { PAGE_FAULT_MASK, 32, 0, ~0u },
    { PAGE_FAULT_MATCH, 32, 0, ~0u }, { CR3_TARGET_COUNT, 32, 0, ~0u }, { EXIT_CONTROLS, 32, 0, ~0u }, { EXIT_STORE_COUNT, 32, 0, ~0u },
    { EXIT_LOAD_COUNT, 32, 0, ~0u }, { ENTRY_CONTROLS, 32, 0, ~0u }, { ENTRY_LOAD_COUNT, 32, 0, ~0u }, { ENTRY_EVENT, 32, 0, ~0u },
    { ENTRY_ERROR_CODE, 32, 0, ~0u }, { ENTRY_LENGTH, 32, 0, ~0u }, { TPR_THRESHOLD, 32, 1, ~0u }, { SECONDARY_CONTROLS, 32, 1, ~0u },
    SEGMENTS(GUEST_ES_LIMIT, 32, ~0u), { GUEST_GDTR_LIMIT, 32, 0, ~0u }, { GUEST_IDTR_LIMIT, 32, 0, ~0u }, SEGMENTS(GUEST_ES_RIGHTS, 32, 0x1F0FF),
    { GUEST_INTERRUPTIBILITY, 32, 0, ~0u }, { GUEST_ACTIVITY, 32, 0, ~0u }, { GUEST_SMBASE, 32, 0, ~0u }, { GUEST_SYSENTER_CS, 32, 0, ~0u },
    { PREEMPTION_TIMER, 32, 1, ~0u }, { HOST_SYSENTER_CS, 32, 0, ~0u },
    { CR0_MASK, 32, 0, ~0u }, { CR4_MASK, 32, 0, ~0u }, { CR0_SHADOW, 32, 0, ~0u }, { CR4_SHADOW, 32, 0, ~0u }, { CR3_TARGET0, 32, 0, ~0u },
    { CR3_TARGET1, 32, 0, ~0u }, { CR3_TARGET2, 32, 0, ~0u }, { CR3_TARGET3, 32, 0, ~0u },
    { GUEST_CR0, 32, 0, ~0u }, { GUEST_CR3, 32, 0, ~0u }, { GUEST_CR4, 32, 0, ~0u }, SEGMENTS(GUEST_ES_BASE, 32, ~0u), { GUEST_GDTR_BASE, 32, 0, ~0u },
    { GUEST_IDTR_BASE, 32, 0, ~0u }, { GUEST_DR7, 32, 0, ~0u }, { GUEST_RSP, 32, 0, ~0u }, { GUEST_RIP, 32, 0, ~0u }, { GUEST_RFLAGS, 32, 0, ~0u },
    { GUEST_PENDING_DEBUG, 32, 0, ~0u }, { GUEST_SYSENTER_ESP, 32, 0, ~0u }, { GUEST_SYSENTER_EIP, 32, 0, ~0u },
    { HOST_CR0, 32, 0, ~0u }, { HOST_CR3, 32, 0, ~0u }, { HOST_CR4, 32, 0, ~0u }, { HOST_FS_BASE, 32, 0, ~0u }, { HOST_GS_BASE, 32, 0, ~0u },
    { HOST_TR_BASE, 32, 0, ~0u }, { HOST_GDTR_BASE, 32, 0, ~0u }, { HOST_IDTR_BASE, 32, 0, ~0u }, { HOST_SYSENTER_ESP, 32, 0, ~0u },
    { HOST_SYSENTER_EIP, 32, 0, ~0u }, { HOST_RSP, 32, 0, ~0u }, { HOST_RIP, 32, 0, ~0u } };

#define COUNT (sizeof fields / sizeof *fields)

static void fresh(u8 *region)
{
    prepare_region(region);
    vmcs_clear((u32)region);
    vmcs_load((u32)region);
}

static u32 pattern(u32 encoding, u32 round)
{
    u32 state = encoding * 0x9E3779B1u + round + 1;
    return random_next(&state);
}

/* Whether a field holds what was written into it. */
static int keeps(const struct field *field, u32 value)
{
    u32 mask = (field->width == 16 ? 0xFFFF : ~0u) & field->kept, got = 0, high = 0;
    if (vm_write(field->encoding, value) != DONE || vm_read(field->encoding, &got) != DONE || ((got ^ value) & mask))
        return 0;
    if (field->width == 16 && got >> 16)
        return 0;
    if (field->width != 64)
        return 1;
    /* The full field is 64 bits, of which a 32-bit operand clears the upper. */
    return vm_write(field->encoding + 1, ~value) == DONE && vm_read(field->encoding, &got) == DONE && vm_read(field->encoding + 1, &high) == DONE &&
           got == value && high == ~value && vm_write(field->encoding, value) == DONE && vm_read(field->encoding + 1, &high) == DONE && high == 0;
}

static void every_field(void)
{
    fresh(vmcs_a);
    for (u32 i = 0; i < COUNT; i++)
    {
        u32 value, missing = fields[i].optional && vm_read(fields[i].encoding, &value) == FAIL_VALID && get(INSTRUCTION_ERROR) == 12 &&
                             vm_write(fields[i].encoding, 0) == FAIL_VALID && get(INSTRUCTION_ERROR) == 12;
        say("  %h: %s\n", fields[i].encoding, missing ? "not offered" :
            keeps(&fields[i], 0) && keeps(&fields[i], ~0u) && keeps(&fields[i], pattern(fields[i].encoding, 0)) ? "ok" : "not kept");
    }
    vmcs_clear((u32)vmcs_a);
}

/* Two VMCSs hold their fields apart, through VMCLEAR too. */
static void two(void)
{
    u8 *regions[2] = { vmcs_a, vmcs_b };
    u32 wrong = 0, value;
    for (u32 round = 0; round < 2; round++)
    {
        fresh(regions[round]);
        for (u32 i = 0; i < COUNT; i++)
            vm_write(fields[i].encoding, pattern(fields[i].encoding, round));
    }
    for (u32 round = 0; round < 4; round++)
    {
        vmcs_load((u32)regions[round & 1]);
        for (u32 i = 0; i < COUNT; i++)
        {
            u32 mask = (fields[i].width == 16 ? 0xFFFF : ~0u) & fields[i].kept;
            if (vm_read(fields[i].encoding, &value) == DONE && ((value ^ pattern(fields[i].encoding, round & 1)) & mask))
                wrong++;
        }
        if (round >= 1)
            vmcs_clear((u32)regions[round & 1]);
    }
    say("  %d fields lost\n", wrong);
}

static void read_only(void)
{
    static const u16 encodings[] = { INSTRUCTION_ERROR, EXIT_REASON, EXIT_EVENT, EXIT_ERROR_CODE, VECTORING_EVENT, VECTORING_ERROR_CODE, EXIT_LENGTH,
                                     EXIT_INFORMATION, QUALIFICATION, IO_RCX, IO_RSI, IO_RDI, IO_RIP, LINEAR_ADDRESS };
    fresh(vmcs_a);
    for (u32 i = 0; i < sizeof encodings / sizeof *encodings; i++)
    {
        u32 value, outcome = vm_read(encodings[i], &value);
        say("  %h: %s", encodings[i], outcome == DONE ? "readable" : "not readable");
        outcome = vm_write(encodings[i], 0);
        /* Some processors allow writes to every field (IA32_VMX_MISC, bit 29). */
        say(", %s\n", outcome == DONE ? misc_msr >> 29 & 1 ? "read-only as it should be" : "writable" :
            outcome == FAIL_VALID && get(INSTRUCTION_ERROR) == 13 ? "read-only as it should be" : "fails otherwise");
    }
    vmcs_clear((u32)vmcs_a);
}

static void no_fields(void)
{
    static const u32 encodings[] = { 0x0801, 0x0C01, 0x4001, 0x4401, 0x4827, 0x6001, 0x6401, 0x6801, 0x6C17, 0x0810 + 0x300, 0x0C0E, 0x0CF0, 0x2BFE, 0x2CFE,
        0x40FE, 0x44FE, 0x48FE, 0x4CFE, 0x60FE, 0x64FE, 0x68FE, 0x6CFE, 0x7FFE, 0x1800, 0x1802, 0x7800, 0x8000, 0xE802, 0x10802, 0x80000802, 0xFFFFFFFF };
    fresh(vmcs_a);
    for (u32 i = 0; i < sizeof encodings / sizeof *encodings; i++)
    {
        u32 value = 0, read = vm_read(encodings[i], &value), read_error = get(INSTRUCTION_ERROR), write = vm_write(encodings[i], 0);
        say("  %h: read %d %d, write %d %d\n", encodings[i], read, read == FAIL_VALID ? read_error : 0, write, write == FAIL_VALID ? get(INSTRUCTION_ERROR) : 0);
    }
    vmcs_clear((u32)vmcs_a);
}

const struct scenario field_scenarios[] = {
    { .name = "every field", .setup = every_field },
    { .name = "fields of two VMCSs", .setup = two },
    { .name = "read-only fields", .setup = read_only },
    { .name = "encodings of no field", .setup = no_fields },
    { 0 } };
