namespace Engine.Queue.Frames;

/// <summary>The texts of an encoded envelope, by place. New ones come before <see cref="Count"/>.</summary>
internal enum EnvelopeText
{
    Sender,
    Account,
    Stream,
    Pool,
    Campaign,
    EnvelopeId,
    HeaderFrom,
    HeaderMessageId,
    Client,
    Credential,
    Count,
}
