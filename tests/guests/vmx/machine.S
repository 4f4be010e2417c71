/* VM entry and VM exit. */
    .set HOST_RSP_FIELD, 0x6C14

    .text
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

    .section .note.GNU-stack, "", @progbits
