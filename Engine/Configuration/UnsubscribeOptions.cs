using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>One-click unsubscribe (RFC 8058). Key <c>feedback.unsubscribe</c>; without it marketing mail gets only the mailto variant.</summary>
internal sealed record UnsubscribeOptions
{
    /// <summary>Where the endpoint listens, behind an HTTPS front of yours. Default <c>127.0.0.1:8026</c>. It is opened at the start: a change, and <c>unsubscribe</c> given or taken away, needs a restart.</summary>
    [Form(TextForm.Endpoint)]
    [NeedsRestart]
    public string Bind { get; init; } = "127.0.0.1:8026";

    /// <summary>What receivers call: an https URL; the token is put behind it as one path segment.</summary>
    [Required]
    public string Url { get; init; } = string.Empty;
}
