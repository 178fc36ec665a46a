using Engine.Demo;
using Engine.Tests.Demo;

namespace Engine.Tests.Journeys;

/// <summary>The engine that journeys go through. One place to change.</summary>
internal static class JourneyEngine
{
    /// <summary>False while a stand-in does the work, which signs nothing, keeps nothing and speaks no TLS.</summary>
    public static bool IsReal => Start.Method.DeclaringType != typeof(StandInEngine);

    public static StartEngine Start => StandInEngine.StartAsync;

    /// <summary>Skips a journey that a stand-in cannot make.</summary>
    public static void MustBeReal()
    {
        if (!IsReal)
        {
            Assert.Ignore("The journeys' engine is a stand-in; this one needs Engine.Daemon.");
        }
    }
}
