namespace Engine.Mail;

/// <summary>What a stream's mail is for. Transactional goes before marketing at every choice.</summary>
internal enum StreamClass : byte
{
    /// <summary>One person waits for it: a code, a receipt, a notice.</summary>
    Transactional,

    /// <summary>Bulk mail.</summary>
    Marketing,
}
