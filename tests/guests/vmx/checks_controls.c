/* Checks on VMX controls (SDM vol. 3, 26.2.1) and on the host-state area (26.2.2-26.2.4). */
#include "checks.h"

#define EVENT_TO(value) { ENTRY_EVENT, TO, 0x80000000u | (value) }
#define EXTERNAL(v) EVENT_TO(0x000 | (v))
#define HARDWARE(v) EVENT_TO(0x300 | (v))
#define SOFTWARE(v) EVENT_TO(0x400 | (v))

static int error_codes_are_free(void) { return basic_msr >> 56 & 1; }
static int length_0_is_allowed(void) { return misc_msr >> 30 & 1; }
static int timer_is_missing(void) { return !pin_offers(PIN_TIMER); }
static void too_many_targets(void) { set(CR3_TARGET_COUNT, (u32)(misc_msr >> 16 & 0x1FF) + 1); }
static void bitmaps(void) { primary_set(PRI_IO_BITMAPS); }
static void msr_bitmaps_off(void) { primary_clear(PRI_MSR_BITMAPS); }
static void virtual_nmis(void) { pin_set(PIN_NMI | PIN_VIRTUAL_NMI); }
static void vpids(void) { secondary_set(SEC_VPID); }
static void shadow(void)
{
    memset(virtual_apic, 0, sizeof virtual_apic);
    set64(VIRTUAL_APIC, (u32)virtual_apic);
    set(TPR_THRESHOLD, 0);
    primary_set(PRI_TPR_SHADOW);
}
static void shadow_3(void) { shadow(); virtual_apic[0x80] = 0x30; }
static void no_secondary(void) { set(SECONDARY_CONTROLS, ~0u); primary_clear(PRI_SECONDARY); }
static void seconds(void) { secondary_set(0); }
static void unrestricted_only(void) { secondary_set(SEC_UNRESTRICTED); }
static void one_stored(void) { msr_area[0][0].index = 0x174; set(EXIT_STORE_COUNT, 1); }
static void one_loaded(void) { msr_area[1][0].index = 0x174; set(EXIT_LOAD_COUNT, 1); }
static void one_entered(void) { msr_area[2][0].index = 0x174; set(ENTRY_LOAD_COUNT, 1); }
static void beyond(u32 field) { set(field + 1, 1u << (address_bits() - 32)); }
static void beyond_io_a(void) { bitmaps(); beyond(IO_BITMAP_A); }
static void beyond_io_b(void) { bitmaps(); beyond(IO_BITMAP_B); }
static void beyond_msr(void) { beyond(MSR_BITMAP); }
static void beyond_store(void) { one_stored(); beyond(EXIT_STORE_ADDRESS); }
static void beyond_load(void) { one_loaded(); beyond(EXIT_LOAD_ADDRESS); }
static void beyond_entry(void) { one_entered(); beyond(ENTRY_LOAD_ADDRESS); }
static void beyond_ept(void) { set(EPT_POINTER + 1, 1u << (physical_bits() - 32)); }
static void beyond_apic(void) { shadow(); beyond(VIRTUAL_APIC); }

