namespace Engine.Delivery.Smtp;

internal enum ReadResult : byte
{
    Complete,

    /// <summary>The buffer ends inside the reply, which stays in the buffer.</summary>
    NeedMore,

    /// <summary>Not a reply. The stream cannot be resynchronised: drop the connection.</summary>
    Malformed,
}
