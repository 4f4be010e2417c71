/* Entry points: the host's interrupts, the guests' interrupts, VM entry and VM exit. */
    .set HOST_RSP_FIELD, 0x6C14
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
    vmcall
    popal
    addl $8, %esp
    iret

/* u32 vm_enter(struct guest_registers *r, u32 resume): 0 after a VM exit, otherwise an outcome of the entry. */
    .globl vm_enter
vm_enter:
    pushl %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    movl 20(%esp), %eax
    pushl %eax
    movl $HOST_RSP_FIELD, %edx
    vmwrite %esp, %edx
    cmpl $0, 28(%esp)
    movl 4(%eax), %ecx
    movl 8(%eax), %edx
    movl 12(%eax), %ebx
    movl 16(%eax), %ebp
    movl 20(%eax), %esi
    movl 24(%eax), %edi
    movl 0(%eax), %eax
    jne 1f
    vmlaunch
    jmp 2f
1:  vmresume
2:  movl $1, %eax
    jc 3f
    movl $2, %eax
    jz 3f
    movl $3, %eax                           /* neither: not an outcome the manual knows */
3:  addl $4, %esp
    jmp 4f

    .globl vm_exit
vm_exit:
    pushl %eax
    sgdt %ss:exit_gdt
    sidt %ss:exit_idt
    lgdt %ss:host_gdt_pointer
    lidt %ss:host_idt_pointer
    ljmp $0x08, $5f                         /* selectors of the host-state area need not exist */
5:  movl $0x10, %eax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %fs
    movw %ax, %gs
    movw %ax, %ss
    movl 4(%esp), %eax
    movl %ecx, 4(%eax)
    movl %edx, 8(%eax)
    movl %ebx, 12(%eax)
    movl %ebp, 16(%eax)
    movl %esi, 20(%eax)
    movl %edi, 24(%eax)
    popl (%eax)
    addl $4, %esp
    xorl %eax, %eax
4:  popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret

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
