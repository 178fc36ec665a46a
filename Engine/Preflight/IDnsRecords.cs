using Engine.Dns;

namespace Engine.Preflight;

/// <summary>The DNS as a check sees it. A failure is an answer, never an exception. One check at a time.</summary>
internal interface IDnsRecords
{
    /// <param name="name">Any text; what is no name that mail uses does not exist.</param>
    /// <param name="type">Which records.</param>
    /// <param name="stop">Throws when cancelled.</param>
    ValueTask<DnsAnswer> AskAsync(string name, RecordType type, CancellationToken stop);
}
