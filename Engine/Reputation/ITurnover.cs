namespace Engine.Reputation;

/// <summary>A track that stands for one subject after the other.</summary>
internal interface ITurnover
{
    /// <summary>Heard of again since the hand that forgets came by last.</summary>
    bool Touched { get; set; }

    /// <summary>Counts the subjects it stood for: another number means another subject.</summary>
    int Turn { get; }
}
