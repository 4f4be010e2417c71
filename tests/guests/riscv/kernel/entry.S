/* Entry from the firmware, entry of traps, return to a process. The kernel runs with interrupts off: a trap comes from a process, or is a defect. */
    .section .start, "ax"
    .globl _start
_start:
    la      sp, stack_top
    la      t0, __bss_start
    la      t1, __bss_end
1:  bgeu    t0, t1, 2f
    sd      zero, 0(t0)
    addi    t0, t0, 8
    j       1b
2:  csrw    sscratch, zero
    la      t0, trap_entry
    csrw    stvec, t0
    tail    kernel_main

    /* sscratch holds the frame of the process that runs, and 0 while the kernel does. */
    .text
    .balign 4
    .globl trap_entry
trap_entry:
    csrrw   t6, sscratch, t6
    beqz    t6, 2f
    .irp    n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    sd      x\n, 8*\n(t6)
    .endr
    mv      a0, t6
    csrrw   t6, sscratch, zero
    sd      t6, 8*31(a0)
    csrr    t0, sepc
    sd      t0, 0(a0)
    la      sp, stack_top
    call    handle_trap
1:  j       1b
2:  la      sp, stack_top
    call    kernel_trap

    .globl resume
resume:
    ld      t0, 0(a0)
    csrw    sepc, t0
    csrw    sscratch, a0
    mv      t6, a0
    .irp    n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    ld      x\n, 8*\n(t6)
    .endr
    ld      t6, 8*31(t6)
    sret

    .section .rodata
    .globl user_image, user_image_end
user_image:
    .incbin USER_IMAGE
user_image_end:

    .bss
    .balign 16
    .skip 16384
stack_top:
    .section .note.GNU-stack, "", @progbits
