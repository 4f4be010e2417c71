/* A guest hypervisor: a table of scenarios, each of which runs a guest of its own, or executes one VMX instruction, and prints what happened.
 *
 * Everything is by the Intel SDM, vol. 3, chapters 23-30 and appendices A-C. What processors may do differently is not printed.
 * The host and its guests share an identity mapping of the first 64 MiB; the guests have page tables, a GDT, an IDT and stacks of their own.
 */
#ifndef VMX_H
#define VMX_H

#include "fields.h"
#include "guest.h"

#define MEMORY_SIZE (64u << 20)

/* What the tests write into an image (found by its mark): the first seed of the random mode, how many, how many fields each changes.
 * No seeds: the scenarios. */
struct settings {
    char mark[16];
    u32 first_seed, seeds, fields;
};
extern volatile struct settings settings;

/* --- printing (report.c): %x 8 hex digits, %h as few as needed, %d decimal, %s text, %a an address by the region it is in --- */
void say(const char *format, ...);
extern u32 printed; /* CRC-32 of everything said */
extern const u8 *origin; /* start of the running scenario's code */

/* --- the host (host.c, machine.S) --- */
#define HOST_CODE 0x08
#define HOST_DATA 0x10
#define HOST_TASK 0x28
struct host_frame { u32 edi, esi, ebp, esp, ebx, edx, ecx, eax, vector, error, eip, cs, eflags; };
void host_start(void);
void host_event(struct host_frame *frame);
extern volatile u32 fault_vector; /* vector + 256 of the last fault of an attempt; 0 without */
extern volatile u32 fault_error, fault_resume, interrupts_seen, last_interrupt;
extern u8 host_page[4096];                         /* a page of the user's in the host, at its own address */
extern u32 host_directory[1024];
u32 user_try(const void *code, u32 ebx);           /* runs code in ring 3 until it faults; vector + 256 */
void timer_shot(u32 ticks);                        /* IRQ 0 once, ticks of the PIT from now, as vector 0x20 */
void timer_off(void);
void interrupt_done(void);
void end_nmi_blocking(void);
extern u8 host_task[104], host_gdt[], host_idt[];
struct table_pointer { u16 limit; u32 base; } __attribute__((packed));
extern struct table_pointer host_gdt_pointer, host_idt_pointer, exit_gdt, exit_idt;

/* --- VMX instructions, each with its outcome --- */
enum outcome { DONE = 0, FAIL_INVALID = 1, FAIL_VALID = 2 }; /* or vector + 256 */
u32 vmx_on(u64 address);
u32 vmx_on_at(const u64 *operand);
u32 vmx_off(void);
u32 vmcs_clear(u64 address);
u32 vmcs_clear_at(const u64 *operand);
u32 vmcs_load(u64 address);
u32 vmcs_load_at(const u64 *operand);
u32 vmcs_store(u64 *address);
u32 vm_read(u32 field, u32 *value);
u32 vm_write(u32 field, u32 value);
u32 vm_write_at(u32 field, const u32 *operand);
u32 vm_call(void);
u32 vm_launch(void);
u32 vm_resume(void);
u32 inv_ept(u32 type, const u64 descriptor[2]);
u32 inv_vpid(u32 type, const u64 descriptor[2]);
u32 read_msr(u32 index, u64 *value);
u32 write_msr(u32 index, u64 value);
u32 write_cr0(u32 value);
u32 write_cr4(u32 value);
void say_outcome(const char *what, u32 outcome); /* one line, with the instruction error of VMfailValid */

/* --- VMCS and controls (vmcs.c) --- */
extern u8 vmxon_region[4096], vmcs_a[4096], vmcs_b[4096];
extern u8 io_bitmaps[2][4096], msr_bitmap[4096], virtual_apic[4096];
extern struct msr_entry { u32 index, reserved, low, high; } msr_area[3][4];
extern u64 basic_msr, ept_capabilities, misc_msr;
void read_capabilities(void);
u32 address_bits(void);  /* of the VMXON region, VMCSs, bitmaps and areas */
u32 physical_bits(void); /* of memory: EPT */
int pin_offers(u32 bits);
int primary_offers(u32 bits);
int secondary_offers(u32 bits);
u32 get(u32 field);
void set(u32 field, u32 value);
void set64(u32 field, u64 value);
void pin_set(u32 bits);
void primary_set(u32 bits);
void primary_clear(u32 bits);
void secondary_set(u32 bits);
void prepare_region(u8 *region);
void make_vmcs(const void *entry); /* vmcs_a cleared, current, and complete */
void guest_in_ring_3(void); /* changes the VMCS */
u64 control_capability(u32 field); /* allowed 0 settings in the low half, allowed 1 settings in the high */
u32 adjust(u32 field, u32 wanted);

