namespace Emulator.Machines;

/// <summary>The i440FX host bridge (Intel 82441FX data sheet, order number 290549): PAM registers 59 to 5F and the SMRAM register 72 direct the memory below 1 MB.</summary>
/// <remarks>The subsystem identification 1AF4:1100 is QEMU's, by which firmware recognises a virtual machine of this kind.</remarks>
public sealed class I440Fx : PciFunction
{
    private const int Pam0 = 0x59, Smram = 0x72;
    private const byte SmramOpen = 0x40, SmramLock = 0x10, SmramEnable = 0x08;

    private readonly LowMemoryMap _map;

    /// <summary>Creates the bridge over the memory it directs.</summary>
    public I440Fx(LowMemoryMap map)
        : base(0x8086, 0x1237, 0x060000, 0x02)
    {
        _map = map;
        Define16(0x04, 0x0006, 0x0100);
        Define16(0x06, 0x0280, 0);
        Define16(0x2C, 0x1AF4, 0);
        Define16(0x2E, 0x1100, 0);
        for (int i = 0; i < 7; i++)
            Define8(Pam0 + i, 0, i == 0 ? (byte)0x30 : (byte)0x33);
        Define8(Smram, 0x02, 0x78);
        Define16(0x50, 0, 0xFFFF); // PMCCFG
        Define8(0x57, 0x01, 0xFF); // DRAMC
        Define8(0x58, 0x00, 0xFF); // DRAMT
    }

    /// <inheritdoc/>
    public override string PartName => "i440fx";

    private protected override byte Filter(int offset, byte value)
    {
        if (offset != Smram || (Config[Smram] & SmramLock) == 0)
            return value;

        // Once locked, the register stays as it is with D_OPEN clear.
        return (byte)(Config[Smram] & ~SmramOpen);
    }

    private protected override void ConfigWritten(int offset, int size)
    {
        if (Touches(offset, size, Pam0, 7))
        {
            // Attribute bits: 0 reads go to RAM, 1 writes go to RAM.
            Apply(0xF0000, 0x10000, Config[Pam0] >> 4);
            for (int i = 1; i < 7; i++)
            {
                uint start = 0xC0000u + ((uint)(i - 1) * 0x8000u);
                Apply(start, 0x4000, Config[Pam0 + i]);
                Apply(start + 0x4000, 0x4000, Config[Pam0 + i] >> 4);
            }
        }

        if (Touches(offset, size, Smram))
            _map.ShowSmram((Config[Smram] & (SmramOpen | SmramEnable | SmramLock)) == (SmramOpen | SmramEnable));
    }

    private void Apply(uint start, uint length, int attributes) => _map.SetShadow(start, length, (attributes & 1) != 0, (attributes & 2) != 0);
}
