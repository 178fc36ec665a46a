namespace Engine.Cli;

/// <summary>Ends a verb with a message and an exit code; caught once, where the command line is run.</summary>
/// <param name="code">Of <see cref="ExitCode"/>.</param>
/// <param name="message">One sentence: what is wrong and where.</param>
internal sealed class CliError(int code, string message) : Exception(message)
{
    public int Code { get; } = code;
}
