/* Capabilities (SDM vol. 3, appendix A) and a complete VMCS made by them. */
#include "vmx.h"

u8 vmxon_region[4096] __attribute__((aligned(4096))), vmcs_a[4096] __attribute__((aligned(4096))), vmcs_b[4096] __attribute__((aligned(4096)));
u8 io_bitmaps[2][4096] __attribute__((aligned(4096))), msr_bitmap[4096] __attribute__((aligned(4096)));
u8 virtual_apic[4096] __attribute__((aligned(4096)));
struct msr_entry msr_area[3][4] __attribute__((aligned(16)));
u64 basic_msr, ept_capabilities, misc_msr;

#define MSR_BASIC 0x480
#define MSR_MISC 0x485
#define MSR_SECONDARY 0x48B
#define MSR_EPT_VPID 0x48C

static u32 memory_bits;

static u64 msr(u32 index)
{
    u64 value;
    return read_msr(index, &value) == DONE ? value : 0;
}

u32 address_bits(void) { return basic_msr >> 48 & 1 ? 32 : memory_bits; }
u32 physical_bits(void) { return memory_bits; }

void read_capabilities(void)
{
    u32 a = 0x80000000u, b, c, d;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "=c"(c), "=d"(d));
    memory_bits = 36;
    if (a >= 0x80000008u)
    {
        a = 0x80000008u;
        __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "=c"(c), "=d"(d));
        memory_bits = a & 0xFF;
    }
    basic_msr = msr(MSR_BASIC);
    misc_msr = msr(MSR_MISC);
    if (secondary_offers(SEC_EPT) || secondary_offers(SEC_VPID))
        ept_capabilities = msr(MSR_EPT_VPID);
}

u64 control_capability(u32 field)
{
    /* The TRUE capability MSRs where there are some (A.2). */
    u32 true_controls = (basic_msr >> 55 & 1) ? 0x48D - 0x481 : 0;
    switch (field)
    {
    case PIN_CONTROLS: return msr(0x481 + true_controls);
    case PRIMARY_CONTROLS: return msr(0x482 + true_controls);
    case EXIT_CONTROLS: return msr(0x483 + true_controls);
    case ENTRY_CONTROLS: return msr(0x484 + true_controls);
    default: return (control_capability(PRIMARY_CONTROLS) >> 32 & PRI_SECONDARY) ? msr(MSR_SECONDARY) : 0;
    }
}

u32 adjust(u32 field, u32 wanted)
{
    u64 capability = control_capability(field);
    return (wanted | (u32)capability) & (u32)(capability >> 32);
}

int pin_offers(u32 bits) { return (control_capability(PIN_CONTROLS) >> 32 & bits) == bits; }
int primary_offers(u32 bits) { return (control_capability(PRIMARY_CONTROLS) >> 32 & bits) == bits; }
int secondary_offers(u32 bits) { return (control_capability(SECONDARY_CONTROLS) >> 32 & bits) == bits; }

u32 get(u32 field)
{
    u32 value = 0;
    vm_read(field, &value);
    return value;
}

void set(u32 field, u32 value)
{
    u32 outcome = vm_write(field, value);
    if (outcome != DONE)
    {
        say("  vmwrite %h", field);
        say_outcome("", outcome);
    }
}

void set64(u32 field, u64 value)
{
    set(field, (u32)value);
    set(field + 1, (u32)(value >> 32));
}

void pin_set(u32 bits) { set(PIN_CONTROLS, get(PIN_CONTROLS) | bits); }
void primary_set(u32 bits) { set(PRIMARY_CONTROLS, get(PRIMARY_CONTROLS) | bits); }
void primary_clear(u32 bits) { set(PRIMARY_CONTROLS, get(PRIMARY_CONTROLS) & ~bits); }

void secondary_set(u32 bits)
{
    if (!(get(PRIMARY_CONTROLS) & PRI_SECONDARY))
        set(SECONDARY_CONTROLS, adjust(SECONDARY_CONTROLS, 0));
    primary_set(PRI_SECONDARY);
    set(SECONDARY_CONTROLS, get(SECONDARY_CONTROLS) | bits);
}

void prepare_region(u8 *region)
{
    memset(region, 0, 4096);
    *(u32 *)region = (u32)basic_msr & 0x7FFFFFFF;
}

static void host_state(void)
{
    u32 cr0, cr3, cr4;
    __asm__ volatile("movl %%cr0, %0; movl %%cr3, %1; movl %%cr4, %2" : "=r"(cr0), "=r"(cr3), "=r"(cr4));
    set(HOST_CR0, cr0);
    set(HOST_CR3, cr3);
    set(HOST_CR4, cr4);
    set(HOST_CS, HOST_CODE);
    set(HOST_SS, HOST_DATA);
    set(HOST_DS, HOST_DATA);
    set(HOST_ES, HOST_DATA);
    set(HOST_FS, 0);
    set(HOST_GS, 0);
    set(HOST_TR, HOST_TASK);
    set(HOST_FS_BASE, 0);
    set(HOST_GS_BASE, 0);
    set(HOST_TR_BASE, (u32)host_task);
    set(HOST_GDTR_BASE, host_gdt_pointer.base);
    set(HOST_IDTR_BASE, host_idt_pointer.base);
    set(HOST_SYSENTER_CS, 0);
    set(HOST_SYSENTER_ESP, 0);
    set(HOST_SYSENTER_EIP, 0);
    set(HOST_RIP, (u32)vm_exit);
}

