using Emulator.Isa.Decoding.Tests;
using Emulator.Isa.Emit;

namespace Emulator.Isa.Text.Tests;

/// <summary>The instruction reference.</summary>
public sealed class DocumentationTests
{
    private const string Chapter = """
        chapter "Toy: all of it";
        state A : u8;
        state F : u8 { C@0 Z@1; }
        state PC : u16 pc;
        memory ram : u16 little bus;
        trap BAD = 6 fault undefined (why: u8);
        function code_address(pc: u16) : u16 { return pc; }
        decode bytes max 3 else BAD(0) fetch ram by code_address { operand I<w> = next<w>; }
        /// Loads a | b.
        instruction LOAD sensitive "for show" {
          form 01 (v: I<8>);
          form 02 (v: I<8>) asm "load low {v:d}";
          require A != 0 else BAD(1);
          do {
            A = v;
            if v == 0 {
              Z = true;
            }
          }
        }
        instruction BACK innocuous { form 03; do { PC = 0; } }
        """;

    private static readonly IReadOnlyList<EmittedFile> Pages =
        DocumentationEmitter.Emit(new EmitContext(Specs.Bind("toy", Chapter), new EmitOptions("Toy"), default), s => s.File == "chapter.isa" ? Chapter.Substring(s.Start, s.Length) : null);

    [Fact]
    public void AnIndexAndAPagePerChapter() => Assert.Equal(["index.md", "toy-all-of-it.md"], Pages.Select(p => p.Name));

    [Fact]
    public void TheIndexListsInstructionsAndTraps()
    {
        Assert.Contains("2 instructions in 3 forms.", Pages[0].Text);
        Assert.Contains("[LOAD](toy-all-of-it.md#load)", Pages[0].Text);
        Assert.Contains("| BAD | 6 | fault | undefined | why: u8 |", Pages[0].Text);
    }

    [Fact]
    public void AnInstructionIsToldInFull() => Assert.Equal("""
        # Toy: all of it

        ## LOAD

        Loads a | b.

        Sensitive: for show. chapter.isa, line 10.

        | encoding | text | operands |
        |---|---|---|
        | `01` | `load number8` | `v: I<8>` |
        | `02` | `load low number8` | `v: I<8>` |

        - Requires `A != 0 else BAD(1)`
        - Reads: A
        - Writes: A, F.Z
        - May raise: BAD
        - Flags set: F.Z

        ```
        {
          A = v;
          if v == 0 {
            Z = true;
          }
        }
        ```

        ## BACK

        Innocuous. chapter.isa, line 21.

        | encoding | text | operands |
        |---|---|---|
        | `03` | `back` |  |

        - Writes: PC
        - Always jumps

        ```
        { PC = 0; }
        ```

        """, Pages[1].Text);
}
