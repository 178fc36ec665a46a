using Engine.Mail;

namespace Engine.Configuration.Providers;

/// <summary>Dispositions as the provider data, events and <c>classify --json</c> write them. cli.md.</summary>
internal static class DispositionWords
{
    public static string Of(Disposition disposition) => disposition switch
    {
        Disposition.Retry => "retry",
        Disposition.RetryOtherSource => "retry-other-source",
        Disposition.RetryOtherMx => "retry-other-mx",
        Disposition.RetryTls => "retry-tls",
        Disposition.Reconnect => "reconnect",
        Disposition.Split => "split",
        Disposition.Fail => "fail",
        _ => "suppress",
    };

    /// <summary>Reads one; what is none, and was reported where it was read, is <see cref="Disposition.Retry"/>.</summary>
    public static Disposition Parse(string text) => text switch
    {
        "retry-other-source" => Disposition.RetryOtherSource,
        "retry-other-mx" => Disposition.RetryOtherMx,
        "retry-tls" => Disposition.RetryTls,
        "reconnect" => Disposition.Reconnect,
        "split" => Disposition.Split,
        "fail" => Disposition.Fail,
        "suppress" => Disposition.Suppress,
        _ => Disposition.Retry,
    };
}
