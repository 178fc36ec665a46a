using Engine.Mail;

namespace Engine.Tests.Simulation;

/// <summary>What a simulated receiver says. Code 0: nothing at all, the connection is lost.</summary>
internal readonly record struct SimulatedReply(ushort Code, string Enhanced, string Text)
{
    public static readonly SimulatedReply Good = new(250, "2.0.0", "OK");
    public static readonly SimulatedReply Lost = new(0, "", "connection lost");

    public bool IsGood => Code is >= 200 and < 300;

    public EnhancedCode EnhancedCode => Enhanced.Length == 0 ? default : EnhancedCode.Parse(Enhanced);
}
