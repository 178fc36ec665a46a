namespace Engine.Reputation;

/// <summary>Hears how a sender's mail fares. Any thread; cheap, for every delivered recipient is told.</summary>
internal interface ISenderWatch
{
    void Heard(in SenderNews news);
}
