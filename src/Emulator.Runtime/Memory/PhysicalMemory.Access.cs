using System.Runtime.CompilerServices;

namespace Emulator.Runtime;

public sealed unsafe partial class PhysicalMemory
{
    /// <inheritdoc/>
    public override ulong Read(ulong address, int size)
    {
        address &= _mask;
        var offset = (int)address & PageMask;
        var entry = _pages.Find(address);
        if (entry == null || offset + size > PageSize)
        {
            return offset + size > PageSize ? ReadBytes(address, size) : ReadUnclaimed(address, size);
        }

        if (entry->Read != null)
        {
            return HostAccess.Read(entry->Read + offset, size);
        }

        return entry->Devices == 0 ? ReadUnclaimed(address, size) : ReadDevice(address, size);
    }

    /// <inheritdoc/>
    public override void Write(ulong address, int size, ulong value)
    {
        address &= _mask;
        var offset = (int)address & PageMask;
        var entry = _pages.Find(address);
        if (entry == null || offset + size > PageSize)
        {
            if (offset + size > PageSize)
            {
                WriteBytes(address, size, value);
            }
            else
            {
                WriteUnclaimed(address, size, value);
            }

            return;
        }

        if (entry->Write != null)
        {
            if (entry->WriteLogged != 0)
            {
                TellWrite(entry, address);
            }

            HostAccess.Write(entry->Write + offset, size, value);
            if (entry->CodeBits != null && entry->Write == entry->Read && CodeBitmap.Overlaps(entry->CodeBits, offset, size))
            {
                NotifyCode(entry, address & ~(ulong)PageMask, offset, size);
            }

            if (entry->WriteWatched != 0)
            {
                TellWatchers(address, size);
            }
        }
        else if (entry->Devices != 0)
        {
            WriteDevice(address, size, value);
        }
        else
        {
            WriteUnclaimed(address, size, value);
        }
    }

    /// <summary>Copies memory out, for debuggers and DMA; devices are not touched and read as all ones.</summary>
    public void CopyOut(ulong address, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            var masked = address & _mask;
            var offset = (int)masked & PageMask;
            var length = Math.Min(destination.Length, PageSize - offset);
            var entry = _pages.Find(masked);
            if (entry == null || entry->Read == null)
            {
                destination[..length].Fill(0xFF);
            }
            else
            {
                new ReadOnlySpan<byte>(entry->Read + offset, length).CopyTo(destination);
            }

            destination = destination[length..];
            address += (ulong)length;
        }
    }

    /// <summary>Copies bytes into memory, for loaders, debuggers and DMA: RAM is written (and code decoded from it dropped), ROM and devices are not.</summary>
    public void CopyIn(ulong address, ReadOnlySpan<byte> source) => CopyIn(address, source, intoRom: false);

    /// <summary>Copies bytes into memory, writing ROM too where <paramref name="intoRom"/> says so.</summary>
    public void CopyIn(ulong address, ReadOnlySpan<byte> source, bool intoRom)
    {
        while (!source.IsEmpty)
        {
            var masked = address & _mask;
            var offset = (int)masked & PageMask;
            var length = Math.Min(source.Length, PageSize - offset);
            var entry = _pages.Find(masked);
            var host = entry == null ? null : entry->Write != null || !intoRom ? entry->Write : entry->Read;
            if (host != null)
            {
                source[..length].CopyTo(new Span<byte>(host + offset, length));
                if (entry->CodeBits != null && CodeBitmap.Overlaps(entry->CodeBits, offset, length))
                {
                    NotifyCode(entry, masked & ~(ulong)PageMask, offset, length);
                }

                if (entry->WriteWatched != 0)
                {
                    TellWatchers(masked, length);
                }
            }

            source = source[length..];
            address += (ulong)length;
        }
    }

    private ulong ReadBytes(ulong address, int size)
    {
        ulong value = 0;
        for (var i = 0; i < size; i++)
        {
            value |= Read(address + (ulong)i, 1) << (8 * i);
        }

        return value;
    }

    private void WriteBytes(ulong address, int size, ulong value)
    {
        for (var i = 0; i < size; i++)
        {
            Write(address + (ulong)i, 1, (value >> (8 * i)) & 0xFF);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong ReadDevice(ulong address, int size)
    {
        if (FindDevice(address) is not { } mapping)
        {
            return size == 1 ? ReadUnclaimed(address, 1) : ReadBytes(address, size);
        }

        var offset = address - mapping.Address;
        if (mapping.Size - offset < (ulong)size || (size & (size - 1)) != 0)
        {
            return size == 1 ? 0xFF : ReadBytes(address, size);
        }

        return DeviceAccess.Read(mapping.Device, offset + mapping.Offset, size);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteDevice(ulong address, int size, ulong value)
    {
        if (FindDevice(address) is { } mapping && mapping.Size - (address - mapping.Address) >= (ulong)size && (size & (size - 1)) == 0)
        {
            DeviceAccess.Write(mapping.Device, address - mapping.Address + mapping.Offset, size, value & AllOnes(size));
        }
        else if (size > 1)
        {
            WriteBytes(address, size, value);
        }
        else
        {
            WriteUnclaimed(address, size, value);
        }
    }
}
