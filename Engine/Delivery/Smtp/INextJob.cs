namespace Engine.Delivery.Smtp;

/// <summary>Asked for one more message at the moment the end of the current one is written, so that the next envelope rides behind it.</summary>
internal interface INextJob
{
    /// <summary>Gives the message to be sent next on this connection, ready in memory. It may not wait.</summary>
    /// <param name="job">Its parts stay alive until it was sent by <see cref="SmtpSession.SendNextAsync"/> or the session is given up.</param>
    /// <param name="verdicts">One slot for each of its recipients.</param>
    bool TryTake(out SmtpJob job, out Memory<Verdict> verdicts);
}
