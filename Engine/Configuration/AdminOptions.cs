using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>How operators reach the daemon. Key <c>admin</c>.</summary>
internal sealed record AdminOptions
{
    /// <summary>Unix socket, mode 0660. Default <c>/run/engine/admin.sock</c>. A change needs a restart.</summary>
    [NeedsRestart]
    [Form(TextForm.Path)]
    public string Socket { get; init; } = "/run/engine/admin.sock";
}
