using Engine.Demo;

namespace Engine.Tests.Journeys;

/// <summary>The engine that journeys go through. One place to change.</summary>
internal static class JourneyEngine
{
    public static StartEngine Start => HostedEngine.StartAsync;
}
