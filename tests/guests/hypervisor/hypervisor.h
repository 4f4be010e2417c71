/* What the guest hypervisors of vmx/ and svm/ share: their own machine, what their guests find, printing.
 *
 * The host and its guests share an identity mapping of the first 64 MiB; the guests have page tables, a GDT, an IDT and stacks of their own.
 * HYPERCALL is the instruction by which guests call their host.
 */
#ifndef HYPERVISOR_H
#define HYPERVISOR_H

#include "guest.h"

#ifdef SVM
#define HYPERCALL "vmmcall"
#else
#define HYPERCALL "vmcall"
#endif

#define MEMORY_SIZE (64u << 20)

/* --- printing (say.c): %x 8 hex digits, %h as few as needed, %d decimal, %s text, %a an address by the region it is in --- */
void say(const char *format, ...);
extern u32 printed; /* CRC-32 of everything said */
extern int quiet;   /* nothing is printed, but counts for the checksum */
extern const u8 *origin; /* start of the running scenario's code */

/* --- the host (host.c, stubs.S) --- */
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
extern u8 host_task[104];
struct table_pointer { u16 limit; u32 base; } __attribute__((packed));
extern struct table_pointer host_gdt_pointer, host_idt_pointer, exit_gdt, exit_idt;
u32 read_msr(u32 index, u64 *value); /* these four: 0, or the vector of a fault + 256 */
u32 write_msr(u32 index, u64 value);
u32 write_cr0(u32 value);
u32 write_cr4(u32 value);

/* --- the guest's world (world.c, stubs.S) --- */
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
#define END 0x00454E44          /* EAX of a hypercall that ends the scenario */
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
void guest_event(struct guest_frame *frame, u32 blocking); /* tells of it, and sends the guest on to guest_resume */

/* Code of a guest: AT&T syntax, reachable by name. */
#define GUEST(name, text) \
    extern const u8 name[]; \
    __asm__(".pushsection .text.guests, \"ax\"\n.balign 16\n.globl " #name "\n" #name ":\n" text "\n.code32\n.popsection")
#define DONE_CALL "\nmovl $0x454E44, %eax\n" HYPERCALL "\n"
/* Where the guest goes on after a fault. */
#define ON_FAULT(label) "\nmovl $" #label ", guest_resume\n"

#endif
