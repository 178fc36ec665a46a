using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Engine.Demo;

/// <summary>How a scripted receiver behaves. Faults that come "every n" count messages over all connections of the receiver; 0 is never.</summary>
internal sealed record ReceiverScript
{
    public string Hostname { get; init; } = "receiver.demo.test";

    public ReceiverOffers Offers { get; init; } =
        ReceiverOffers.Pipelining | ReceiverOffers.EightBitMime | ReceiverOffers.Size | ReceiverOffers.SmtpUtf8 | ReceiverOffers.EnhancedStatusCodes;

    /// <summary>For STARTTLS; without one it is not offered. Owned by the caller.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Octets of the largest message taken. Default 50 MiB.</summary>
    public long MaxSize { get; init; } = 50L << 20;

    /// <summary>How long the first sight of a sender and recipient must be ago before it is taken; null greylists nobody.</summary>
    public TimeSpan? Greylist { get; init; }

    /// <summary>Local parts that start so are refused with 550 5.1.1; null refuses none.</summary>
    public string? RefusedPrefix { get; init; }

    /// <summary>Share of recipients refused, from 0 to 1, always the same ones: a hash of the address decides.</summary>
    public double RefusedShare { get; init; }

    /// <summary>Header field that holds the number of a message in the ledger.</summary>
    public string NumberField { get; init; } = "X-Demo-Number";

    /// <summary>Wait before the answer to content.</summary>
    public TimeSpan ReplyDelay { get; init; }

    /// <summary>Messages taken on one connection; the next MAIL gets 421. 0 is no bound.</summary>
    public int MessagesPerConnection { get; init; }

    /// <summary>The content of every n-th message gets 451.</summary>
    public int DeferEvery { get; init; }

    /// <summary>Every n-th message is taken, but the connection breaks without an answer.</summary>
    public int DropEvery { get; init; }

    /// <summary>The connection breaks at the end of every n-th message, which is not taken.</summary>
    public int LoseEvery { get; init; }

    /// <summary>Takes messages and tells no ledger: for speed.</summary>
    public bool Forgets { get; init; }

    public bool Refuses(string recipient) =>
        (RefusedPrefix is not null && recipient.StartsWith(RefusedPrefix, StringComparison.OrdinalIgnoreCase))
        || (RefusedShare > 0 && Share(recipient) < RefusedShare);

    /// <summary>What happens to the n-th message.</summary>
    /// <param name="ordinal">Counted from 1.</param>
    public ContentFate FateOf(long ordinal) =>
        IsDue(LoseEvery, ordinal) ? ContentFate.Lose
        : IsDue(DropEvery, ordinal) ? ContentFate.Drop
        : IsDue(DeferEvery, ordinal) ? ContentFate.Defer
        : ContentFate.Take;

    private static bool IsDue(int every, long ordinal) => every > 0 && ordinal % every == 0;

    private static double Share(string recipient) => Fnv(Encoding.UTF8.GetBytes(recipient)) / (double)uint.MaxValue;

    // FNV-1a with a last mixing step: chance that is the same in every run.
    private static uint Fnv(ReadOnlySpan<byte> octets)
    {
        var hash = 2_166_136_261u;
        foreach (var octet in octets)
        {
            hash = (hash ^ octet) * 16_777_619u;
        }

        hash = (hash ^ (hash >> 16)) * 0x85EB_CA6Bu;
        return hash ^ (hash >> 13);
    }
}
