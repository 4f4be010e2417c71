/* A small kernel for RISC-V: supervisor mode under SBI, Sv39, two processes in user mode, preemption by the timer, a virtio disk. */
#ifndef KERNEL_H
#define KERNEL_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;

#define PAGE_SIZE 4096ul
#define SECTOR_SIZE 512ul

/* User address space: the program, and the page of its stack. */
#define USER_BASE 0x40000000ul
#define USER_STACK_TOP 0x40100000ul

/* System calls: number in a7, arguments from a0 on, result in a0. */
enum { CALL_EXIT = 0, CALL_PRINT = 1, CALL_READ = 2, CALL_WRITE = 3 };

#ifndef USER

/* Registers of a process in the order of their numbers (x0's place holds the pc). */
struct frame { u64 x[32]; };

enum state { READY, WAITING_FOR_DISK, ENDED };

struct process
{
    struct frame frame;
    u64 satp;
    u64 number;
    enum state state;
    u64 preemptions;
    /* Where the disk's answer goes; 0 for a request that writes. */
    u8 *destination;
};

/* sbi.c */
void sbi_set_timer(u64 time);
void sbi_shutdown(void) __attribute__((noreturn));
void print(const char *text);
void print_hex(u64 value);
void print_decimal(u64 value);
void panic(const char *text) __attribute__((noreturn));

/* memory.c */
void *allocate_page(void);
u64 make_address_space(const u8 *image, u64 size);
u8 *user_memory(u64 satp, u64 address);
void enable_paging(void);

/* disk.c */
int disk_find(void);
void disk_start(u64 sector, u8 *data, int writes);
int disk_acknowledge(void);

/* process.c */
void start_processes(void) __attribute__((noreturn));

/* entry.S */
extern u8 trap_entry[];
void resume(struct frame *frame) __attribute__((noreturn));
extern const u8 user_image[], user_image_end[];

#define read_csr(name) ({ u64 v_; __asm__ volatile("csrr %0, " #name : "=r"(v_)); v_; })
#define write_csr(name, v) __asm__ volatile("csrw " #name ", %0" : : "r"((u64)(v)) : "memory")
#define set_csr(name, v) __asm__ volatile("csrs " #name ", %0" : : "r"((u64)(v)) : "memory")

#endif
#endif
