/* A virtio block device on a memory-mapped transport of version 2 (Virtual I/O Device 1.2, sections 4.2 and 5.2), one request at a time, with interrupts through the PLIC. */
#include "kernel.h"

#define FIRST_SLOT 0x10001000ul
#define SLOTS 8
#define PLIC 0x0C000000ul
#define QUEUE_SIZE 8

struct descriptor { u64 address; u32 length; u16 flags, next; };

static struct descriptor descriptors[QUEUE_SIZE] __attribute__((aligned(4096)));
static volatile struct { u16 flags, index, ring[QUEUE_SIZE]; } available __attribute__((aligned(4096)));
static volatile struct { u16 flags, index; struct { u32 id, length; } ring[QUEUE_SIZE]; } used __attribute__((aligned(4096)));
static struct { u32 type, reserved; u64 sector; } header;
static volatile u8 status;
static u64 base;
static u32 source;

static volatile u32 *word(u64 address) { return (volatile u32 *)address; }

static void set_address(u64 offset, const volatile void *address)
{
    *word(base + offset) = (u32)(u64)address;
    *word(base + offset + 4) = (u32)((u64)address >> 32);
}

int disk_find(void)
{
    for (u32 slot = 0; slot < SLOTS && !base; slot++)
    {
        u64 at = FIRST_SLOT + slot * PAGE_SIZE;
        if (*word(at) == 0x74726976 && *word(at + 4) == 2 && *word(at + 8) == 2)
        {
            base = at;
            source = slot + 1;
        }
    }
    if (!base)
        return 0;

    *word(base + 0x70) = 0;
    *word(base + 0x70) = 3;             /* ACKNOWLEDGE, DRIVER */
    *word(base + 0x24) = 0;
    *word(base + 0x20) = 0;
    *word(base + 0x24) = 1;
    *word(base + 0x20) = 1;             /* VERSION_1 and nothing else */
    *word(base + 0x70) = 3 | 8;
    if (!(*word(base + 0x70) & 8))
        panic("the disk does not accept the features");
    *word(base + 0x30) = 0;
    *word(base + 0x38) = QUEUE_SIZE;
    set_address(0x80, descriptors);
    set_address(0x90, &available);
    set_address(0xA0, &used);
    *word(base + 0x44) = 1;
    *word(base + 0x70) = 3 | 8 | 4;

    /* The supervisor context of hart 0 is number 1. */
    *word(PLIC + 4 * source) = 1;
    *word(PLIC + 0x2080) = 1u << source;
    *word(PLIC + 0x201000) = 0;
    return 1;
}

void disk_start(u64 sector, u8 *data, int writes)
{
    header.type = writes ? 1 : 0;
    header.sector = sector;
    status = 0xFF;
    descriptors[0] = (struct descriptor){ (u64)&header, sizeof header, 1, 1 };
    descriptors[1] = (struct descriptor){ (u64)data, SECTOR_SIZE, writes ? 1 : 3, 2 };
    descriptors[2] = (struct descriptor){ (u64)&status, 1, 2, 0 };
    available.ring[available.index % QUEUE_SIZE] = 0;
    __asm__ volatile("fence rw, rw" : : : "memory");
    available.index++;
    __asm__ volatile("fence rw, o" : : : "memory");
    *word(base + 0x50) = 0;
}

/* Serves the external interrupt; returns the status of the request that is complete, or -1. */
int disk_acknowledge(void)
{
    u32 claimed = *word(PLIC + 0x201004);
    int result = -1;
    if (claimed == source)
    {
        *word(base + 0x64) = *word(base + 0x60);
        __asm__ volatile("fence" : : : "memory");
        if (used.index == available.index)
            result = status;
    }
    if (claimed)
        *word(PLIC + 0x201004) = claimed;
    return result;
}
