using System.Diagnostics.CodeAnalysis;

namespace Engine.Wire;

/// <summary>What connecting brought: a connection, which is the caller's, or a fault.</summary>
internal readonly record struct ConnectResult(Connection? Connection, ConnectFault Fault)
{
    [MemberNotNullWhen(true, nameof(Connection))]
    public bool IsConnected => Connection is not null;

    /// <summary>True when nobody but this host is to blame: no attempt counts. architecture.md §1 rule 8.</summary>
    public bool IsLocal => Fault is ConnectFault.NoSource or ConnectFault.Exhausted or ConnectFault.Proxy;
}
