namespace Engine.Delivery.Smtp;

/// <summary>First digit of a reply code. RFC 5321 §4.2.1.</summary>
internal enum Severity : byte
{
    Positive = 2,
    Intermediate = 3,
    Transient = 4,
    Permanent = 5,
}
