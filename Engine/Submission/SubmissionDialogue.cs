using System.Text;
using Engine.Mail;

namespace Engine.Submission;

/// <summary>Cuts what a client sends into commands and content, whatever pieces it comes in, and gathers the replies. No I/O.</summary>
/// <remarks>
/// It goes through its input until it needs something: more octets, or a step that only the session can take. While it waits for a
/// verdict, a piece, a commit or a handshake it must not be fed.
/// </remarks>
internal sealed class SubmissionDialogue(IServerMachine machine, IContentIntake intake, IntakeLedger ledger, ClientFacts client, SubmissionLimits limits)
{
    private Mode _mode;
    private Step _step;
    private long _left;
    private bool _hasChunks;

    private enum Mode : byte
    {
        Command,
        Content,
        Chunk,
        Skip,
        Over,
    }

    /// <summary>Replies that wait to be sent.</summary>
    public ReplyBuffer Output { get; } = new();

    /// <summary>Whether content is being received: it is measured by its pace, and finished when the engine stops.</summary>
    public bool IsInContent => _mode is Mode.Content or Mode.Chunk;

    /// <summary>What a <see cref="DialogueNeed.Verdict"/> is wanted on.</summary>
    public GivenLogin Login => _step.Login;

    /// <summary>False when nothing of the client's can be on its way, or nobody has the time to wait for it.</summary>
    public bool MustDrain { get; private set; } = true;

    public void Greet() => Output.Write(machine.Greeting);

    /// <summary>Takes input.</summary>
    /// <param name="input">What was received and not yet consumed.</param>
    /// <param name="consumed">Octets dealt with; the rest comes again, with more behind it.</param>
    public DialogueNeed Take(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = 0;
        while (true)
        {
            var need = _mode switch
            {
                Mode.Command => TakeLine(input, ref consumed),
                Mode.Content => TakeContent(input, ref consumed),
                Mode.Chunk => TakeChunk(input, ref consumed),
                Mode.Skip => SkipChunk(input, ref consumed),
                _ => DialogueNeed.Close,
            };
            if (need is { } wanted)
            {
                return wanted;
            }
        }
    }

    /// <summary>What a <see cref="DialogueNeed.Standing"/> is wanted on.</summary>
    public Mailbox Asked => _step.Rejected;

    /// <summary>Whose mail it would be.</summary>
    public AccountRules? Account => machine.Draft.Login.Account;

    public DialogueNeed TakeStanding(SuppressionReason reason) => Answer(machine.TakeStanding(reason)) ?? DialogueNeed.Input;

    public DialogueNeed TakeVerdict(AuthVerdict verdict)
    {
        if (verdict is AuthVerdict.Bad)
        {
            ledger.AuthFailed(client);
        }

        return Answer(machine.TakeVerdict(_step.Login.Name, verdict)) ?? DialogueNeed.Input;
    }

    /// <summary>After the commit, or its refusal.</summary>
    public void Committed(Reply reply)
    {
        EndContent();
        _ = Answer(machine.Finish(reply));
    }

    public void Secured() => machine.Secured();

    /// <summary>Ends the dialogue: a timeout, a fault, the engine stopping.</summary>
    public void Close(Reply reply)
    {
        _ = Answer(machine.Close(reply));
        EndContent();
    }

    // Null means: go on with the input.
    private DialogueNeed? TakeLine(ReadOnlySpan<byte> input, ref int consumed)
    {
        var rest = input[consumed..];
        var end = rest.IndexOfAny((byte)'\r', (byte)'\n');
        if ((end < 0 ? rest.Length : end) > LimitFor(rest))
        {
            return Answer(machine.Close(Replies.LineTooLong));
        }

        if (end < 0 || (end == rest.Length - 1 && rest[end] == '\r'))
        {
            return DialogueNeed.Input;
        }

        if (rest[end] != '\r' || rest[end + 1] != '\n')
        {
            return Answer(machine.Close(Replies.BareLineEnd));
        }

        consumed += end + 2;
        var step = machine.Take(rest[..end]);
        if (step.Kind is StepKind.StartTls && consumed < input.Length)
        {
            // Octets from before the handshake must not be taken for octets from within it (CVE-2011-0411).
            step = machine.Close(Replies.Pipelined);
        }

        if (_hasChunks && !machine.IsInChunks)
        {
            EndContent();
        }

        return Answer(step);
    }