/* --- the guest's world (world.c, machine.S) --- */
#define GUEST_CODE 0x08
#define GUEST_DATA 0x10
#define USER_CODE 0x1B
#define USER_DATA 0x23
#define GUEST_TASK 0x28
#define OTHER_TASK 0x30
#define TASK_GATE 0x38
#define CODE_16 0x40
#define DATA_16 0x48
#define TABLE_SPACE 0x40000000u /* linear addresses that guest_table maps */
#define LOW_CODE 0x8000u        /* where 16-bit code is put */
#define END 0x00454E44          /* EAX of a VMCALL that ends the scenario */
#define EVENT 0x45564E54        /* ... of one by the guest's interrupt handlers; EBX points to a guest_frame */
struct guest_frame { u32 edi, esi, ebp, esp, ebx, edx, ecx, eax, vector, error, eip, cs, eflags, user_esp, user_ss; };
extern struct guest_registers { u32 eax, ecx, edx, ebx, ebp, esi, edi; } registers;
extern volatile u32 guest_resume;
extern u8 pages[16][4096];
extern u64 guest_gdt[16], guest_idt[256];
extern u32 guest_directory[1024], guest_table[1024], guest_tss[26], other_tss[26];
extern u8 guest_stack[8192], user_stack[4096];
#define GUEST_STACK_TOP ((u32)guest_stack + sizeof guest_stack - 16)
void clear(void *start, u32 bytes); /* a multiple of 4 */
void make_world(void);
u64 gate(u32 handler, u32 selector, u32 kind);
u64 segment(u32 base, u32 limit, u32 rights);
extern u8 guest_stubs[];
u32 vm_enter(struct guest_registers *r, u32 resume);
extern u8 vm_exit[];

/* --- EPT (ept.c) --- */
extern u64 ept_root[512], ept_entries[32][512], ept_regions[512], ept_gigabytes[512];
void ept_identity(int large); /* builds the tables, switches EPT on */
u64 *ept_entry(u32 address);
u64 ept_pointer(void);
void ept_flush(void);

/* --- scenarios --- */
enum action { DEFAULT = 0, GO, SKIP, STOP };
enum need {
    NEED_EPT = 1, NEED_UNRESTRICTED = 2, NEED_TIMER = 4, NEED_VIRTUAL_NMI = 8, NEED_VPID = 16, NEED_DESCRIPTOR = 32, NEED_EPT_2M = 64,
    NEED_EPT_AD = 128, NEED_HLT_ACTIVITY = 256, NEED_TRAP_FLAG = 512, NEED_EXECUTE_ONLY = 1024, NEED_TPR_SHADOW = 2048,
    NEED_SHUTDOWN_ACTIVITY = 4096,
};
struct scenario {
    const char *name;
    const u8 *code;                   /* the guest; null: setup is all there is */
    void (*setup)(void);
    enum action (*handle)(u32 reason); /* null: default_action */
    u32 needs;
};
int offered(u32 needs);
void run_guest(const struct scenario *scenario);
enum action default_action(u32 reason);
enum action show_resume_flag(u32 reason); /* reports every exit but VMCALL with RFLAGS.RF, and goes on (events.c) */
void skip_instruction(void);
void report_exit(u32 reason);
void run_random(void);

extern const struct scenario instruction_scenarios[], field_scenarios[], exit_scenarios[], register_scenarios[], io_scenarios[],
    event_scenarios[], injection_scenarios[], check_scenarios[], ept_scenarios[], mode_scenarios[], kernel_scenarios[], task_scenarios[];

/* Code of a guest: AT&T syntax, reachable by name. */
#define GUEST(name, text) \
    extern const u8 name[]; \
    __asm__(".pushsection .text.guests, \"ax\"\n.balign 16\n.globl " #name "\n" #name ":\n" text "\n.code32\n.popsection")
#define DONE_CALL "\nmovl $0x454E44, %eax\nvmcall\n"
/* Where the guest goes on after a fault. */
#define ON_FAULT(label) "\nmovl $" #label ", guest_resume\n"

#endif
