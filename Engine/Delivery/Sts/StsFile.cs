using System.Buffers;
using System.Globalization;
using System.Text;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Delivery.Sts;

/// <summary>
/// Policies on disk, so that a restart forgets none: a line each, with a checksum of its own. Replaced as a whole, so a crash leaves the old or the new
/// one. A line that is damaged is left out. One caller at a time.
/// </summary>
/// <remarks><c>CRC-32C domain id fetched(Unix s) max_age(s) mode pattern…</c>, single spaces, LF.</remarks>
/// <param name="path">Under the state directory.</param>
internal sealed class StsFile(string path)
{
    private const int FixedFields = 6;

    /// <summary>Beyond it nothing is read: the file is not ours.</summary>
    private const long MaxLength = 256L * 1_024 * 1_024;

    /// <exception cref="IOException">The old content stays.</exception>
    public void Save(IReadOnlyList<StsEntry> entries)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var entry in entries)
        {
            var line = Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"{entry.Domain} {entry.Id} {entry.Fetched.ToUnixTimeSeconds()} {entry.Policy.MaxAge.TotalSeconds:0} {entry.Policy.Word}{string.Concat(entry.Policy.Patterns.Select(static pattern => " " + pattern))}"));
            buffer.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Crc32C.Of(line):x8} ")));
            buffer.Write(line);
            buffer.Write("\n"u8);
        }

        DurableFile.Replace(path, buffer.WrittenSpan);
    }

    /// <summary>What is there and whole; nothing when there is no file.</summary>
    /// <param name="now">What is said to be fetched after that counts as fetched then: a clock set back must not forget policies, nor make them hold for ever.</param>
    /// <param name="damaged">Lines left out.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public IReadOnlyList<StsEntry> Load(DateTimeOffset now, out int damaged)
    {
        damaged = 0;
        if (!File.Exists(path))
        {
            return [];
        }

        if (new FileInfo(path).Length > MaxLength)
        {
            throw new IOException($"{path} is longer than {MaxLength} octets");
        }

        var entries = new List<StsEntry>();
        foreach (var line in File.ReadLines(path, Encoding.Latin1))
        {
            if (Read(line, now) is { } entry)
            {
                entries.Add(entry);
            }
            else
            {
                damaged++;
            }
        }

        return entries;
    }

    private static StsEntry? Read(string line, DateTimeOffset now)
    {
        var fields = line.Split(' ');
        if (fields.Length < FixedFields
            || !uint.TryParse(fields[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var checksum)
            || Crc32C.Of(Encoding.Latin1.GetBytes(line[(fields[0].Length + 1)..])) != checksum
            || !DomainName.TryParse(fields[1], out var domain)
            || !long.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var fetched))
        {
            return null;
        }

        // Read again as it was read first: what a policy may be stands in one place.
        var text = $"version: STSv1\nmode: {fields[5]}\nmax_age: {fields[4]}\n{string.Concat(fields.Skip(FixedFields).Select(static pattern => $"mx: {pattern}\n"))}";
        return StsPolicyReader.Read(Encoding.Latin1.GetBytes(text), out _) is { } policy ? new StsEntry(domain, fields[2], policy, DateTimeOffset.FromUnixTimeSeconds(Math.Min(fetched, now.ToUnixTimeSeconds()))) : null;
    }
}
