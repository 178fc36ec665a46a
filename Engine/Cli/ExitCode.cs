namespace Engine.Cli;

/// <summary>What the process ends with: sysexits.h.</summary>
internal static class ExitCode
{
    public const int Good = 0;

    /// <summary>Wrong words on the command line.</summary>
    public const int Usage = 64;

    /// <summary>Input that is no such thing, a demo or check that did not hold, a damaged spool.</summary>
    public const int BadData = 65;

    /// <summary>The daemon cannot be reached, or cannot do what was asked.</summary>
    public const int Unavailable = 69;

    /// <summary>Try again: for systemd, start again.</summary>
    public const int TryAgain = 75;

    /// <summary>The configuration is refused.</summary>
    public const int BadConfiguration = 78;
}
