namespace Engine.Demo;

/// <summary>Looks at a message a receiver has taken and not yet answered; the answer waits for it.</summary>
internal delegate ValueTask TakenAsync(Reception mail, CancellationToken stop);
