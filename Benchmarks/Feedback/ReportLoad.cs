using System.Diagnostics;
using Engine.Classification;
using Engine.Feedback.Reading;

namespace Benchmarks.Feedback;

/// <summary><c>report-load FOLDER …</c>: mails that came back, read on one core; every file <c>*.eml</c> of the folders in turn.</summary>
internal static class ReportLoad
{
    private const int Rounds = 8;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(3);

    public static int Run(string[] folders)
    {
        var mails = folders.SelectMany(static folder => Directory.GetFiles(folder, "*.eml")).Select(File.ReadAllBytes).ToArray();
        if (mails.Length == 0)
        {
            Console.Error.WriteLine("name folders with files *.eml");
            return 64;
        }

        var reader = new ReportReader(new ReplyClassifier());
        Console.WriteLine($"{mails.Length} mails, {mails.Average(static mail => mail.Length) / 1024:0.0} KiB on average");
        for (var round = 0; round < Rounds; round++)
        {
            Round(reader, mails);
        }

        return 0;
    }

    private static void Round(ReportReader reader, byte[][] mails)
    {
        var (count, watch) = (0L, Stopwatch.StartNew());
        var (octets, cpu) = (GC.GetAllocatedBytesForCurrentThread(), Environment.CpuUsage.TotalTime);
        while (watch.Elapsed < Length)
        {
            foreach (var mail in mails)
            {
                reader.Read(mail);
            }

            count += mails.Length;
        }

        var used = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        Console.WriteLine($"{count / watch.Elapsed.TotalSeconds:N0}/s, {count / used:N0} per CPU second, {(GC.GetAllocatedBytesForCurrentThread() - octets) / count:N0} B a mail");
    }
}
