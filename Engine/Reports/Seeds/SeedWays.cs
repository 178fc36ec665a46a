using System.Net;
using Engine.Configuration;
using Engine.Wire;

namespace Engine.Reports.Seeds;

/// <summary>How a seed's IMAP server is reached. Who composes says it.</summary>
internal sealed record SeedWays
{
    /// <summary>Which addresses may be connected to. A name that an operator wrote must lead to such; an address that he wrote may be any but our own listeners'.</summary>
    public required Func<AddressRule> Rule { get; init; }

    /// <summary>Whose certificates are good.</summary>
    public required Func<TrustedRoots> Roots { get; init; }

    /// <summary>Addresses of a host; empty for none.</summary>
    public required Func<string, CancellationToken, ValueTask<IReadOnlyList<IPAddress>>> ResolveAsync { get; init; }

    /// <summary>The password, read now; null when the file holds none or is gone.</summary>
    public required Func<SeedOptions, string?> Password { get; init; }
}
