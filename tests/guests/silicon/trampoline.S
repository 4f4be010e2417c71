/* Enters and leaves the instruction under test with every register and flag as the case says.
 *
 * The instruction lies at CODE_ENTRY; behind it, and at each branch target, stands `movl $target, landing; jmp case_back`,
 * which changes neither registers nor flags. A signal handler resumes at case_done instead.
 */
    .text
    .globl run_case, case_back, case_done
run_case:
    pushl %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    movl %esp, saved_esp
    pushl in_eflags
    popfl
    movl in_gpr+0, %eax
    movl in_gpr+4, %ecx
    movl in_gpr+8, %edx
    movl in_gpr+12, %ebx
    movl in_gpr+20, %ebp
    movl in_gpr+24, %esi
    movl in_gpr+28, %edi
    movl in_gpr+16, %esp
    jmp *code_entry

case_back:
    movl %eax, out_gpr+0
    movl %ecx, out_gpr+4
    movl %edx, out_gpr+8
    movl %ebx, out_gpr+12
    movl %esp, out_gpr+16
    movl %ebp, out_gpr+20
    movl %esi, out_gpr+24
    movl %edi, out_gpr+28
    movl saved_esp, %esp
    pushfl
    popl out_eflags
    movw %ds, out_seg+0
    movw %es, out_seg+2
    movw %fs, out_seg+4
    movw %gs, out_seg+6
case_done:
    movw saved_seg+2, %es
    movw saved_seg+4, %fs
    movw saved_seg+6, %gs
    pushl $0x202
    popfl
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret

    .data
    .balign 64
    .globl in_gpr, in_eflags, out_gpr, out_eflags, out_seg, saved_seg, saved_esp, code_entry, landing
in_gpr:     .skip 32
in_eflags:  .long 0
code_entry: .long 0
saved_esp:  .long 0
saved_seg:  .skip 8                         /* ds es fs gs */
    .balign 64
out_gpr:    .skip 32
out_eflags: .long 0
landing:    .long 0
out_seg:    .skip 8

    .section .note.GNU-stack, "", @progbits
