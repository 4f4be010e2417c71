/* Benchmark kernel (b): linked lists, integer matrices, a state machine over text. */
#include "guest.h"

#define NODES 2000
#define SIZE 40
#define TEXT 20000

struct node { struct node *next; s32 key; s32 data[2]; };
static struct node nodes[NODES];
static s32 a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];
static char text[TEXT];

static struct node *reverse(struct node *list)
{
    struct node *out = 0;
    while (list)
    {
        struct node *next = list->next;
        list->next = out;
        out = list;
        list = next;
    }
    return out;
}

static struct node *merge(struct node *x, struct node *y)
{
    struct node head, *tail = &head;
    while (x && y)
    {
        struct node **least = x->key <= y->key ? &x : &y;
        tail = tail->next = *least;
        *least = (*least)->next;
    }
    tail->next = x ? x : y;
    return head.next;
}

static struct node *sort(struct node *list)
{
    if (!list || !list->next)
        return list;
    struct node *slow = list, *fast = list->next;
    while (fast && fast->next)
        slow = slow->next, fast = fast->next->next;
    struct node *half = slow->next;
    slow->next = 0;
    return merge(sort(list), sort(half));
}

static u32 lists(u32 *seed)
{
    for (int i = 0; i < NODES; i++)
    {
        nodes[i].key = (s32)random_next(seed);
        nodes[i].next = i + 1 < NODES ? &nodes[i + 1] : 0;
    }
    struct node *list = sort(nodes);
    u32 sum = 0;
    for (int k = 0; k < 8; k++)
    {
        list = reverse(list);
        for (struct node *n = list; n; n = n->next)
            sum = (sum << 1 | sum >> 31) ^ (u32)n->key;
    }
    return sum;
}

static u32 matrices(u32 v)
{
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            a[i][j] = (s32)(v + (u32)(i * j)), b[i][j] = (s32)(v ^ (u32)(i + j));
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
        {
            s32 s = 0;
            for (int k = 0; k < SIZE; k++)
                s += a[i][k] * b[k][j];
            c[i][j] = s;
        }
    u32 sum = 0;
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            sum = mix(sum, (u32)c[i][j]);
    return sum;
}

/* Counts words, numbers (with sign, point and exponent) and malformed numbers. */
static u32 scan(void)
{
    enum { blank, word, sign, whole, point, fraction, exponent, power, bad } state = blank;
    u32 words = 0, numbers = 0, malformed = 0;
    for (u32 i = 0; i < TEXT; i++)
    {
        char ch = text[i];
        if (ch == ' ')
        {
            words += state == word;
            numbers += state == whole || state == fraction || state == power;
            malformed += state == bad || state == sign || state == point || state == exponent;
            state = blank;
            continue;
        }
        int digit = ch >= '0' && ch <= '9';
        switch (state)
        {
        case blank: state = digit ? whole : ch == '-' ? sign : ch == '.' ? point : word; break;
        case sign: state = digit ? whole : ch == '.' ? point : bad; break;
        case whole: state = digit ? whole : ch == '.' ? fraction : ch == 'e' ? exponent : bad; break;
        case point: state = digit ? fraction : bad; break;
        case fraction: state = digit ? fraction : ch == 'e' ? exponent : bad; break;
        case exponent: state = digit || ch == '-' ? power : bad; break;
        case power: state = digit ? power : bad; break;
        default: break;
        }
    }
    return words << 20 ^ numbers << 10 ^ malformed;
}

int guest_main(void)
{
    u32 sum = 0, seed = 362436069u;
    begin_timing("structures");
    for (u32 round = 0; round < ITERATIONS; round++)
    {
        sum = mix(sum, lists(&seed));
        sum = mix(sum, matrices(round));
        for (u32 i = 0; i < TEXT; i++)
            text[i] = "0123456789.-e   ab9"[random_next(&seed) % 19];
        sum = mix(sum, scan());
    }
    end_timing(sum);
    return 0;
}