    private int LimitFor(ReadOnlySpan<byte> line) =>
        machine.IsAuthenticating || (line.Length >= 4 && Ascii.EqualsIgnoreCase(line[..4], "AUTH"u8)) ? limits.AuthLine : limits.CommandLine;

    private DialogueNeed? TakeContent(ReadOnlySpan<byte> input, ref int consumed)
    {
        if (consumed == input.Length)
        {
            return DialogueNeed.Input;
        }

        var status = intake.Read(input[consumed..], out var used);
        consumed += used;
        return status switch
        {
            ContentStatus.End => DialogueNeed.Commit,
            ContentStatus.PieceFull => DialogueNeed.Piece,
            ContentStatus.Malformed => Broken(),
            _ => intake.IsHopeless ? Broken() : DialogueNeed.Input,
        };
    }

    private DialogueNeed? TakeChunk(ReadOnlySpan<byte> input, ref int consumed)
    {
        var piece = input.Slice(consumed, (int)Math.Min(_left, input.Length - consumed));
        var status = intake.Read(piece, out var used);
        consumed += used;
        _left -= used;
        if (status is ContentStatus.Malformed)
        {
            return Broken();
        }

        if (status is ContentStatus.PieceFull)
        {
            return DialogueNeed.Piece;
        }

        if (_left > 0)
        {
            return intake.IsHopeless ? Broken() : DialogueNeed.Input;
        }

        return _step.IsLast ? EndChunks() : EndChunk();
    }

    private DialogueNeed? EndChunks() => intake.Finish() is ContentStatus.Malformed ? Broken() : DialogueNeed.Commit;

    private DialogueNeed? EndChunk()
    {
        _mode = Mode.Command;
        if (intake.RefusalSoFar is not { } refusal)
        {
            return Answer(SubmissionMachine.ChunkTaken(_step.Octets));
        }

        var reply = intake.Refuse(refusal);
        EndContent();
        return Answer(machine.Finish(reply));
    }

    private DialogueNeed? SkipChunk(ReadOnlySpan<byte> input, ref int consumed)
    {
        var skipped = (int)Math.Min(_left, input.Length - consumed);
        consumed += skipped;
        _left -= skipped;
        if (_left > 0)
        {
            return DialogueNeed.Input;
        }

        _mode = Mode.Command;
        Output.Write(_step.Reply);
        return null;
    }

    private DialogueNeed? Broken()
    {
        var reply = intake.RefusalSoFar is { } refusal ? intake.Refuse(refusal) : Replies.LocalError;
        EndContent();
        return Answer(machine.Close(reply));
    }

    private void EndContent()
    {
        intake.Clear();
        (_mode, _hasChunks) = (_mode is Mode.Over ? Mode.Over : Mode.Command, false);
    }

    private DialogueNeed? Answer(in Step step)
    {
        _step = step;
        if (step.Reason is not RejectReason.None)
        {
            ledger.Rejected(client, machine.Draft, new Refusal(step.Reason, step.Reply), step.Command, step.Rejected);
        }

        switch (step.Kind)
        {
            case StepKind.Reply:
                Output.Write(step.Reply);
                return null;
            case StepKind.StartTls:
                Output.Write(step.Reply);
                return DialogueNeed.Handshake;
            case StepKind.Authenticate:
                return DialogueNeed.Verdict;
            case StepKind.AskSuppression:
                return DialogueNeed.Standing;
            case StepKind.ReadContent:
                Output.Write(step.Reply);
                _mode = Mode.Content;
                intake.Begin(machine.Draft, isStuffed: true);
                return null;
            case StepKind.ReadChunk:
                (_mode, _left, _hasChunks) = (Mode.Chunk, step.Octets, true);
                if (step.IsFirst)
                {
                    intake.Begin(machine.Draft, isStuffed: false);
                }

                return null;
            case StepKind.SkipChunk:
                (_mode, _left) = (Mode.Skip, step.Octets);
                return null;
            default:
                _mode = Mode.Over;
                MustDrain = step.Reply != Replies.Bye && step.Reply != Replies.Closing;
                Output.Write(step.Reply);
                return DialogueNeed.Close;
        }
    }
}
