using BenchmarkDotNet.Running;
using Benchmarks.Submission;

if (args is ["submission-load", .. var load])
{
    return await SubmissionLoad.RunAsync(load);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
