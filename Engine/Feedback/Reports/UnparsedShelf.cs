using System.Globalization;
using System.Net;
using System.Text;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Feedback.Reports;

/// <summary>Keeps mail that nothing could be done with under <c>STATE/feedback/unparsed</c>, for a person to look at: <c>feedback.unparsed.keep</c> long, and within a bound of octets. Thread-safe.</summary>
/// <remarks>A file is a mail with a few fields in front that say how it came. Names begin with the time, so their order is that of age.</remarks>
/// <param name="current">How long; where.</param>
/// <param name="clock">For age.</param>
internal sealed class UnparsedShelf(CurrentSnapshot current, TimeProvider clock)
{
    /// <summary>Octets kept in all; beyond them the oldest go.</summary>
    public const long MaxOctets = 256L << 20;

    /// <summary>Mails kept at once; a directory with more is slow to read for people too.</summary>
    public const int MaxFiles = 20_000;

    private const int FrontLength = 4_096;
    private const string Pattern = "*.eml";

    // Of all clients together: a person reads these. It also bounds how often a thread waits for the disk here.
    private readonly ClientBudget _budget = new(rate: 2, burst: 200, clock);
    private readonly string _directory = Path.Join(current.Value.PathTo(current.Value.Options.State), "feedback", "unparsed");
    private readonly Lock _gate = new();
    private readonly Queue<(string File, DateTimeOffset Time, long Size)> _files = new();
    private bool _known;
    private long _octets;
    private int _number;

    /// <summary>Keeps a mail; when this returns it is on stable storage. With <c>keep</c> 0 nothing is kept, nor what comes too often: 200 at once, two a second for long.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Keep(InboundMail mail, in Mailbox to, string why)
    {
        var keep = current.Value.Options.Feedback.Unparsed.Keep;
        if (keep <= TimeSpan.Zero || !_budget.TryTake(IPAddress.None))
        {
            return;
        }

        var now = clock.GetUtcNow();
        var front = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"X-Feedback-Time: {now.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\r\nX-Feedback-To: {to}\r\nX-Feedback-From: {mail.Sender}\r\nX-Feedback-Why: {why}\r\nX-Feedback-Client: {mail.Client}\r\n"));
        lock (_gate)
        {
            Know();
            var file = Path.Join(_directory, string.Create(CultureInfo.InvariantCulture, $"{now.ToUnixTimeMilliseconds():D14}-{++_number % 1_000_000:D6}.eml"));
            Write(file, front, mail.Content.Span);
            var size = front.Length + mail.Content.Length;
            _files.Enqueue((file, now, size));
            _octets += size;
            Prune(now - keep);
        }
    }

    /// <summary>What is there, the newest first.</summary>
    /// <param name="limit">At most so many.</param>
    public IReadOnlyList<UnparsedMail> List(int limit)
    {
        (string File, DateTimeOffset Time, long Size)[] files;
        lock (_gate)
        {
            Know();
            Prune(clock.GetUtcNow() - current.Value.Options.Feedback.Unparsed.Keep);
            files = [.. _files];
        }

        return [.. files.Reverse().Take(limit).Select(Read).OfType<UnparsedMail>()];
    }

    /// <summary>Deletes what names an address, in any case.</summary>
    /// <returns>Mails deleted.</returns>
    public int Forget(in Mailbox address)
    {
        var wanted = Lower(address.Wire.ToArray());
        lock (_gate)
        {
            Know();
            var naming = _files.Where(file => File.Exists(file.File) && Lower(File.ReadAllBytes(file.File)).AsSpan().IndexOf(wanted) >= 0).Select(file => file.File).ToHashSet(StringComparer.Ordinal);
            foreach (var file in naming)
            {
                File.Delete(file);
            }

            // Gone files leave the line; their octets too.
            var kept = _files.Where(file => !naming.Contains(file.File)).ToArray();
            _files.Clear();
            _octets = 0;
            foreach (var file in kept)
            {
                _files.Enqueue(file);
                _octets += file.Size;
            }

            return naming.Count;
        }

        static byte[] Lower(byte[] octets)
        {
            for (var at = 0; at < octets.Length; at++)
            {
                octets[at] = octets[at] is >= (byte)'A' and <= (byte)'Z' ? (byte)(octets[at] | 0x20) : octets[at];
            }

            return octets;
        }
    }

    // Only the owner reads it: addresses of people stand in it.
    private void Write(string file, ReadOnlySpan<byte> front, ReadOnlySpan<byte> content)
    {
        var temporary = file + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(front);
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, file);
        DurableFile.SyncDirectory(_directory);
    }

    // On first use: what was there before a restart.
    private void Know()
    {
        if (_known)
        {
            return;
        }

        _ = Directory.CreateDirectory(_directory);
        foreach (var file in new DirectoryInfo(_directory).GetFiles(Pattern).OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            _files.Enqueue((file.FullName, TimeOf(file), file.Length));
            _octets += file.Length;
        }

        foreach (var unfinished in Directory.GetFiles(_directory, Pattern + ".new"))
        {
            File.Delete(unfinished);
        }

        _known = true;
    }

    private void Prune(DateTimeOffset before)
    {
        while (_files.TryPeek(out var oldest) && (oldest.Time <= before || _octets > MaxOctets || _files.Count > MaxFiles))
        {
            File.Delete(oldest.File);
            _octets -= oldest.Size;
            _ = _files.Dequeue();
        }
    }

    private static DateTimeOffset TimeOf(FileInfo file) =>
        file.Name.Length > 14 && long.TryParse(file.Name.AsSpan(0, 14), NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            ? DateTimeOffset.FromUnixTimeMilliseconds(time)
            : file.LastWriteTimeUtc;

    // Somebody may have removed it.
    private static UnparsedMail? Read((string File, DateTimeOffset Time, long Size) kept)
    {
        try
        {
            var front = new byte[FrontLength];
            using var stream = File.OpenRead(kept.File);
            var header = front.AsSpan(0, stream.ReadAtLeast(front, FrontLength, throwOnEndOfStream: false));
            return new UnparsedMail(
                kept.Time, Value(header, "X-Feedback-To"u8), Value(header, "X-Feedback-From"u8), Value(header, "X-Feedback-Why"u8), Value(header, "X-Feedback-Client"u8), kept.Size, kept.File);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Value(ReadOnlySpan<byte> header, ReadOnlySpan<byte> name) =>
        HeaderWalker.TryFind(header, name, out var field) ? Encoding.UTF8.GetString(field.Value.Trim(" \t\r\n"u8)) : string.Empty;
}
