using System.Buffers.Binary;
using System.Text;

namespace Emulator.Machines;

/// <summary>A disk in memory (Virtual I/O Device 1.2, section 5.2). What the guest writes stays in the machine and its snapshots.</summary>
public sealed class VirtioBlock : VirtioDevice
{
    /// <summary>Bytes of a sector.</summary>
    public const int SectorSize = 512;

    private const int HeaderSize = 16, ChunkSize = 4096, SegmentsMost = 126;
    private const uint ReadRequest = 0, WriteRequest = 1, FlushRequest = 4, IdRequest = 8;
    private const byte Done = 0, Failed = 1, Unsupported = 2;
    private const ulong SegmentsMostFeature = 1 << 2, FlushFeature = 1 << 9;

    private static readonly byte[] s_id = Encoding.ASCII.GetBytes("emulator-disk\0\0\0\0\0\0\0");

    private readonly byte[] _content;
    private readonly SortedSet<int> _changed = [];
    private readonly byte[] _header = new byte[HeaderSize], _status = new byte[1];

    /// <summary>Creates a disk with the content of an image, filled up with zeros to whole sectors.</summary>
    public VirtioBlock(ReadOnlySpan<byte> image)
    {
        _content = new byte[(image.Length + ChunkSize - 1) / ChunkSize * ChunkSize];
        image.CopyTo(_content);
        Sectors = (image.Length + SectorSize - 1) / SectorSize;
    }

    /// <inheritdoc/>
    public override string PartName => "virtio-blk";

    /// <inheritdoc/>
    public override uint DeviceId => 2;

    /// <inheritdoc/>
    public override ulong Features => SegmentsMostFeature | FlushFeature;

    /// <inheritdoc/>
    public override int QueueCount => 1;

    /// <summary>Sectors of the disk.</summary>
    public long Sectors { get; }

    /// <summary>What stands on the disk now.</summary>
    public ReadOnlyMemory<byte> Content => _content.AsMemory(0, (int)(Sectors * SectorSize));

    /// <inheritdoc/>
    public override byte ReadConfig(int offset) => offset switch
    {
        >= 0 and < 8 => (byte)(Sectors >> (8 * offset)),
        >= 12 and < 16 => (byte)(SegmentsMost >> (8 * (offset - 12))),
        _ => 0,
    };

    /// <inheritdoc/>
    public override void Serve(int queue)
    {
        VirtQueue requests = Transport!.Queue(queue);
        while (requests.TryTake())
            Transport.GiveBack(queue, Execute(requests));
    }

    /// <inheritdoc/>
    public override void Transfer(SnapshotStream s)
    {
        // The image itself belongs to the machine's description; a snapshot holds what was changed. On loading, all that this machine changed counts as changed too.
        int count = _changed.Count;
        s.Value(ref count);
        int[] chunks = [.. _changed];
        for (int i = 0; i < count && s.Error is null; i++)
        {
            int chunk = s.IsLoading ? 0 : chunks[i];
            s.Value(ref chunk);
            if ((uint)chunk >= (uint)(_content.Length / ChunkSize))
            {
                s.Fail($"the disk has no chunk {chunk}");
                return;
            }

            s.Values(_content.AsSpan(chunk * ChunkSize, ChunkSize));
            _changed.Add(chunk);
        }
    }

    /// <summary>Executes a request and returns the number of bytes written to the guest. The last byte of the writable part is the status.</summary>
    private uint Execute(VirtQueue request)
    {
        ulong writable = request.Length(writable: true);
        if (writable is 0 or > int.MaxValue)
            return 0;
        uint room = (uint)writable - 1, done = 0;
        byte status = Failed;
        if (request.Read(0, _header) == HeaderSize)
        {
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(_header);
            ulong sector = BinaryPrimitives.ReadUInt64LittleEndian(_header.AsSpan(8));
            switch (type)
            {
                case ReadRequest when Fits(sector, room):
                    request.WriteBack(0, _content.AsSpan((int)sector * SectorSize, (int)room));
                    (done, status) = (room, Done);
                    break;
                case WriteRequest when request.Length(writable: false) - HeaderSize is var length && Fits(sector, length):
                    request.Read(HeaderSize, _content.AsSpan((int)sector * SectorSize, (int)length));
                    MarkChanged((int)sector * SectorSize, (int)length);
                    status = Done;
                    break;
                case ReadRequest or WriteRequest:
                    break;
                case FlushRequest:
                    status = Done;
                    break;
                case IdRequest:
                    done = (uint)request.WriteBack(0, s_id.AsSpan(0, (int)Math.Min(room, (uint)s_id.Length)));
                    status = Done;
                    break;
                default:
                    status = Unsupported;
                    break;
            }
        }

        _status[0] = status;
        request.WriteBack(room, _status);
        return done + 1;
    }

    private bool Fits(ulong sector, ulong length) =>
        length % SectorSize == 0 && sector <= (ulong)Sectors && length / SectorSize <= (ulong)Sectors - sector;

    private void MarkChanged(int start, int length)
    {
        for (int chunk = start / ChunkSize; length > 0 && chunk <= (start + length - 1) / ChunkSize; chunk++)
            _changed.Add(chunk);
    }
}
