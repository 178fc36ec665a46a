using BenchmarkDotNet.Running;
using Benchmarks.Queue;

switch (args)
{
    case ["queue-load", .. var rest]:
        return await QueueLoad.RunAsync(rest);
    case ["queue-victim", .. var rest]:
        return await QueueVictim.RunAsync(rest);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
