using Engine.Mail;

namespace Engine.Queue;

/// <summary>An attempt that did not end the recipient.</summary>
/// <param name="Due">Next attempt not before.</param>
/// <param name="Category">Why.</param>
/// <param name="Code">Reply code; 0 when none came.</param>
/// <param name="Enhanced">Enhanced code.</param>
/// <param name="Text">Reply text or what went wrong; the first 200 octets are kept, for <c>queue show</c> and notices.</param>
/// <param name="IsUncertain">A dot went unanswered.</param>
internal readonly record struct Deferral(DateTimeOffset Due, Category Category, ushort Code, EnhancedCode Enhanced, string Text, bool IsUncertain)
{
    /// <summary>It was no attempt: the receiver asked us to slow down. Not written; the count that is written says it all.</summary>
    public bool IsUncounted { get; init; }
}
