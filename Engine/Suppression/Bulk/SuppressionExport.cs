using System.Buffers;
using System.Globalization;
using System.Text;
using Engine.Configuration.Shapes;
using Engine.Mail;

namespace Engine.Suppression.Bulk;

/// <summary>Writes the list as comma-separated values with a heading, in a form that <see cref="SuppressionImport"/> takes. An entry whose address is not known has <c>digest:</c> and its digest, good wherever the key is the same.</summary>
internal sealed class SuppressionExport(SuppressionStore store, AccountNames names, TimeProvider clock)
{
    private const int ProgressEvery = 65_536;

    private static readonly IReadOnlyList<string> Kinds = Spelling.All(typeof(ScopeKind));

    private static readonly IReadOnlyList<string> Classes = Spelling.All(typeof(StreamClass));

    private static readonly IReadOnlyList<string> Reasons = Spelling.All(typeof(SuppressionReason));

    private static readonly IReadOnlyList<string> Origins = Spelling.All(typeof(SuppressionOrigin));

    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    /// <summary>Writes entries as they come; the order means nothing.</summary>
    /// <param name="target">UTF-8; left open.</param>
    /// <param name="filter">Which.</param>
    /// <param name="progress">Told now and then how many were written.</param>
    /// <param name="stop">Breaks off.</param>
    /// <returns>Entries written.</returns>
    public async Task<long> WriteAsync(Stream target, ExportFilter filter, Action<long>? progress, CancellationToken stop)
    {
        var writer = new StreamWriter(target, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 << 10, leaveOpen: true) { NewLine = "\r\n" };
        await using (writer.ConfigureAwait(false))
        {
            await writer.WriteLineAsync("address,scope,account,stream,class,reason,expires,added,origin").ConfigureAwait(false);
            var (count, now, line) = (0L, clock.GetUtcNow(), new StringBuilder());
            await foreach (var listed in store.ListAsync(stop).ConfigureAwait(false))
            {
                if (!filter.Takes(listed.Entry, now))
                {
                    continue;
                }

                Write(line.Clear(), listed);
                await writer.WriteLineAsync(line, stop).ConfigureAwait(false);
                if (++count % ProgressEvery == 0)
                {
                    progress?.Invoke(count);
                }
            }

            progress?.Invoke(count);
            return count;
        }
    }

    private void Write(StringBuilder line, in ListedEntry listed)
    {
        var entry = listed.Entry;
        var scope = entry.Scope;
        Field(line, listed.Address.Length > 0 ? listed.Address : Digest(entry.Address)).Append(',');
        line.Append(Kinds[(int)scope.Kind - 1]).Append(',');
        Field(line, scope.Kind is ScopeKind.Global ? string.Empty : names.AccountOf(scope.Key)).Append(',');
        Field(line, scope.Kind is ScopeKind.Stream ? names.StreamOf(scope.Key) : string.Empty).Append(',');
        line.Append(scope.Class is { } only ? Classes[(int)only] : string.Empty).Append(',');
        line.Append(Reasons[(int)entry.Reason]).Append(',');
        line.Append(CultureInfo.InvariantCulture, $"{entry.Expires:yyyy-MM-dd},{entry.Added:yyyy-MM-dd'T'HH:mm:ss'Z'},");
        line.Append(Origins[(int)entry.Origin]);
    }

    private static StringBuilder Field(StringBuilder line, string text) =>
        text.AsSpan().ContainsAny(Special) ? line.Append('"').Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"') : line.Append(text);

    private static string Digest(AddressDigest digest)
    {
        Span<byte> octets = stackalloc byte[AddressDigest.Length];
        digest.WriteTo(octets);
        return ImportRow.DigestPrefix + Convert.ToHexStringLower(octets);
    }
}
