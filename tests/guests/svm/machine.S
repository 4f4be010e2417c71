/* void vm_run(struct guest_registers *r, u32 vmcb_address): EAX travels in the VMCB, what VMRUN leaves alone by VMLOAD and VMSAVE. */
    .set SAVE_RAX, 0x5F8

    .text
    .globl vm_run
vm_run:
    pushl %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    movl 20(%esp), %edx
    pushl %edx
    clgi
    movl $host_vmcb, %eax
    vmsave
    movl 28(%esp), %eax
    vmload
    movl (%edx), %ecx
    movl %ecx, SAVE_RAX(%eax)
    movl 4(%edx), %ecx
    movl 12(%edx), %ebx
    movl 16(%edx), %ebp
    movl 20(%edx), %esi
    movl 24(%edx), %edi
    movl 8(%edx), %edx
    vmrun
    vmsave
    pushl %edx
    movl 4(%esp), %edx
    movl %ecx, 4(%edx)
    movl %ebx, 12(%edx)
    movl %ebp, 16(%edx)
    movl %esi, 20(%edx)
    movl %edi, 24(%edx)
    popl 8(%edx)
    movl SAVE_RAX(%eax), %ecx
    movl %ecx, (%edx)
    movl $host_vmcb, %eax
    vmload
    stgi
    addl $4, %esp
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret

    .section .note.GNU-stack, "", @progbits
