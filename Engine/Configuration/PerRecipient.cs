namespace Engine.Configuration;

/// <summary>When the recipients of one submission get header blocks of their own, each signed for itself: what names a recipient in its header must not go to the others.</summary>
internal enum PerRecipient : byte
{
    /// <summary>Where the headers added for them differ: with unsubscribe links or complaint tokens.</summary>
    Auto,

    /// <summary>Always, so that no two recipients share a transaction.</summary>
    Always,

    /// <summary>Never: a submission to several recipients gets no unsubscribe link, and its complaint token names the message alone.</summary>
    Never,
}
