/* Benchmark kernel (d): a stack machine interpreting a program that counts Collatz steps and sums a small array. */
#include "guest.h"

enum op { HALT, PUSH, LOAD, STORE, ADD, SUB, MUL, SHR, AND, LESS, JUMP, JUMPZ, INDEX, PUT, DUP, XOR };

/* Words: operation, then an operand where there is one. Variables: 0 n, 1 limit, 2 steps, 3 x, 4 i. */
static const s32 program[] = {
    /* 0*/ PUSH, 1, STORE, 0,
    /* 4 next n */ LOAD, 0, LOAD, 1, LESS, JUMPZ, 92,
    /*11*/ LOAD, 0, STORE, 3,
    /*15 step*/ PUSH, 1, LOAD, 3, LESS, JUMPZ, 56,
    /*22*/ LOAD, 2, PUSH, 1, ADD, STORE, 2,
    /*29*/ LOAD, 3, PUSH, 1, AND, JUMPZ, 47,
    /*36*/ LOAD, 3, DUP, DUP, ADD, ADD, PUSH, 1, ADD, STORE, 3,
    /*47: x even or made even: halve*/ LOAD, 3, PUSH, 1, SHR, STORE, 3, JUMP, 15,
    /*56 array*/ LOAD, 0, PUSH, 63, AND, STORE, 4,
    /*63*/ LOAD, 4, INDEX, LOAD, 0, XOR, LOAD, 2, PUSH, 3, MUL, ADD, LOAD, 4, PUT,
    /*78*/ LOAD, 0, PUSH, 1, ADD, STORE, 0,
    /*85*/ JUMP, 4, HALT, HALT, HALT, HALT, HALT,
    /*92*/ HALT,
};

static u32 run(s32 limit, u32 *executed)
{
    static s32 stack[64], vars[8], array[64];
    s32 *sp = stack;
    const s32 *pc = program;
    u32 count = 0;
    for (int i = 0; i < 8; i++)
        vars[i] = 0;
    vars[1] = limit;
    for (;;)
    {
        count++;
        switch (*pc++)
        {
        case HALT:
            *executed += count;
            return mix((u32)vars[2], crc32(0, array, sizeof array));
        case PUSH: *sp++ = *pc++; break;
        case LOAD: *sp++ = vars[*pc++]; break;
        case STORE: vars[*pc++] = *--sp; break;
        case ADD: sp--; sp[-1] += sp[0]; break;
        case SUB: sp--; sp[-1] -= sp[0]; break;
        case MUL: sp--; sp[-1] *= sp[0]; break;
        case SHR: sp--; sp[-1] = (s32)((u32)sp[-1] >> (sp[0] & 31)); break;
        case AND: sp--; sp[-1] &= sp[0]; break;
        case XOR: sp--; sp[-1] ^= sp[0]; break;
        case LESS: sp--; sp[-1] = sp[-1] < sp[0]; break;
        case JUMP: pc = program + *pc; break;
        case JUMPZ: pc = *--sp ? pc + 1 : program + *pc; break;
        case INDEX: sp[-1] = array[sp[-1] & 63]; break;
        case PUT: sp -= 2; array[sp[1] & 63] = sp[0]; break;
        case DUP: sp[0] = sp[-1]; sp++; break;
        }
    }
}

int guest_main(void)
{
    u32 sum = 0, executed = 0;
    begin_timing("interpreter");
    for (u32 round = 0; round < ITERATIONS; round++)
        sum = mix(sum, run(3000 + (s32)(round & 7), &executed));
    end_timing(mix(sum, executed));
    return 0;
}
