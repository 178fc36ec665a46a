using Engine.Queue.Transfer;

namespace Engine.Cli;

/// <summary>Reads an export from end to end before anything relies on it.</summary>
internal static class TransferCheck
{
    /// <exception cref="CliError">It is not there.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.Read, BufferSize = 1 << 20, Options = FileOptions.SequentialScan | FileOptions.Asynchronous });
        }
        catch (IOException fault)
        {
            throw new CliError(ExitCode.BadData, fault.Message);
        }
    }

    /// <param name="file">At the beginning.</param>
    /// <param name="each">Told of every message.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="CliError">It is not whole.</exception>
    public static async Task<TransferManifest> RunAsync(Stream file, Func<TransferredMessage, ValueTask> each, CancellationToken stop)
    {
        var reader = new TransferReader(file);
        try
        {
            await foreach (var arrived in reader.ReadAsync(stop).ConfigureAwait(false))
            {
                using (arrived)
                {
                    await each(arrived.Message).ConfigureAwait(false);
                }
            }
        }
        catch (TransferDamagedException fault)
        {
            throw new CliError(ExitCode.BadData, fault.Message);
        }

        return reader.Manifest!;
    }
}
