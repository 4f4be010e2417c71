/* Sv39: the kernel maps devices and RAM to themselves with large pages, and each process has small pages of its own in the gigabyte between. */
#include "kernel.h"

#define V 0x01ul
#define R 0x02ul
#define W 0x04ul
#define X 0x08ul
#define U 0x10ul
#define A 0x40ul
#define D 0x80ul

#define PAGES 64

static u8 pages[PAGES][PAGE_SIZE] __attribute__((aligned(4096)));
static int used;
static u64 *kernel_table;

void *allocate_page(void)
{
    if (used == PAGES)
        panic("no page left");
    return pages[used++];
}

static u64 pointer_to(const void *table) { return (u64)table >> 2 | V; }

static u64 *make_root(void)
{
    u64 *root = allocate_page();
    root[0] = 0ul << 28 | V | R | W | A | D;
    root[2] = 2ul << 28 | V | R | W | X | A | D;
    return root;
}

static u64 satp_of(const u64 *root) { return 8ul << 60 | (u64)root >> 12; }

/* The entry of the last level for a user address; tables on the way are made when asked for. */
static u64 *entry_of(u64 *root, u64 address, int make)
{
    u64 *table = root;
    for (int level = 2; level > 0; level--)
    {
        u64 *entry = &table[address >> (12 + 9 * level) & 511];
        if (!(*entry & V))
        {
            if (!make)
                return 0;
            *entry = pointer_to(allocate_page());
        }
        table = (u64 *)(*entry >> 10 << 12);
    }
    return &table[address >> 12 & 511];
}

static u8 *map_user_page(u64 *root, u64 address, u64 rights)
{
    u8 *page = allocate_page();
    *entry_of(root, address, 1) = (u64)page >> 2 | V | U | rights;
    return page;
}

/* An address space with a copy of the program, and a stack. Accessed and dirty bits are left to whoever sets them: the processor, or the page-fault handler. */
u64 make_address_space(const u8 *image, u64 size)
{
    u64 *root = make_root();
    for (u64 offset = 0; offset < size; offset += PAGE_SIZE)
    {
        u8 *page = map_user_page(root, USER_BASE + offset, R | W | X | A | D);
        for (u64 i = 0; i < PAGE_SIZE && offset + i < size; i++)
            page[i] = image[offset + i];
    }
    map_user_page(root, USER_STACK_TOP - PAGE_SIZE, R | W | A | D);
    return satp_of(root);
}

/* Where a byte of a process is in memory; 0 when the process may not read and write it. */
u8 *user_memory(u64 satp, u64 address)
{
    if (address < USER_BASE || address >= USER_STACK_TOP)
        return 0;
    u64 *entry = entry_of((u64 *)(satp << 20 >> 8), address, 0);
    if (!entry || (*entry & (V | U | R | W)) != (V | U | R | W))
        return 0;
    return (u8 *)(*entry >> 10 << 12) + (address & (PAGE_SIZE - 1));
}

void enable_paging(void)
{
    kernel_table = make_root();
    write_csr(satp, satp_of(kernel_table));
    __asm__ volatile("sfence.vma" : : : "memory");
}
