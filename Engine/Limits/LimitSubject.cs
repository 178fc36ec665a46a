using Engine.Configuration;

namespace Engine.Limits;

/// <summary>What a limit is asked about: the dimensions known at that point; null where unknown.</summary>
internal sealed record LimitSubject
{
    /// <summary>Whose rules hold, as <see cref="Mail.OperatorName"/> has it: a match asks for the provider in it, a key is all of it.</summary>
    public string? Provider { get; init; }

    public string? Destination { get; init; }

    public string? Source { get; init; }

    public string? Pool { get; init; }

    public string? Account { get; init; }

    public string? SenderDomain { get; init; }

    public string? Campaign { get; init; }

    public string? Stream { get; init; }

    public string? Class { get; init; }

    public string? this[LimitDimension dimension] => dimension switch
    {
        LimitDimension.Provider => Provider,
        LimitDimension.Destination => Destination,
        LimitDimension.Source => Source,
        LimitDimension.Pool => Pool,
        LimitDimension.Account => Account,
        LimitDimension.SenderDomain => SenderDomain,
        LimitDimension.Campaign => Campaign,
        LimitDimension.Stream => Stream,
        _ => Class,
    };
}