static void guest_segment(u32 selector_field, u32 selector, u32 base, u32 limit, u32 rights)
{
    u32 index = selector_field - GUEST_ES;
    set(selector_field, selector);
    set(GUEST_ES_BASE + index, base);
    set(GUEST_ES_LIMIT + index, limit);
    set(GUEST_ES_RIGHTS + index, rights);
}

static void guest_state(const void *entry)
{
    guest_segment(GUEST_CS, GUEST_CODE, 0, 0xFFFFFFFF, 0xC09B);
    guest_segment(GUEST_SS, GUEST_DATA, 0, 0xFFFFFFFF, 0xC093);
    guest_segment(GUEST_DS, GUEST_DATA, 0, 0xFFFFFFFF, 0xC093);
    guest_segment(GUEST_ES, GUEST_DATA, 0, 0xFFFFFFFF, 0xC093);
    guest_segment(GUEST_FS, GUEST_DATA, 0, 0xFFFFFFFF, 0xC093);
    guest_segment(GUEST_GS, GUEST_DATA, 0, 0xFFFFFFFF, 0xC093);
    guest_segment(GUEST_LDTR, 0, 0, 0, 0x10000);
    guest_segment(GUEST_TR, GUEST_TASK, (u32)guest_tss, sizeof guest_tss - 1, 0x8B);
    set(GUEST_GDTR_BASE, (u32)guest_gdt);
    set(GUEST_GDTR_LIMIT, sizeof guest_gdt - 1);
    set(GUEST_IDTR_BASE, (u32)guest_idt);
    set(GUEST_IDTR_LIMIT, sizeof guest_idt - 1);
    set(GUEST_CR0, 0x80000021);
    set(GUEST_CR3, (u32)guest_directory);
    set(GUEST_CR4, 0x2010);
    set(GUEST_DR7, 0x400);
    set(GUEST_RSP, GUEST_STACK_TOP);
    set(GUEST_RIP, (u32)entry);
    set(GUEST_RFLAGS, 2);
    set(GUEST_INTERRUPTIBILITY, 0);
    set(GUEST_ACTIVITY, 0);
    set(GUEST_PENDING_DEBUG, 0);
    set(GUEST_SYSENTER_CS, 0);
    set(GUEST_SYSENTER_ESP, 0);
    set(GUEST_SYSENTER_EIP, 0);
    set64(GUEST_DEBUGCTL, 0);
    set64(LINK_POINTER, ~0ull);
}

void guest_in_ring_3(void)
{
    for (u32 field = GUEST_ES; field <= GUEST_GS; field += 2)
        if (field != GUEST_CS)
            guest_segment(field, USER_DATA, 0, 0xFFFFFFFF, 0xC0F3);
    guest_segment(GUEST_CS, USER_CODE, 0, 0xFFFFFFFF, 0xC0FB);
    set(GUEST_RSP, (u32)user_stack + sizeof user_stack - 16);
}

void make_vmcs(const void *entry)
{
    prepare_region(vmcs_a);
    vmcs_clear((u32)vmcs_a);
    vmcs_load((u32)vmcs_a);
    end_nmi_blocking();
    memset(io_bitmaps, 0, sizeof io_bitmaps);
    memset(msr_bitmap, 0, sizeof msr_bitmap);
    memset(msr_area, 0, sizeof msr_area);

    /* HLT exits: a guest that halts by accident would never come back. MSR bitmaps, so that MSR accesses exit only where a scenario says so. */
    set(PIN_CONTROLS, adjust(PIN_CONTROLS, 0));
    set(PRIMARY_CONTROLS, adjust(PRIMARY_CONTROLS, PRI_HLT | PRI_MSR_BITMAPS));
    set(EXIT_CONTROLS, adjust(EXIT_CONTROLS, 0));
    set(ENTRY_CONTROLS, adjust(ENTRY_CONTROLS, 0));
    set(EXCEPTION_BITMAP, 0);
    set(PAGE_FAULT_MASK, 0);
    set(PAGE_FAULT_MATCH, 0);
    set(CR3_TARGET_COUNT, 0);
    set(EXIT_STORE_COUNT, 0);
    set(EXIT_LOAD_COUNT, 0);
    set(ENTRY_LOAD_COUNT, 0);
    set(ENTRY_EVENT, 0);
    set(ENTRY_ERROR_CODE, 0);
    set(ENTRY_LENGTH, 0);
    set64(IO_BITMAP_A, (u32)io_bitmaps[0]);
    set64(IO_BITMAP_B, (u32)io_bitmaps[1]);
    set64(MSR_BITMAP, (u32)msr_bitmap);
    set64(EXIT_STORE_ADDRESS, (u32)msr_area[0]);
    set64(EXIT_LOAD_ADDRESS, (u32)msr_area[1]);
    set64(ENTRY_LOAD_ADDRESS, (u32)msr_area[2]);
    set64(TSC_OFFSET, 0);
    set(CR0_MASK, 0);
    set(CR4_MASK, 0);
    set(CR0_SHADOW, 0);
    set(CR4_SHADOW, 0);
    host_state();
    guest_state(entry);
}
