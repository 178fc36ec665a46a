using Engine.Wire;

namespace Engine.Delivery;

/// <summary>A connect fault in an operator's words.</summary>
internal static class ConnectWords
{
    public static string Of(ConnectFault fault) => fault switch
    {
        ConnectFault.Refused => "connection refused",
        ConnectFault.TimedOut => "connection timed out",
        ConnectFault.Forbidden => "not a global address; delivery.allowAddresses does not name it",
        ConnectFault.NoSource => "the source address is not on this host",
        ConnectFault.Proxy => "the proxy of the source cannot be reached",
        ConnectFault.Exhausted => "no socket, port or permission left on this host",
        _ => "network unreachable",
    };
}
