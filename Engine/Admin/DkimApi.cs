using System.Text.Json.Nodes;
using Engine.Configuration.Shapes;
using Engine.Daemon;
using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Mail;
using Engine.Preflight.Rotation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>/v1/dkim</c>: how signing keys stand, and operators' orders about them.</summary>
internal sealed class DkimApi
{
    private readonly EngineHost _host;

    private DkimApi(EngineHost host) => _host = host;

    private RotationDesk Desk => _host.Parts.Keys.Desk;

    public static void Map(IEndpointRouteBuilder routes, EngineHost host)
    {
        var api = new DkimApi(host);
        routes.MapGet("/v1/dkim", (string? domain) => api.List(domain));
        routes.MapPost("/v1/dkim/rotate", (RotationRequest request, CancellationToken stop) => api.RotateAsync(request, stop));
    }

    private static DomainName DomainOf(string? text) => DomainName.TryParse(text, out var domain) ? domain : throw new BadRequestException($"'{text}' is not a domain name");

    private static RotationOrder OrderOf(RotationRequest request)
    {
        var domain = DomainOf(request.Domain);
        if (request.Selector is { } selector && (!DomainName.TryParse(selector, out _) || selector.Contains('.', StringComparison.Ordinal)))
        {
            throw new BadRequestException($"'{selector}' cannot be a selector here: letters, digits and hyphens are expected");
        }

        if (request.Emergency && string.IsNullOrWhiteSpace(request.Reason))
        {
            throw new BadRequestException("an emergency wants a reason: --reason TEXT");
        }

        if ((request.Revoke is not null && !request.Emergency) || (request.Switch && request.Emergency))
        {
            throw new BadRequestException("--revoke goes with --emergency, and --switch without it");
        }

        return new RotationOrder(domain, request.Reason ?? "ordered by an operator")
        {
            IsEmergency = request.Emergency,
            Revoke = request.Revoke,
            Selector = request.Selector,
            SwitchNow = request.Switch,
            Kind = request.Type is not { } type ? null : Enum.TryParse<KeyKind>(type, ignoreCase: true, out var kind) ? kind : throw new BadRequestException($"'{type}' is no kind of key"),
        };
    }

    private JsonArray List(string? domain)
    {
        var folder = new KeyFolder(_host.Snapshot);
        IEnumerable<DomainName> domains = domain is not null ? [DomainOf(domain)] : Desk.Book.Domains.Keys.Concat(folder.Domains().Keys).Distinct().OrderBy(static one => one.Name, StringComparer.Ordinal);
        return new JsonArray([.. domains.SelectMany(one => Rows(Desk.Look(one), folder)).Concat(Written(domain))]);
    }

    // Keys that engine.json names: they are shown, not rotated.
    private IEnumerable<JsonNode> Written(string? domain) =>
        from key in _host.Snapshot.Options.Domains.SelectMany(static entry => entry.Value.Dkim.Select(key => (Domain: entry.Key, key.Selector)))
            .Concat(_host.Snapshot.Options.Dkim.Also.Select(static key => (key.Domain, key.Selector)))
        where domain is null || key.Domain == domain
        where !DomainName.TryParse(key.Domain, out var name) || Desk.Book.Of(name).Find(key.Selector) is null
        select (JsonNode)new JsonObject { ["domain"] = key.Domain, ["selector"] = key.Selector, ["standing"] = "signing", ["reason"] = "written in engine.json: not rotated" };

    private static IEnumerable<JsonNode> Rows(DomainRotation rotation, KeyFolder folder) => rotation.Keys.Select(key => (JsonNode)new JsonObject
    {
        ["domain"] = rotation.Domain.Name,
        ["selector"] = key.Selector,
        ["type"] = key.KeyType,
        ["standing"] = key.IsSpare ? "spare" : Spelling.Of(key.Standing),
        ["since"] = key.Since,
        ["seen"] = key.Seen,
        ["missing"] = key.Missing.Length == 0 ? null : key.Missing,
        ["reason"] = key.Reason.Length == 0 ? null : key.Reason,
        ["name"] = DkimRecord.NameOf(key.Selector, rotation.Domain),
        ["record"] = key.Standing is KeyStanding.Next or KeyStanding.Signing or KeyStanding.Retiring && folder.Has(rotation.Domain, key.Selector)
            ? folder.RecordOf(rotation.Domain, key.Selector, out _)?.Text
            : null,
    });

    private async Task<JsonObject> RotateAsync(RotationRequest request, CancellationToken stop)
    {
        var order = OrderOf(request);
        try
        {
            if (request.DryRun)
            {
                var outlook = Desk.Preview(order);
                return Answer(outlook.Rotation, outlook.Waits, outlook.Remark);
            }

            Tell(order, request.Reason);
            return Answer(await Desk.OrderAsync(order, stop).ConfigureAwait(false), Desk.Waits(order.Domain), null);
        }
        catch (RotationRefusedException refusal) when (order.IsEmergency)
        {
            // What was revoked stays so: the operator sees both.
            return Answer(Desk.Look(order.Domain), Desk.Waits(order.Domain), refusal.Message);
        }
        catch (RotationRefusedException refusal)
        {
            throw new BadRequestException(refusal.Message);
        }
    }

    private JsonObject Answer(DomainRotation rotation, bool waits, string? fault) => new()
    {
        ["domain"] = rotation.Domain.Name,
        ["withheld"] = waits,
        ["fault"] = fault,
        ["keys"] = new JsonArray([.. Rows(rotation, new KeyFolder(_host.Snapshot))]),
    };

    private void Tell(RotationOrder order, string? reason) => _host.Events.TellAdmin(
        TimeProvider.System.GetUtcNow(),
        order.IsEmergency ? "dkim rotate --emergency" : order.SwitchNow ? "dkim rotate --switch" : "dkim rotate",
        order.Revoke is { } selector ? $"{order.Domain.Name} {selector}" : order.Domain.Name,
        reason);
}
