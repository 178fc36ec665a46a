using System.Diagnostics;
using Engine.Classification;
using Engine.Configuration.Providers;
using Engine.Mail;

namespace Benchmarks.Classification;

/// <summary><c>classify [FILE.tsv …]</c>: replies judged on one core. Without files the samples of the provider data; files have columns provider and reply or text.</summary>
internal static class ClassifyLoad
{
    private const int Rounds = 8;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(3);

    public static int Run(string[] files)
    {
        var loading = Stopwatch.StartNew();
        var book = ProviderBook.Shipped;
        var loaded = loading.Elapsed;
        var classifier = new ReplyClassifier(book);
        var replies = files.Length == 0 ? Samples(book) : [.. files.SelectMany(file => Read(file, book))];
        Console.WriteLine($"data loaded in {loaded.TotalMilliseconds:0} ms, first classifier after {(loading.Elapsed - loaded).TotalMilliseconds:0} ms; {replies.Count} replies");
        for (var round = 0; round < Rounds; round++)
        {
            Round(classifier, replies);
        }

        return 0;
    }

    private static void Round(ReplyClassifier classifier, List<(string? Provider, RawReply Reply)> replies)
    {
        var (count, watch) = (0L, Stopwatch.StartNew());
        var (octets, cpu) = (GC.GetAllocatedBytesForCurrentThread(), Environment.CpuUsage.TotalTime);
        while (watch.Elapsed < Length)
        {
            foreach (var (provider, reply) in replies)
            {
                classifier.JudgeReply(provider, reply.Code, reply.Enhanced, reply.Text, SmtpCommand.Rcpt, 1);
                count++;
            }
        }

        var used = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        Console.WriteLine($"{count / watch.Elapsed.TotalSeconds:N0}/s, {count / used:N0} per CPU second, {(GC.GetAllocatedBytesForCurrentThread() - octets) / (double)count:0.00} B a reply");
    }

    private static List<(string? Provider, RawReply Reply)> Samples(ProviderBook book) =>
        [.. book.Providers.SelectMany(provider => provider.Rules).Concat(book.Rules).Select(rule => (rule.Provider, RawReply.Parse(rule.Sample)))];

    private static IEnumerable<(string? Provider, RawReply Reply)> Read(string file, ProviderBook book)
    {
        var lines = File.ReadAllLines(file);
        var header = lines[0].Split('\t');
        var (provider, reply) = (Array.IndexOf(header, "provider"), Math.Max(Array.IndexOf(header, "reply"), Array.IndexOf(header, "text")));
        foreach (var fields in lines.Skip(1).Select(line => line.Split('\t')).Where(fields => fields.Length > reply))
        {
            yield return ((book.Find(fields[provider]) ?? book.OfExchanger(fields[provider]))?.Id, RawReply.Parse(fields[reply]));
        }
    }
}
