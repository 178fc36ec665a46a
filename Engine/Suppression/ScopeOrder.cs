using Engine.Mail;

namespace Engine.Suppression;

/// <summary>The scopes that a mail is asked for, the widest first: global, account, stream, each for any class and for the mail's own.</summary>
internal static class ScopeOrder
{
    public const int Count = 6;

    /// <param name="place">Below <see cref="Count"/>.</param>
    /// <param name="stream">The mail's.</param>
    /// <param name="mailClass">The mail's.</param>
    public static SuppressionScope At(int place, StreamKey stream, StreamClass mailClass) => place switch
    {
        0 => SuppressionScope.Global,
        1 => SuppressionScope.Global with { Class = mailClass },
        2 => SuppressionScope.OfAccount(stream),
        3 => SuppressionScope.OfAccount(stream, mailClass),
        4 => SuppressionScope.OfStream(stream),
        _ => SuppressionScope.OfStream(stream) with { Class = mailClass },
    };
}
