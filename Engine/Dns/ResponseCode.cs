namespace Engine.Dns;

/// <summary>RCODE, with the upper bits of EDNS. RFC 1035 §4.1.1, RFC 6891 §6.1.3.</summary>
internal enum ResponseCode : ushort
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NoSuchName = 3,
    NotImplemented = 4,
    Refused = 5,
    BadVersion = 16,
}
