/* Entry points: the host's interrupts, the guests' interrupts, ring 3. */
    .set EVENT, 0x45564E54

    .altmacro
/* Stub of a vector: an error code (0 where the processor pushes none) and the vector on the stack. 16 bytes each. */
    .macro STUB vector, common
    .balign 16
    .if (\vector == 8) || ((\vector >= 10) && (\vector <= 14)) || (\vector == 17)
    .else
    pushl $0
    .endif
    pushl $\vector
    jmp \common
    .endm

    .text
    .balign 16
    .globl host_stubs
host_stubs:
    .set vector, 0
    .rept 48
    STUB %vector, host_common
    .set vector, vector + 1
    .endr

host_common:
    pushal
    movl $0x10, %eax
    movw %ax, %ds
    movw %ax, %es
    pushl %esp
    call host_event
    addl $4, %esp
    popal
    addl $8, %esp
    iret

    .balign 16
    .globl guest_stubs
guest_stubs:
    .set vector, 0
    .rept 256
    STUB %vector, guest_common
    .set vector, vector + 1
    .endr

/* Guests tell their host of every interrupt; it may change the frame. */
guest_common:
    pushal
    movl %esp, %ebx
    movl $EVENT, %eax
#ifdef SVM
    vmmcall
#else
    vmcall
#endif
    popal
    addl $8, %esp
    iret

/* void enter_user(const void *code, u32 esp, u32 ebx): until leave_user(). */
    .globl enter_user, leave_user
enter_user:
    pushl %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    movl 20(%esp), %eax
    movl 24(%esp), %ecx
    movl 28(%esp), %ebx
    movl %esp, kernel_esp
    pushl $0x23
    pushl %ecx
    pushl $2
    pushl $0x1B
    pushl %eax
    movl $0x23, %eax
    movw %ax, %ds
    movw %ax, %es
    iret
leave_user:
    movl kernel_esp, %esp
    movl $0, kernel_esp
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret

    .bss
    .balign 4
    .globl kernel_esp
kernel_esp:
    .skip 4
    .section .note.GNU-stack, "", @progbits
