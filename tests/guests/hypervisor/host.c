/* The host's own machine: descriptor tables, paging, interrupts, and instructions that may fault. */
#include "hypervisor.h"

volatile u32 fault_vector, fault_error, fault_resume, interrupts_seen, last_interrupt;
u8 host_page[4096] __attribute__((aligned(4096)));
u32 host_directory[1024] __attribute__((aligned(4096)));
static u32 host_tables[MEMORY_SIZE >> 22][1024] __attribute__((aligned(4096)));
u8 host_task[104] __attribute__((aligned(16)));
static u8 event_stack[4096] __attribute__((aligned(16)));
static u64 gdt[6] __attribute__((aligned(16))), idt[48] __attribute__((aligned(16)));
struct table_pointer host_gdt_pointer, host_idt_pointer, exit_gdt, exit_idt;
extern u8 host_stubs[];
extern volatile u32 kernel_esp;
void enter_user(const void *code, u32 esp, u32 ebx);
void leave_user(void) __attribute__((noreturn));

static inline void out8(u16 port, u8 v) { __asm__ volatile("outb %0, %1" : : "a"(v), "Nd"(port)); }

u64 gate(u32 handler, u32 selector, u32 kind)
{
    return ((u64)((handler & 0xFFFF0000u) | kind << 8) << 32) | selector << 16 | (handler & 0xFFFF);
}

u64 segment(u32 base, u32 limit, u32 rights)
{
    return ((u64)((base & 0xFF000000u) | (rights & 0xF000) << 8 | (limit & 0xF0000) | (rights & 0xFF) << 8 | (base >> 16 & 0xFF)) << 32) |
           base << 16 | (limit & 0xFFFF);
}

void host_start(void)
{
    gdt[1] = segment(0, 0xFFFFF, 0xC09B);
    gdt[2] = segment(0, 0xFFFFF, 0xC093);
    gdt[3] = segment(0, 0xFFFFF, 0xC0FB);
    gdt[4] = segment(0, 0xFFFFF, 0xC0F3);
    gdt[5] = segment((u32)host_task, sizeof host_task - 1, 0x0089);
    host_gdt_pointer = (struct table_pointer){ sizeof gdt - 1, (u32)gdt };
    host_idt_pointer = (struct table_pointer){ sizeof idt - 1, (u32)idt };
    for (u32 vector = 0; vector < 48; vector++)
        idt[vector] = gate((u32)host_stubs + vector * 16, HOST_CODE, 0x8E);
    *(u32 *)(host_task + 4) = (u32)event_stack + sizeof event_stack;
    *(u32 *)(host_task + 8) = HOST_DATA;
    *(u16 *)(host_task + 102) = sizeof host_task;
    __asm__ volatile("lgdt %0; lidt %1; ltr %w2" : : "m"(host_gdt_pointer), "m"(host_idt_pointer), "r"(HOST_TASK) : "memory");

    /* 4 KiB pages, so that CR4.PSE does not matter; user pages, for ring 3 too. */
    for (u32 page = 0; page < MEMORY_SIZE >> 12; page++)
        host_tables[page >> 10][page & 1023] = page << 12 | 7;
    for (u32 table = 0; table < MEMORY_SIZE >> 22; table++)
        host_directory[table] = (u32)host_tables[table] | 7;
    __asm__ volatile("movl %0, %%cr3; movl %%cr0, %%eax; andl $0x9FFFFFFF, %%eax; orl $0x80000021, %%eax; movl %%eax, %%cr0" : : "r"(host_directory) : "eax", "memory");

    /* Interrupt controllers: vectors 0x20-0x2F, everything masked. */
    out8(0x20, 0x11); out8(0x21, 0x20); out8(0x21, 4); out8(0x21, 1);
    out8(0xA0, 0x11); out8(0xA1, 0x28); out8(0xA1, 2); out8(0xA1, 1);
    out8(0x21, 0xFF); out8(0xA1, 0xFF);
    timer_off();
}

/* Takes what is pending, so that nothing is left for a later scenario. */
void timer_off(void)
{
    __asm__ volatile("sti\nnop\nnop\ncli" : : : "memory");
    out8(0x21, 0xFF);
    out8(0xA1, 0xFF);
    out8(0x43, 0x30); /* mode 0 without a count: the output stays low */
}

void timer_shot(u32 ticks)
{
    out8(0x43, 0x30);
    out8(0x40, (u8)ticks);
    out8(0x40, (u8)(ticks >> 8));
    out8(0x21, 0xFE);
}

void interrupt_done(void) { out8(0x20, 0x20); }

/* Blocking by NMI outlives VM exits; IRET ends it. */
void end_nmi_blocking(void) { __asm__ volatile("pushfl\npushl %%cs\npushl $1f\niret\n1:" : : : "memory", "cc"); }

void host_event(struct host_frame *frame)
{
    if (frame->vector >= 32)
    {
        interrupts_seen++;
        last_interrupt = frame->vector;
        interrupt_done();
        return;
    }
    fault_vector = frame->vector + 256;
    fault_error = frame->error;
    if (kernel_esp)
        leave_user();
    if (!fault_resume)
    {
        put_text("\nhost fault ");
        put_decimal(frame->vector);
        put_text(" at ");
        put_hex(frame->eip);
        put_char('\n');
        guest_exit(2);
    }
    frame->eip = fault_resume;
    fault_resume = 0;
}

u32 user_try(const void *code, u32 ebx)
{
    fault_vector = 0;
    enter_user(code, (u32)host_page + 2048, ebx);
    return fault_vector;
}

u32 read_msr(u32 index, u64 *value)
{
    u32 low = 0, high = 0;
    fault_vector = 0;
    __asm__ volatile("movl $1f, fault_resume\nrdmsr\n1: movl $0, fault_resume" : "+a"(low), "+d"(high) : "c"(index) : "memory");
    *value = (u64)high << 32 | low;
    return fault_vector;
}

u32 write_msr(u32 index, u64 value)
{
    fault_vector = 0;
    __asm__ volatile("movl $1f, fault_resume\nwrmsr\n1: movl $0, fault_resume" : : "a"((u32)value), "d"((u32)(value >> 32)), "c"(index) : "memory");
    return fault_vector;
}

u32 write_cr0(u32 value)
{
    fault_vector = 0;
    __asm__ volatile("movl $1f, fault_resume\nmovl %0, %%cr0\n1: movl $0, fault_resume" : : "r"(value) : "memory");
    return fault_vector;
}

u32 write_cr4(u32 value)
{
    fault_vector = 0;
    __asm__ volatile("movl $1f, fault_resume\nmovl %0, %%cr4\n1: movl $0, fault_resume" : : "r"(value) : "memory");
    return fault_vector;
}
