/* First sector of a bootable hard disk image: reads the flat guest behind it with INT 13h (extended read), enters
 * protected mode, moves the guest to 1 MiB and jumps to its first byte. The image builder writes the number of
 * sectors to read into the word at offset 0x1B0; at most 1024 (512 KiB, to 0x10000-0x8FFFF).
 */
    .code16
    .set LOAD_SEGMENT, 0x1000
    .set LOAD_ADDRESS, 0x10000
    .set KERNEL_ADDRESS, 0x100000

    .text
    .globl _start
_start:
    ljmp $0, $1f
1:  cli
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw $0x7C00, %sp
    sti
    cld
    movb %dl, drive

read:
    movw sectors, %ax
    testw %ax, %ax
    jz loaded
    cmpw $32, %ax
    jbe 2f
    movw $32, %ax
2:  movw %ax, packet_count
    subw %ax, sectors
    movw $packet, %si
    movb drive, %dl
    movb $0x42, %ah
    int $0x13
    jc failed
    movw packet_count, %ax
    addw %ax, packet_lba
    shlw $5, %ax                            /* sectors to paragraphs */
    addw %ax, packet_segment
    jmp read

failed:
    movb $'!', %al
    outb %al, $0xE9
3:  cli
    hlt
    jmp 3b

loaded:
    cli
    inb $0x92, %al
    orb $2, %al                             /* A20 on; bit 0 would reset */
    andb $0xFE, %al
    outb %al, $0x92
    lgdtl gdt_pointer
    movl %cr0, %eax
    orl $1, %eax
    movl %eax, %cr0
    ljmp $0x08, $protected

    .code32
protected:
    movw $0x10, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movl $LOAD_ADDRESS, %esi
    movl $KERNEL_ADDRESS, %edi
    movl $(512 * 1024 / 4), %ecx
    rep movsl
    movl $KERNEL_ADDRESS, %eax
    jmp *%eax

    .balign 8
gdt:
    .quad 0
    .quad 0x00CF9B000000FFFF
    .quad 0x00CF93000000FFFF
gdt_pointer:
    .word . - gdt - 1
    .long gdt

    .balign 4
packet:
    .byte 16, 0
packet_count:
    .word 0
    .word 0
packet_segment:
    .word LOAD_SEGMENT
packet_lba:
    .quad 1
drive:
    .byte 0

    .org 0x1B0
sectors:
    .word 0
    .org 0x1FE
    .word 0xAA55

    .section .note.GNU-stack, "", @progbits