const struct check control_checks[] = {
    { "unchanged", "ok" },
    { "pin-based: a bit that must be 1", "7", { { PIN_CONTROLS, FORBIDDEN_CLEAR, 0 } } },
    { "pin-based: a bit that must be 0", "7", { { PIN_CONTROLS, FORBIDDEN_SET, 0 } } },
    { "pin-based: bit 31", "7", { { PIN_CONTROLS, OR, 1u << 31 } } },
    { "primary: a bit that must be 1", "7", { { PRIMARY_CONTROLS, FORBIDDEN_CLEAR, 0 } } },
    { "primary: a bit that must be 0", "7", { { PRIMARY_CONTROLS, FORBIDDEN_SET, 0 } } },
    { "secondary: a bit that must be 0", "7", { { SECONDARY_CONTROLS, FORBIDDEN_SET, 0 } }, .needs = NEED_EPT, .before = seconds },
    { "secondary: not used", "ok", .needs = NEED_EPT, .before = no_secondary },
    { "exit: a bit that must be 1", "7", { { EXIT_CONTROLS, FORBIDDEN_CLEAR, 0 } } },
    { "exit: a bit that must be 0", "7", { { EXIT_CONTROLS, FORBIDDEN_SET, 0 } } },
    { "entry: a bit that must be 1", "7", { { ENTRY_CONTROLS, FORBIDDEN_CLEAR, 0 } } },
    { "entry: a bit that must be 0", "7", { { ENTRY_CONTROLS, FORBIDDEN_SET, 0 } } },
    { "too many CR3 targets", "7", .before = too_many_targets },
    { "four CR3 targets", "ok", { { CR3_TARGET_COUNT, TO, 4 } } },
    { "I/O bitmap A misaligned", "7", { { IO_BITMAP_A, OR, 1 } }, .before = bitmaps },
    { "I/O bitmap B misaligned", "7", { { IO_BITMAP_B, OR, 0x800 } }, .before = bitmaps },
    { "I/O bitmap A beyond the physical addresses", "7", .before = beyond_io_a },
    { "I/O bitmap B beyond the physical addresses", "7", .before = beyond_io_b },
    { "I/O bitmap B far beyond the physical addresses", "7", { { IO_BITMAP_B + 1, TO, 1u << 31 } }, .before = bitmaps },
    { "I/O bitmaps misaligned, not used", "ok", { { IO_BITMAP_A, OR, 1 }, { IO_BITMAP_B, OR, 1 } } },
    { "MSR bitmap misaligned", "7", { { MSR_BITMAP, OR, 0x10 } } },
    { "MSR bitmap beyond the physical addresses", "7", .before = beyond_msr },
    { "MSR bitmap misaligned, not used", "ok", { { MSR_BITMAP, OR, 0x10 } }, .before = msr_bitmaps_off },
    { "TPR shadow", "ok", .needs = NEED_TPR_SHADOW, .before = shadow },
    { "TPR shadow: virtual-APIC page misaligned", "7", { { VIRTUAL_APIC, OR, 0x80 } }, .needs = NEED_TPR_SHADOW, .before = shadow },
    { "TPR shadow: virtual-APIC page beyond the physical addresses", "7", .needs = NEED_TPR_SHADOW, .before = beyond_apic },
    { "TPR shadow: reserved bits of the threshold", "7", { { TPR_THRESHOLD, TO, 0x10 } }, .needs = NEED_TPR_SHADOW, .before = shadow },
    { "TPR shadow: threshold above VTPR", "7", { { TPR_THRESHOLD, TO, 4 } }, .needs = NEED_TPR_SHADOW, .before = shadow_3 },
    { "TPR shadow: threshold is VTPR", "ok", { { TPR_THRESHOLD, TO, 3 } }, .needs = NEED_TPR_SHADOW, .before = shadow_3 },
    { "TPR threshold, no shadow", "ok", { { TPR_THRESHOLD, TO, 0xFF } }, .needs = NEED_TPR_SHADOW },
    { "virtual NMIs without NMI exiting", "7", { { PIN_CONTROLS, OR, PIN_VIRTUAL_NMI } }, .needs = NEED_VIRTUAL_NMI },
    { "virtual NMIs", "ok", .needs = NEED_VIRTUAL_NMI, .before = virtual_nmis },
    { "NMI window without virtual NMIs", "7", { { PRIMARY_CONTROLS, OR, PRI_NMI_WINDOW }, { PIN_CONTROLS, OR, PIN_NMI } }, .needs = NEED_VIRTUAL_NMI },
    { "VPID 0", "7", { { VPID, TO, 0 } }, .needs = NEED_VPID, .before = vpids },
    { "VPID 1", "ok", { { VPID, TO, 1 } }, .needs = NEED_VPID, .before = vpids },
    { "VPID 0, not used", "ok", { { VPID, TO, 0 } }, .needs = NEED_VPID },
    { "EPT", "ok", .needs = NEED_EPT },
    { "EPT pointer: memory type 1", "7", { { EPT_POINTER, XOR, 7 } }, .needs = NEED_EPT },
    { "EPT pointer: memory type 7", "7", { { EPT_POINTER, OR, 7 } }, .needs = NEED_EPT },
    { "EPT pointer: walk of 1", "7", { { EPT_POINTER, WITHOUT, 0x38 } }, .needs = NEED_EPT },
    { "EPT pointer: walk of 3", "7", { { EPT_POINTER, XOR, 0x08 } }, .needs = NEED_EPT },
    { "EPT pointer: bit 8", "7", { { EPT_POINTER, OR, 0x100 } }, .needs = NEED_EPT },
    { "EPT pointer: bit 11", "7", { { EPT_POINTER, OR, 0x800 } }, .needs = NEED_EPT },
    { "EPT pointer: bit 63", "7", { { EPT_POINTER + 1, OR, 1u << 31 } }, .needs = NEED_EPT },
    { "EPT pointer beyond the physical addresses", "7", .needs = NEED_EPT, .before = beyond_ept },
    { "unrestricted guest without EPT", "7", { { SECONDARY_CONTROLS, WITHOUT, SEC_EPT } }, .needs = NEED_UNRESTRICTED, .before = unrestricted_only },
    { "saves the timer, which is off", "7", { { EXIT_CONTROLS, OR, EXIT_SAVE_TIMER } }, .needs = NEED_TIMER, .unless = timer_is_missing },
    { "exit MSR-store area misaligned", "7", { { EXIT_STORE_ADDRESS, OR, 8 } }, .before = one_stored },
    { "exit MSR-store area misaligned, empty", "ok", { { EXIT_STORE_ADDRESS, OR, 8 } } },
    { "exit MSR-store area beyond the physical addresses", "7", .before = beyond_store },
    { "exit MSR-load area misaligned", "7", { { EXIT_LOAD_ADDRESS, OR, 1 } }, .before = one_loaded },
    { "exit MSR-load area misaligned, empty", "ok", { { EXIT_LOAD_ADDRESS, OR, 1 } } },
    { "exit MSR-load area beyond the physical addresses", "7", .before = beyond_load },
    { "entry MSR-load area misaligned", "7", { { ENTRY_LOAD_ADDRESS, OR, 4 } }, .before = one_entered },
    { "entry MSR-load area misaligned, empty", "ok", { { ENTRY_LOAD_ADDRESS, OR, 4 } } },
    { "entry MSR-load area beyond the physical addresses", "7", .before = beyond_entry },
    { "event of the reserved type", "7", { EVENT_TO(0x100) } },
    { "event not valid, of the reserved type", "ok", { { ENTRY_EVENT, TO, 0x7FFFF1FF } } },
    { "NMI of vector 3", "7", { EVENT_TO(0x203) } },
    { "hardware exception of vector 32", "7", { HARDWARE(32) } },
    { "error code with an external interrupt", "7", { EXTERNAL(0x80D) } },
    { "error code with a software interrupt", "7", { SOFTWARE(0x80D), { ENTRY_LENGTH, TO, 2 } } },
    { "error code with #UD", "7", { HARDWARE(0x806) }, .unless = error_codes_are_free },
    { "#GP without an error code", "7", { HARDWARE(13) }, .unless = error_codes_are_free },
    { "#DF without an error code", "7", { HARDWARE(8) }, .unless = error_codes_are_free },
    { "#AC without an error code", "7", { HARDWARE(17) }, .unless = error_codes_are_free },
    { "event with bit 13", "7", { EVENT_TO(0x2000 | 0x20) } },
    { "event with bit 30", "7", { EVENT_TO(0x40000020) } },
    { "error code with bit 31", "7", { HARDWARE(0x80D), { ENTRY_ERROR_CODE, TO, 1u << 31 } } },
    { "error code with bit 16", "7", { HARDWARE(0x80D), { ENTRY_ERROR_CODE, TO, 1u << 16 } } },
    { "software interrupt of 0 bytes", "7", { SOFTWARE(0x40), { ENTRY_LENGTH, TO, 0 } }, .unless = length_0_is_allowed },
    { "software interrupt of 16 bytes", "7", { SOFTWARE(0x40), { ENTRY_LENGTH, TO, 16 } } },
    { "software exception of 16 bytes", "7", { EVENT_TO(0x603), { ENTRY_LENGTH, TO, 16 } } },
    { "privileged software exception of 16 bytes", "7", { EVENT_TO(0x501), { ENTRY_LENGTH, TO, 16 } } },
    { "other event of vector 1", "7", { EVENT_TO(0x701) } },
    { "entry to SMM", "7", { { ENTRY_CONTROLS, OR, ENTRY_SMM } } },
    { "deactivate the dual-monitor treatment", "7", { { ENTRY_CONTROLS, OR, ENTRY_DUAL_MONITOR } } },
    { 0 } };

