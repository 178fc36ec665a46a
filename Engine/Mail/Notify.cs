namespace Engine.Mail;

/// <summary>What a recipient's NOTIFY parameter asks for. RFC 3461 §4.1. None means that the parameter was absent.</summary>
[Flags]
internal enum Notify : byte
{
    None = 0,
    Success = 1,
    Failure = 2,
    Delay = 4,
    Never = 8,
}
