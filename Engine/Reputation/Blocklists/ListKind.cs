namespace Engine.Reputation.Blocklists;

/// <summary>What a list is asked about. A zone of several kinds is several lists: each is tested, and trusted, by itself.</summary>
internal enum ListKind : byte
{
    Ip4,
    Ip6,
    Domain,
}
