namespace Engine.Cli;

/// <summary>Where the process starts.</summary>
internal static class EntryPoint
{
    public static int Main() => 0;
}
