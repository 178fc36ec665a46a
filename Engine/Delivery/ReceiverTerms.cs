using System.Collections.Concurrent;
using Engine.Configuration;
using Engine.Configuration.Providers;

namespace Engine.Delivery;

/// <summary>What receivers have told us to do differently, for a while: TLS, IPv4 only. Thread-safe; forgotten at a restart, and told again.</summary>
internal sealed class ReceiverTerms(TimeProvider clock)
{
    private readonly ConcurrentDictionary<(FlowOperation Operation, string Operator), DateTimeOffset> _until = new();

    /// <summary>Takes what a rule asks; other operations mean nothing here.</summary>
    public void Take(FlowAction action, string operatorId)
    {
        if (action.Operation is FlowOperation.RequireTls or FlowOperation.ForceIpv4 && operatorId.Length > 0)
        {
            _until[(action.Operation, operatorId)] = clock.GetUtcNow() + action.For;
        }
    }

    /// <summary>The policy towards a receiver: what is configured, unless it or the provider data asks for TLS.</summary>
    /// <param name="configured">Key <c>delivery.tls.policy</c>; <see cref="TlsPolicy.Off"/> is an order and stays.</param>
    /// <param name="provider">Of the provider data; null for none.</param>
    /// <param name="operatorId">The receiver.</param>
    public TlsPolicy TlsFor(TlsPolicy configured, Provider? provider, string operatorId) =>
        configured is TlsPolicy.Opportunistic && (provider?.Limits.Tls is TlsPolicy.Required || Holds(FlowOperation.RequireTls, operatorId))
            ? TlsPolicy.Required
            : configured;

    /// <summary>Whether only IPv4 is used.</summary>
    public bool IsIpv4Only(string operatorId) => Holds(FlowOperation.ForceIpv4, operatorId);

    private bool Holds(FlowOperation operation, string operatorId)
    {
        // Asked for each message. Not IsEmpty: of an empty dictionary that takes every lock.
        if (!_until.TryGetValue((operation, operatorId), out var until))
        {
            return false;
        }

        if (until > clock.GetUtcNow())
        {
            return true;
        }

        _until.TryRemove((operation, operatorId), out _);
        return false;
    }
}
