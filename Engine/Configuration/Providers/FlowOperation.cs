using Engine.Configuration.Shapes;

namespace Engine.Configuration.Providers;

/// <summary>What a rule does to the flow of its scope.</summary>
internal enum FlowOperation : byte
{
    /// <summary>No new mail for the scope: <c>pause</c>.</summary>
    [Spelled("pause")]
    Pause,

    /// <summary>Multiplies the rate allowed now: <c>scale_rate</c>.</summary>
    [Spelled("scale_rate")]
    ScaleRate,

    /// <summary>Multiplies the connections allowed now: <c>scale_conns</c>.</summary>
    [Spelled("scale_conns")]
    ScaleConnections,

    /// <summary>Recipients per minute: <c>set_rate_per_min</c>.</summary>
    [Spelled("set_rate_per_min")]
    SetRatePerMinute,

    /// <summary>Connections at once: <c>set_conns</c>.</summary>
    [Spelled("set_conns")]
    SetConnections,

    /// <summary>Messages on one connection: <c>set_msgs_per_conn</c>.</summary>
    [Spelled("set_msgs_per_conn")]
    SetMessagesPerConnection,

    /// <summary>Learns the messages sent on this connection, less one, as the bound: <c>cap_msgs_per_conn</c>.</summary>
    [Spelled("cap_msgs_per_conn")]
    LearnMessagesPerConnection,

    /// <summary>After the pause one connection, one more for each good period, the pause again on failure: <c>single_conn_recover</c>.</summary>
    [Spelled("single_conn_recover")]
    SingleConnectionRecovery,

    /// <summary>TLS from now on: <c>require_tls</c>.</summary>
    [Spelled("require_tls")]
    RequireTls,

    /// <summary>IPv4 only: <c>force_ipv4</c>.</summary>
    [Spelled("force_ipv4")]
    ForceIpv4,

    /// <summary>The reply names a block list: look there now: <c>recheck_dnsbl</c>.</summary>
    [Spelled("recheck_dnsbl")]
    RecheckBlocklists,
}
