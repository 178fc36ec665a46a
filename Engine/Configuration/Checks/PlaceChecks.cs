using System.Text;
using Engine.Configuration.Reading;

namespace Engine.Configuration.Checks;

/// <summary>Where mail and operators go: routes and the admin socket.</summary>
internal static class PlaceChecks
{
    /// <summary>Octets of a Unix socket's path: <c>sun_path</c> less its NUL.</summary>
    public const int MaxSocketLength = 107;

    public static void Run(Draft draft)
    {
        foreach (var (domain, route) in draft.Options.Routes.Where(route => route.Value is { Action: RouteAction.Send, Hosts.Count: 0 }))
        {
            draft.Report.Add(JsonPath.Root["routes"][domain]["hosts"], $"the action \"{Shapes.Spelling.Of(route.Action)}\" needs at least one host");
        }

        var socket = draft.Options.Admin.Socket;
        if (socket.Contains('\0', StringComparison.Ordinal) || socket.Length == 0)
        {
            return;
        }

        var length = Encoding.UTF8.GetByteCount(draft.PathTo(socket));
        if (length > MaxSocketLength)
        {
            draft.Report.Add(
                JsonPath.Root["admin"]["socket"],
                $"expected a path of at most {MaxSocketLength} octets, found {length}: {draft.PathTo(socket)}");
        }
    }
}
