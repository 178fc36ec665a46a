using System.Text.Json.Nodes;
using Engine.Daemon;
using Engine.Feedback;
using Engine.Mail;
using Engine.Suppression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>/v1/suppressions</c>: who gets no mail, asked and changed by operators.</summary>
internal static class SuppressionApi
{
    public static void Map(IEndpointRouteBuilder routes, EngineHost host)
    {
        routes.MapGet("/v1/suppressions/check", (string? address, string? account, CancellationToken stop) => CheckAsync(host, address, account, stop));
        routes.MapPost("/v1/suppressions", (SuppressionRequest request, CancellationToken stop) => AddAsync(host, request, stop));
        routes.MapPost("/v1/suppressions/rm", (SuppressionRequest request, CancellationToken stop) => RemoveAsync(host, request, stop));
    }

    private static async Task<JsonArray> CheckAsync(EngineHost host, string? address, string? account, CancellationToken stop)
    {
        var list = host.Parts.Suppressions;
        var digest = list.DigestOf(AddressOf(address));
        var now = TimeProvider.System.GetUtcNow();
        var rows = new JsonArray();
        foreach (var (name, scope) in SuppressionScopes.Of(host.Snapshot, account))
        {
            if (await list.LookAsync(digest, scope, stop).ConfigureAwait(false) is { } entry)
            {
                rows.Add(Row(name, entry, now));
            }
        }

        return rows;
    }

    private static JsonObject Row(string scope, in SuppressionEntry entry, DateTimeOffset now) => new JsonObject
    {
        ["scope"] = scope,
        ["reason"] = entry.Reason.ToString().ToLowerInvariant(),
        ["origin"] = entry.Origin.ToString().ToLowerInvariant(),
        ["added"] = entry.Added,
        ["expires"] = entry.Expires,
        ["suppresses"] = entry.Reason is not SuppressionReason.Warning && !(entry.Expires <= now),
        ["count"] = entry.Reason is SuppressionReason.Warning ? entry.Count : null,
    };

    private static async Task<JsonObject> AddAsync(EngineHost host, SuppressionRequest request, CancellationToken stop)
    {
        var (list, now, address) = (host.Parts.Suppressions, TimeProvider.System.GetUtcNow(), AddressOf(request.Address));
        var scope = SuppressionScopes.Read(host.Snapshot, request.Scope, request.Account, request.Stream, request.Class);
        var lasts = request.Expires is { } text ? SelectorReader.SpanOf("expires", text) : default(TimeSpan?);
        var entry = new SuppressionEntry(list.DigestOf(address), scope, SuppressionReason.Manual, SuppressionOrigin.Operator, now, now + lasts);
        var added = await list.AddAsync(entry, address, stop).ConfigureAwait(false);
        if (added)
        {
            host.Events.Write(SuppressionEvents.Added(entry, Cause(request, address), now));
            host.Events.TellAdmin(now, "suppress add", address.ToString(), request.Reason, count: 1);
        }

        return new JsonObject { ["address"] = address.ToString(), ["added"] = added };
    }

    private static async Task<JsonObject> RemoveAsync(EngineHost host, SuppressionRequest request, CancellationToken stop)
    {
        var (list, now, address) = (host.Parts.Suppressions, TimeProvider.System.GetUtcNow(), AddressOf(request.Address));
        var digest = list.DigestOf(address);
        var scopes = request is { Scope: "all" }
            ? SuppressionScopes.Of(host.Snapshot, request.Account).Select(one => one.Scope)
            : [SuppressionScopes.Read(host.Snapshot, request.Scope, request.Account, request.Stream, request.Class)];
        var removed = 0;
        foreach (var scope in scopes)
        {
            if (await list.RemoveAsync(digest, scope, stop).ConfigureAwait(false))
            {
                removed++;
                host.Events.Write(SuppressionEvents.Removed(scope, Cause(request, address), now));
            }
        }

        if (removed > 0)
        {
            host.Events.TellAdmin(now, "suppress rm", address.ToString(), request.Reason, removed);
        }

        return new JsonObject { ["address"] = address.ToString(), ["removed"] = removed };
    }

    internal static Mailbox AddressOf(string? text) =>
        text is not null && Mailbox.TryParse(System.Text.Encoding.UTF8.GetBytes(text.Trim()), allowUtf8: true, out var address)
            ? address
            : throw new BadRequestException($"'{text}' is not an address");

    private static Event Cause(SuppressionRequest request, Mailbox address) => new()
    {
        Kind = EventKind.Admin,
        RecipientIndex = -1,
        To = address.Wire,
        Domain = address.Domain.Name,
        Account = request.Account,
        Stream = request.Stream,
        Who = AdminEvents.Operator,
        Reason = request.Reason,
    };
}
