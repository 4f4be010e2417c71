/* Entry of every freestanding guest: a multiboot header, a stack, a cleared .bss, then guest_main().
 *
 * The image is loaded at 1 MiB either by a multiboot loader (as ELF) or by boot/bootsector.S (as a flat
 * binary); both enter at _start in 32-bit protected mode with flat segments, interrupts and paging off.
 * No register is relied upon: the guest loads its own descriptor table.
 */
    .set MULTIBOOT_MAGIC, 0x1BADB002
    .set MULTIBOOT_FLAGS, 0x00000003        /* page-aligned modules, memory information */

    .section .start, "ax"
    .globl _start
_start:
    jmp 1f

    .balign 4
    .long MULTIBOOT_MAGIC
    .long MULTIBOOT_FLAGS
    .long -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)

1:  cli
    cld
    lgdt gdt_pointer
    ljmp $0x08, $2f
2:  movl $0x10, %eax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %fs
    movw %ax, %gs
    movw %ax, %ss
    movl $stack_top, %esp

    movl $__bss_start, %edi
    movl $__bss_end, %ecx
    subl %edi, %ecx
    xorl %eax, %eax
    rep stosb

    call guest_main
    pushl %eax
    call guest_exit
3:  cli
    hlt
    jmp 3b

    .section .rodata
    .balign 8
gdt:
    .quad 0
    .quad 0x00CF9B000000FFFF                /* 08: code, base 0, 4 GiB, ring 0 */
    .quad 0x00CF93000000FFFF                /* 10: data, base 0, 4 GiB, ring 0 */
gdt_pointer:
    .word . - gdt - 1
    .long gdt

    .section .stack, "aw", @nobits
    .balign 16
    .skip 65536
stack_top:

    .section .note.GNU-stack, "", @progbits