#define SELECTOR(name, field) \
    { name " with RPL 1", "8", { { field, OR, 1 } } }, { name " with RPL 2", "8", { { field, OR, 2 } } }, { name " with TI", "8", { { field, OR, 4 } } }

const struct check host_checks[] = {
    { "CR0.PE clear", "8", { { HOST_CR0, WITHOUT, 1 } } },
    { "CR0.NE clear", "8", { { HOST_CR0, WITHOUT, 0x20 } } },
    { "CR0.PG clear", "8", { { HOST_CR0, WITHOUT, 1u << 31 } } },
    { "CR0.WP set", "ok", { { HOST_CR0, OR, 1 << 16 } } },
    { "CR0.NW set", "ok", { { HOST_CR0, OR, 1 << 29 } } },
    { "CR4.VMXE clear", "8", { { HOST_CR4, WITHOUT, 0x2000 } } },
    { "CR4 bit 31", "8", { { HOST_CR4, OR, 1u << 31 } } },
    { "CR4 bit 15", "8", { { HOST_CR4, OR, 1u << 15 } } },
    SELECTOR("CS", HOST_CS), SELECTOR("SS", HOST_SS), SELECTOR("DS", HOST_DS), SELECTOR("ES", HOST_ES), SELECTOR("FS", HOST_FS), SELECTOR("GS", HOST_GS),
    SELECTOR("TR", HOST_TR),
    { "CS null", "8", { { HOST_CS, TO, 0 } } },
    { "TR null", "8", { { HOST_TR, TO, 0 } } },
    { "SS null", "8", { { HOST_SS, TO, 0 } } },
    { "FS and GS null", "ok", { { HOST_FS, TO, 0 }, { HOST_GS, TO, 0 } } },
    { "host in IA-32e mode", "refused", { { EXIT_CONTROLS, OR, EXIT_LONG_HOST } } },
    { "guest in IA-32e mode", "refused", { { ENTRY_CONTROLS, OR, ENTRY_LONG_GUEST } } },
    { 0 } };
