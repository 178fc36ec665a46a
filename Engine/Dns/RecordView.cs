namespace Engine.Dns;

/// <summary>Where one record stands in its message, before its data is understood.</summary>
/// <param name="Owner">Where its name starts.</param>
/// <param name="Type">May be a number the house does not know.</param>
/// <param name="Class">1 is the Internet; in OPT the sender's UDP size.</param>
/// <param name="Ttl">Seconds; 0 when the top bit was set (RFC 2181 §8), except for OPT, where it carries other bits.</param>
/// <param name="Start">Where its data starts.</param>
/// <param name="Length">Octets of data; they lie within the message.</param>
internal readonly record struct RecordView(int Owner, RecordType Type, ushort Class, uint Ttl, int Start, int Length)
{
    public bool IsInternet => Class == 1;
}
