using BenchmarkDotNet.Running;
using Benchmarks.Delivery;

switch (args)
{
    case ["client-load", .. var rest]:
        return await ClientLoad.RunAsync(rest);
    case ["client-sink"]:
        return await LoadSink.RunAsync();
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
