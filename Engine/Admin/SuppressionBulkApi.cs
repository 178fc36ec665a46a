using System.Globalization;
using System.Text.Json.Nodes;
using Engine.Configuration.Shapes;
using Engine.Daemon;
using Engine.Mail;
using Engine.Suppression;
using Engine.Suppression.Bulk;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>/v1/suppressions/ls export import stats</c> and <c>/v1/forget</c>: the whole list, and what is known of one address.</summary>
internal static class SuppressionBulkApi
{
    private const int DefaultRows = 100;
    private const int MaxRows = 100_000;
    private const int ToldFaults = 100;

    public static void Map(IEndpointRouteBuilder routes, EngineHost host)
    {
        routes.MapGet("/v1/suppressions/stats", () => Stats(host));
        routes.MapPost("/v1/suppressions/ls", (SuppressionSelection selection, CancellationToken stop) => ListAsync(host, selection, stop));
        routes.MapPost("/v1/suppressions/export", (HttpContext context, SuppressionSelection selection) => ExportAsync(context, host, selection));
        routes.MapPost("/v1/suppressions/import", (HttpContext context, string? scope, string? account, string? stream, string? expires, string? reason) => ImportAsync(context, host, scope, account, stream, expires, reason));
        routes.MapPost("/v1/forget", (SuppressionRequest request) => ForgetAsync(host, request));
    }

    private static JsonObject Stats(EngineHost host)
    {
        var figures = host.Parts.Suppressions.Figures();
        return new JsonObject
        {
            ["entries"] = figures.Entries,
            ["recent"] = figures.Recent,
            ["runs"] = figures.Runs,
            ["runOctets"] = figures.RunOctets,
            ["journalOctets"] = figures.JournalOctets,
            ["memory"] = figures.Memory,
            ["scopes"] = figures.Scopes,
            ["key"] = figures.Key.ToString("x16", CultureInfo.InvariantCulture),
        };
    }

    private static async Task<JsonArray> ListAsync(EngineHost host, SuppressionSelection selection, CancellationToken stop)
    {
        var limit = selection.Limit is null or (> 0 and <= MaxRows) ? selection.Limit ?? DefaultRows : throw new BadRequestException($"limit: from 1 to {MaxRows}");
        var (names, filter, now) = (new AccountNames(host.Snapshot), FilterOf(host, selection), TimeProvider.System.GetUtcNow());
        var rows = new JsonArray();
        await foreach (var listed in host.Parts.Suppressions.ListAsync(stop).ConfigureAwait(false))
        {
            if (filter.Takes(listed.Entry, now))
            {
                rows.Add(RowOf(listed, names));
            }

            if (rows.Count == limit)
            {
                break;
            }
        }

        return rows;
    }

    private static JsonObject RowOf(in ListedEntry listed, AccountNames names)
    {
        var entry = listed.Entry;
        return new JsonObject
        {
            ["address"] = listed.Address,
            ["scope"] = Spelling.Of(entry.Scope.Kind),
            ["account"] = entry.Scope.Kind is ScopeKind.Global ? null : names.AccountOf(entry.Scope.Key),
            ["stream"] = entry.Scope.Kind is ScopeKind.Stream ? names.StreamOf(entry.Scope.Key) : null,
            ["class"] = entry.Scope.Class is { } only ? Spelling.Of(only) : null,
            ["reason"] = Spelling.Of(entry.Reason),
            ["origin"] = Spelling.Of(entry.Origin),
            ["added"] = entry.Added,
            ["expires"] = entry.Expires,
        };
    }

    private static async Task ExportAsync(HttpContext context, EngineHost host, SuppressionSelection selection)
    {
        var filter = FilterOf(host, selection);
        LongTransfer.Begin(context);
        context.Response.ContentType = "text/csv; charset=utf-8";
        await new SuppressionExport(host.Parts.Suppressions, new AccountNames(host.Snapshot), TimeProvider.System).WriteAsync(context.Response.Body, filter, progress: null, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<JsonObject> ImportAsync(HttpContext context, EngineHost host, string? scope, string? account, string? stream, string? expires, string? reason)
    {
        LongTransfer.Begin(context);
        if (context.Features.Get<IHttpBodyControlFeature>() is { } body)
        {
            // Lines are read one after the other, on a thread of its own: imports are rare and long.
            body.AllowSynchronousIO = true;
        }

        var preset = new ImportPreset(SuppressionScopes.Read(host.Snapshot, scope, account, stream, null), SuppressionReason.Manual, expires is null ? null : SelectorReader.SpanOf("expires", expires));
        var faults = new JsonArray();
        var import = new SuppressionImport(host.Parts.Suppressions, new AccountNames(host.Snapshot), preset, TimeProvider.System);

        var progress = await Task.Run(() => import.RunAsync(context.Request.Body, Note, progress: null, context.RequestAborted)).ConfigureAwait(false);
        var now = TimeProvider.System.GetUtcNow();
        host.Events.Write(new Event { Kind = EventKind.SuppressionAdded, Time = now, RecipientIndex = -1, Account = account, Stream = stream, Who = AdminEvents.Operator, Rule = "import", Count = progress.Added, Reason = reason });
        host.Events.TellAdmin(now, "suppress import", null, reason, progress.Added);
        return new JsonObject
        {
            ["records"] = progress.Records,
            ["added"] = progress.Added,
            ["known"] = progress.Known,
            ["expired"] = progress.Expired,
            ["refused"] = progress.Faults,
            ["faults"] = faults,
        };

        void Note(ImportFault fault)
        {
            if (faults.Count < ToldFaults)
            {
                faults.Add(new JsonObject { ["line"] = fault.Line, ["reason"] = fault.Reason });
            }
        }
    }

    // The digests stay: who said no must not get mail because he asked to be forgotten.
    private static async Task<JsonObject> ForgetAsync(EngineHost host, SuppressionRequest request)
    {
        var address = SuppressionApi.AddressOf(request.Address);
        var list = host.Parts.Suppressions;
        await list.ForgetAsync(list.DigestOf(address)).ConfigureAwait(false);
        var mails = host.Parts.Inbound.Shelf.Forget(address);
        host.Events.TellAdmin(TimeProvider.System.GetUtcNow(), "forget", null, request.Reason, mails);
        return new JsonObject { ["address"] = address.ToString(), ["mails"] = mails, ["events"] = $"stay for events.keep ({host.Snapshot.Options.Events.Keep.TotalDays:0} d)" };
    }

    private static ExportFilter FilterOf(EngineHost host, SuppressionSelection selection)
    {
        var key = default(StreamKey);
        if (selection.Account is { } account && new AccountNames(host.Snapshot).Find(account, selection.Stream ?? string.Empty, out key) is { } fault)
        {
            throw new BadRequestException(fault);
        }

        return new ExportFilter(
            Named<ScopeKind>("scope", selection.Scope),
            selection.Account is null ? null : key.Account,
            selection.Stream is null ? null : key.Stream,
            Named<SuppressionReason>("reason", selection.Reason),
            selection.Expired);
    }

    private static T? Named<T>(string name, string? text)
        where T : struct, Enum =>
        text is null ? null
        : Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value
        : throw new BadRequestException($"{name} '{text}': say one of {string.Join(", ", Spelling.All(typeof(T)))}");
}
