using System.Security.Cryptography;
using Engine.Dkim;
using Engine.Dns;
using Engine.Mail;

namespace Engine.Preflight;

/// <summary>Whether the key record of each key that signs is there and is that key's. RFC 6376 §3.6.</summary>
/// <param name="dns">Answers questions.</param>
internal sealed class DkimCheck(IDnsRecords dns)
{
    // RFC 8301 §3.2: signers should use at least 2048.
    private const int AdvisedBits = 2_048;

    /// <returns>Findings, and the d= of keys whose record is good.</returns>
    public async ValueTask<(IReadOnlyList<DomainFinding> Findings, IReadOnlyList<DomainName> Good)> RunAsync(DomainSubject subject, CancellationToken stop)
    {
        var findings = new List<DomainFinding>();
        if (subject.KeyFault is { } fault)
        {
            findings.Add(new DomainFinding(CheckTopic.Dkim, FindingState.Wrong, subject.Domain.Name, $"its mail is not taken (451) or waits: {fault}")
            {
                Wanted = $"a key that may sign: 'engine dkim ls {subject.Domain}' says how its keys stand",
                IsRequired = true,
            });
        }
        else if (subject.Keys.Count == 0)
        {
            return ([new DomainFinding(CheckTopic.Dkim, FindingState.Advice, subject.Domain.Name, "no key signs its mail")
            {
                Wanted = $"a key: 'engine dkim generate {subject.Domain}'",
            }], []);
        }

        var good = new List<DomainName>();
        foreach (var key in subject.Keys)
        {
            var finding = await JudgeAsync(key, stop).ConfigureAwait(false);

            // A key of the platform's own is not this domain's fault: it is told, and holds nobody.
            var isOwn = key.Domain == subject.Domain || key.Domain.IsBelow(subject.Domain) || subject.Domain.IsBelow(key.Domain);
            findings.Add(isOwn ? finding with { IsRequired = true } : finding.State is FindingState.Wrong ? finding with { State = FindingState.Advice } : finding);
            if (finding.State is FindingState.Good || (finding.State is FindingState.Advice && finding.Publish is null))
            {
                good.Add(key.Domain);
            }
        }

        return (findings, good);
    }

    /// <summary>Whether a record's key is the public half of this one. RSA stands there as SubjectPublicKeyInfo, or, as RFC 6376 §3.6.1 first had it, as RSAPublicKey.</summary>
    public static bool IsSameKey(SigningKey key, DkimRecord record)
    {
        var own = key.ExportPublicKey();
        if (own.AsSpan().SequenceEqual(record.PublicKey))
        {
            return true;
        }

        if (key is not RsaSigningKey)
        {
            return false;
        }

        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(own, out _);
        return rsa.ExportRSAPublicKey().AsSpan().SequenceEqual(record.PublicKey);
    }

    private async ValueTask<DomainFinding> JudgeAsync(SigningKey key, CancellationToken stop)
    {
        var name = DkimRecord.NameOf(key.Selector, key.Domain);
        var answer = await dns.AskAsync(name, RecordType.Txt, stop).ConfigureAwait(false);
        var texts = answer.Records.OfType<DnsRecord.Text>().Select(record => record.Value).ToArray();
        if (answer.Status is LookupStatus.Failed)
        {
            return new DomainFinding(CheckTopic.Dkim, FindingState.Unknown, name, "no answer");
        }

        DkimRecord? record = null;
        var fault = texts.Length switch
        {
            0 => "no key record",
            > 1 => $"{texts.Length} records: receivers may take any of them",
            _ => DkimRecord.TryParse(texts[0], out record, out var unread) ? FaultOf(key, record) : unread,
        };
        return fault is null
            ? Remark(key, name, record!)
            : new DomainFinding(CheckTopic.Dkim, FindingState.Wrong, name, fault)
            {
                Wanted = "one record with the public half of the key that signs",
                Publish = DkimRecord.For(key).ToZone(key.Selector, key.Domain).TrimEnd(),
            };
    }

    private static string? FaultOf(SigningKey key, DkimRecord record) =>
        record.PublicKey.Length == 0 ? "the key is revoked: its p= is empty"
        : record.KeyType != key.KeyType ? $"k={record.KeyType}, but the key that signs is {key.KeyType}"
        : !IsSameKey(key, record) ? "another key: its public half is not that of the key that signs"
        : !record.AllowsSha256 ? "h= does not allow sha256"
        : !record.AllowsEmail ? "s= does not allow email"
        : null;

    private static DomainFinding Remark(SigningKey key, string name, DkimRecord record)
    {
        var bits = (key as RsaSigningKey)?.Bits;
        var remark = record.IsTesting ? "matches, but t=y says that it is a test: some receivers take its mail for unsigned"
            : bits < AdvisedBits ? $"matches, but the key has {bits} bits"
            : null;
        return remark is null
            ? new DomainFinding(CheckTopic.Dkim, FindingState.Good, name, $"matches ({key.KeyType}{(bits is null ? string.Empty : $" {bits}")}{(record.IsStrict ? ", t=s" : string.Empty)})")
            : new DomainFinding(CheckTopic.Dkim, FindingState.Advice, name, remark) { Wanted = record.IsTesting ? "the record without t=y" : $"a key of at least {AdvisedBits} bits" };
    }
}
