using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Console;

namespace Engine.Cli;

/// <summary>Where log lines go: standard error, in systemd's form under systemd, one line each otherwise.</summary>
internal static class Logging
{
    public static void Configure(ILoggingBuilder builder) => Configure(builder, LogLevel.Information);

    public static void Configure(ILoggingBuilder builder, LogLevel least)
    {
        builder.SetMinimumLevel(least).AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        if (Environment.GetEnvironmentVariable("JOURNAL_STREAM") is null)
        {
            builder.AddSimpleConsole(options =>
            {
                options.SingleLine = true;
                options.UseUtcTimestamp = true;
                options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            });
        }
        else
        {
            builder.AddSystemdConsole();
        }
    }
}
