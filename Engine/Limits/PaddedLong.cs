using System.Runtime.InteropServices;

namespace Engine.Limits;

/// <summary>A number alone on its cache lines: threads on neighbouring limits do not slow each other down.</summary>
/// <remarks>128 octets on either side: processors fetch lines of 64 in pairs.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct PaddedLong
{
    [FieldOffset(128)]
    public long Value;
}
