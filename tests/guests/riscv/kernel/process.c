/* Two processes, the traps they cause, and whose turn it is. */
#include "kernel.h"

#define PROCESSES 2
#define SLICE 500ul /* ticks of 100 nanoseconds */
#define INTERRUPT (1ul << 63)

static struct process processes[PROCESSES];
static struct process *current;
static u8 sector[SECTOR_SIZE];
static int disk_busy;

static void copy(u8 *to, const u8 *from, u64 size)
{
    while (size--)
        *to++ = *from++;
}

static void end(struct process *process)
{
    process->state = ENDED;
    for (int i = 0; i < PROCESSES; i++)
        if (processes[i].state != ENDED)
            return;
    print("kernel: every process has ended, ");
    print(processes[0].preemptions > 10 && processes[1].preemptions > 10 ? "each was preempted more than ten times\n" : "preempted too seldom\n");
    sbi_shutdown();
}

/* The answer of the disk wakes the process that waits for it. */
static void external_interrupt(void)
{
    int status = disk_acknowledge();
    if (status < 0)
        return;
    disk_busy = 0;
    for (int i = 0; i < PROCESSES; i++)
    {
        if (processes[i].state != WAITING_FOR_DISK)
            continue;
        if (processes[i].destination && status == 0)
            copy(processes[i].destination, sector, SECTOR_SIZE);
        processes[i].frame.x[10] = (u64)status;
        processes[i].state = READY;
    }
}

/* Runs the next process that is ready, after the current one; waits for an interrupt while there is none. */
static void schedule(void) __attribute__((noreturn));
static void schedule(void)
{
    for (;;)
    {
        for (int i = 1; i <= PROCESSES; i++)
        {
            struct process *next = &processes[(current->number + (u64)i) % PROCESSES];
            if (next->state != READY)
                continue;
            if (next != current)
            {
                write_csr(satp, next->satp);
                __asm__ volatile("sfence.vma" : : : "memory");
            }
            current = next;
            sbi_set_timer(read_csr(time) + SLICE);
            resume(&current->frame);
        }
        __asm__ volatile("wfi");
        external_interrupt();
    }
}

static void print_user(struct process *process, u64 address)
{
    char line[128];
    u64 length = 0;
    while (length < sizeof line - 1)
    {
        const u8 *byte = user_memory(process->satp, address + length);
        if (!byte || !*byte)
            break;
        line[length++] = (char)*byte;
    }
    line[length] = 0;
    print("process ");
    print_decimal(process->number);
    print(": ");
    print(line);
    print("\n");
}

static void disk_call(struct process *process, int writes)
{
    struct frame *frame = &process->frame;
    u8 *buffer = user_memory(process->satp, frame->x[11]);
    if (!buffer || ((frame->x[11] + SECTOR_SIZE - 1) ^ frame->x[11]) >= PAGE_SIZE)
    {
        frame->x[10] = ~0ul;
        return;
    }
    if (disk_busy)
    {
        /* The other process is first: ask again. */
        frame->x[0] -= 4;
        schedule();
    }
    if (writes)
        copy(sector, buffer, SECTOR_SIZE);
    process->destination = writes ? 0 : buffer;
    process->state = WAITING_FOR_DISK;
    disk_busy = 1;
    disk_start(frame->x[10], sector, writes);
    schedule();
}

static void system_call(struct process *process)
{
    struct frame *frame = &process->frame;
    frame->x[0] += 4;
    switch (frame->x[17])
    {
    case CALL_EXIT:
        print("kernel: process ");
        print_decimal(process->number);
        print(" exits with ");
        print_decimal(frame->x[10]);
        print("\n");
        end(process);
        schedule();
    case CALL_PRINT:
        print_user(process, frame->x[10]);
        break;
    case CALL_READ:
        disk_call(process, 0);
        break;
    case CALL_WRITE:
        disk_call(process, 1);
        break;
    default:
        frame->x[10] = ~0ul;
        break;
    }
}

void handle_trap(struct frame *frame)
{
    u64 cause = read_csr(scause);
    if ((struct frame *)&current->frame != frame)
        panic("a trap of a process that does not run");
    if (cause == (INTERRUPT | 5))
    {
        current->preemptions++;
        schedule();
    }
    if (cause == (INTERRUPT | 9))
    {
        external_interrupt();
        resume(frame);
    }
    if (cause == 8)
    {
        system_call(current);
        resume(frame);
    }

    print("kernel: process ");
    print_decimal(current->number);
    print(" ended by trap ");
    print_decimal(cause);
    print(", value ");
    print_hex(read_csr(stval));
    print("\n");
    end(current);
    schedule();
}

void start_processes(void)
{
    for (u64 i = 0; i < PROCESSES; i++)
    {
        struct process *process = &processes[i];
        process->number = i;
        process->satp = make_address_space(user_image, (u64)(user_image_end - user_image));
        process->frame.x[0] = USER_BASE;
        process->frame.x[2] = USER_STACK_TOP;
        process->frame.x[10] = i;
    }
    current = &processes[PROCESSES - 1];
    write_csr(satp, current->satp);
    __asm__ volatile("sfence.vma" : : : "memory");
    set_csr(sie, 1ul << 5 | 1ul << 9);
    __asm__ volatile("csrc sstatus, %0" : : "r"(1ul << 8 | 1ul << 18)); /* return to user mode; user memory is looked up, not borrowed */
    set_csr(sstatus, 1ul << 5);
    schedule();
}

void kernel_main(u64 hart, u64 tree)
{
    print("kernel: hart ");
    print_decimal(hart);
    print(*(volatile u32 *)tree == 0xEDFE0DD0 ? ", with a device tree\n" : ", without a device tree\n");
    enable_paging();
    print("kernel: Sv39 is on\n");
    if (!disk_find())
        panic("there is no disk");
    print("kernel: the disk is ready\n");
    start_processes();
}
