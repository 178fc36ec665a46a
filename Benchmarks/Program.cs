using BenchmarkDotNet.Running;
using Benchmarks.Classification;
using Benchmarks.Delivery;
using Benchmarks.Dkim;
using Benchmarks.Feedback;
using Benchmarks.Limits;
using Benchmarks.Queue;
using Benchmarks.Scheduling;
using Benchmarks.Submission;
using Benchmarks.Suppression;

switch (args)
{
    case ["queue-load", .. var rest]:
        return await QueueLoad.RunAsync(rest);
    case ["queue-depth", .. var rest]:
        return await QueueDepth.RunAsync(rest);
    case ["queue-victim", .. var rest]:
        return await QueueVictim.RunAsync(rest);
    case ["spool-verify", .. var rest]:
        return await SpoolVerify.RunAsync(rest);
    case ["submission-load", .. var rest]:
        return await SubmissionLoad.RunAsync(rest);
    case ["large-load", .. var rest]:
        return await LargeLoad.RunAsync(rest);
    case ["client-load", .. var rest]:
        return await ClientLoad.RunAsync(rest);
    case ["scheduler-load", .. var rest]:
        return await SchedulerLoad.RunAsync(rest);
    case ["key-load", .. var rest]:
        return KeyLoad.Run(rest);
    case ["limit-load"]:
        return LimitLoad.Run();
    case ["suppression-load", .. var rest]:
        return await SuppressionLoad.RunAsync(rest);
    case ["client-sink"]:
        return await LoadSink.RunAsync();
    case ["classify", .. var rest]:
        return ClassifyLoad.Run(rest);
    case ["report-load", .. var rest]:
        return ReportLoad.Run(rest);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
