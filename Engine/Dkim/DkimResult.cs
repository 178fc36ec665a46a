using Engine.Mail;

namespace Engine.Dkim;

/// <summary>What became of one signature.</summary>
/// <param name="Identity">d= and s=; empty strings when they could not be read.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Reason">Why it did not pass; empty for a pass.</param>
internal sealed record DkimResult(DkimIdentity Identity, DkimVerdict Verdict, string Reason)
{
    /// <summary>It passed, but l= leaves the end of the body unsigned: anybody may have added to it.</summary>
    public bool IsPartial { get; init; }
}
