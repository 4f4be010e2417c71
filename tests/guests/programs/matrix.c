/* Matrices of integers: products, transposition, a determinant modulo a prime, fixed-point rotation. */
#include "guest.h"

#define N 24
#define P 65521u
static s32 a[N][N], b[N][N], c[N][N];
static u32 m[N][N];

static u32 power(u32 base, u32 exponent)
{
    u32 result = 1;
    for (; exponent; exponent >>= 1, base = base * base % P)
        if (exponent & 1)
            result = result * base % P;
    return result;
}

static u32 determinant(void)
{
    u32 det = 1;
    for (int col = 0; col < N; col++)
    {
        int pivot = col;
        while (pivot < N && m[pivot][col] == 0)
            pivot++;
        if (pivot == N)
            return 0;
        if (pivot != col)
        {
            for (int k = 0; k < N; k++)
            {
                u32 t = m[pivot][k];
                m[pivot][k] = m[col][k];
                m[col][k] = t;
            }
            det = P - det;
        }
        det = det * m[col][col] % P;
        u32 inverse = power(m[col][col], P - 2);
        for (int row = col + 1; row < N; row++)
        {
            u32 factor = m[row][col] * inverse % P;
            for (int k = col; k < N; k++)
                m[row][k] = (m[row][k] + P - factor * m[col][k] % P) % P;
        }
    }
    return det;
}

int guest_main(void)
{
    u32 seed = 521288629u, sum = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
        {
            a[i][j] = (s32)random_next(&seed) >> 8;
            b[i][j] = (s32)random_next(&seed) >> 12;
            m[i][j] = random_next(&seed) % P;
        }
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
        {
            s64 acc = 0;
            for (int k = 0; k < N; k++)
                acc += (s64)a[i][k] * b[k][j];
            c[i][j] = (s32)(acc >> 7);
            sum = mix(sum, (u32)(acc >> 32) ^ (u32)acc);
        }
    put_result("product", sum);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < i; j++)
        {
            s32 t = c[i][j];
            c[i][j] = c[j][i];
            c[j][i] = t;
        }
    put_result("transposed", crc32(0, c, sizeof c));
    put_result("determinant", determinant());

    s32 x = 1 << 16, y = 0;                 /* 16.16 fixed point, one degree a step */
    for (int step = 0; step < 720; step++)
    {
        s32 nx = (s32)(((s64)x * 65526 - (s64)y * 1144) >> 16);
        y = (s32)(((s64)x * 1144 + (s64)y * 65526) >> 16);
        x = nx;
        sum = mix(sum, (u32)x * 3 + (u32)y);
    }
    put_result("rotation", sum);
    return 0;
}
