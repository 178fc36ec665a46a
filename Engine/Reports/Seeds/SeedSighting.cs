namespace Engine.Reports.Seeds;

/// <summary>A probe as it lies in the mailbox.</summary>
/// <param name="Place">Inbox or spam.</param>
/// <param name="Arrived">INTERNALDATE; null when the server's is none.</param>
/// <param name="Header">Its header block, as the receiver has it.</param>
internal sealed record SeedSighting(SeedPlace Place, DateTimeOffset? Arrived, byte[] Header);
