using Engine.Mail;

namespace Engine.Tests.Simulation;

/// <summary>One provider of the simulated internet: all its exchangers. Called in order of time, on one thread.</summary>
internal interface ISimulatedReceiver
{
    /// <summary>From the final dot to its answer.</summary>
    TimeSpan Latency { get; }

    /// <summary>A connection comes; anything but good refuses it.</summary>
    SimulatedReply Connect(string source, DateTimeOffset now);

    /// <summary>A recipient comes.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="flow">Whose.</param>
    /// <param name="recipient">Number of the recipient, the same at every try.</param>
    /// <param name="now">When.</param>
    SimulatedReply Receive(string source, Flow flow, int recipient, DateTimeOffset now);

    /// <summary>A connection that was let in has ended.</summary>
    void Disconnect(string source, DateTimeOffset now);
}
