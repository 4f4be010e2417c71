using System.Buffers.Binary;
using System.Text;

namespace Emulator.Machines.Tests.Virt;

/// <summary>Reads a flattened device tree into paths, for comparison with what was written.</summary>
internal static class Fdt
{
    /// <summary>Every property by its path: <c>/soc/serial@10000000/reg</c>.</summary>
    public static Dictionary<string, byte[]> Read(ReadOnlySpan<byte> tree)
    {
        Assert.Equal(0xD00DFEEDu, U32(tree, 0));
        Assert.Equal((uint)tree.Length, U32(tree, 4));
        int at = (int)U32(tree, 8), strings = (int)U32(tree, 12), end = at + (int)U32(tree, 36);
        Assert.Equal(tree.Length, strings + (int)U32(tree, 32));
        var properties = new Dictionary<string, byte[]>();
        var path = new List<string>();
        while (true)
        {
            uint token = U32(tree, at);
            at += 4;
            switch (token)
            {
                case 1:
                    string name = Text(tree[at..]);
                    path.Add(name);
                    at += (name.Length + 4) & ~3;
                    break;
                case 2:
                    path.RemoveAt(path.Count - 1);
                    break;
                case 3:
                    int length = (int)U32(tree, at);
                    properties.Add($"{string.Join('/', path)}/{Text(tree[(strings + (int)U32(tree, at + 4))..])}", tree.Slice(at + 8, length).ToArray());
                    at += 8 + ((length + 3) & ~3);
                    break;
                default:
                    Assert.Equal(9u, token);
                    Assert.Equal(end, at);
                    Assert.Empty(path);
                    return properties;
            }
        }
    }

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes[..bytes.IndexOf((byte)0)]);

    public static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]);
}
