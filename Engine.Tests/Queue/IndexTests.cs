using Engine.Mail;
using Engine.Queue;
using Engine.Queue.Waiting;

namespace Engine.Tests.Queue;

/// <summary>The small structures under the index.</summary>
internal sealed class IndexTests
{
    [Test]
    public void Structs_are_as_small_as_promised()
    {
        Assert.That(System.Runtime.CompilerServices.Unsafe.SizeOf<RecipientEntry>(), Is.EqualTo(24));
        Assert.That(System.Runtime.CompilerServices.Unsafe.SizeOf<MessageEntry>(), Is.EqualTo(32));
    }

    [Test]
    public void The_map_of_messages_does_what_a_dictionary_does([Range(1, 10)] int seed)
    {
        var random = new Random(seed);
        var messages = new Slots<MessageEntry>();
        var map = new MessageMap(messages);
        var model = new Dictionary<ulong, int>();
        for (var step = 0; step < 20_000; step++)
        {
            var id = (ulong)random.Next(1, 5_000) << random.Next(0, 2) * 20;
            Assert.That(map.TryFind(id, out var found), Is.EqualTo(model.TryGetValue(id, out var expected)));
            if (found >= 0)
            {
                Assert.That(found, Is.EqualTo(expected));
                map.Remove(found);
                messages.Free(found);
                model.Remove(id);
            }
            else
            {
                var slot = messages.Take();
                messages[slot].Id = id;
                map.Add(slot);
                model.Add(id, slot);
            }
        }
    }

    [Test]
    public void Equal_values_have_one_number_while_anybody_holds_it()
    {
        var interner = new Interner<string>();
        var first = interner.Hold("a");
        Assert.That(interner.Hold(new string('a', 1)), Is.EqualTo(first));
        interner.Release(first);
        Assert.That(interner.Of(first), Is.EqualTo("a"));
        interner.Release(first);
        Assert.That(interner.Count, Is.Zero);
        Assert.That(interner.Hold("b"), Is.EqualTo(first), "numbers are used again");
        var numbers = Enumerable.Range(0, 1_000).Select(value => interner.Hold($"v{value}")).ToArray();
        Assert.That(numbers.Select(interner.Of), Is.EqualTo(Enumerable.Range(0, 1_000).Select(static value => $"v{value}")));
    }

    [Test]
    public void Runs_of_slots_are_neighbours_clean_and_used_again()
    {
        var slots = new Slots<MessageEntry>();
        var first = slots.Take(5_000);
        for (var slot = first; slot < first + 5_000; slot++)
        {
            slots[slot].Id = 1;
        }

        slots.Free(first, 5_000);
        var high = slots.High;
        Assert.That(slots.Take(4_500), Is.EqualTo(first));
        Assert.That(slots[first + 4_499].Id, Is.Zero);
        slots.Free(first, 4_500);
        Assert.That((slots.Has(first), slots.Octets), Is.EqualTo((false, 0L)), "memory goes back");
        Assert.That(slots.High, Is.EqualTo(high));
    }

    [Test]
    public void A_segment_is_kept_by_messages_and_by_readers()
    {
        var ledger = new SegmentLedger();
        ledger.Pin(3);
        Assert.That(ledger.FirstKept(1, 9), Is.EqualTo(3));
        ledger.Unpin(3);
        Assert.That(ledger.FirstKept(1, 9), Is.EqualTo(9));
        ledger.BeginRead();
        Assert.That(ledger.FirstKept(1, 9), Is.EqualTo(1));
        ledger.EndRead();
        Assert.That(ledger.FirstKept(1, 9), Is.EqualTo(9));
    }

    [Test]
    public void Counts_and_slots_come_out_even_whatever_happens([Range(1, 10)] int seed)
    {
        var random = new Random(seed);
        var ledger = new SegmentLedger();
        var index = new QueueIndex(ledger, 20, 1_000);
        var now = 1_000u;
        var outside = new List<(int Slot, MessageId Id, ushort Index)>();
        var fired = new List<int>();
        ulong next = 1;
        for (var step = 0; step < 20_000; step++)
        {
            now += (uint)random.Next(3);
            fired.Clear();
            index.Advance(now, fired);
            fired.ForEach(slot => Send(index, slot, outside));
            if (random.Next(4) == 0)
            {
                Insert(index, ledger, new MessageId(next++), random, now, outside);
            }

            Act(index, random, now, outside);
            if (step % 64 == 0)
            {
                Check(index);
            }
        }

        for (var slot = 0; slot < index.Recipients.High; slot++)
        {
            if (index.IsQueued(slot))
            {
                index.End(slot, comesBack: false);
            }
        }

        Assert.That(outside.Any(sent => index.Begin(sent.Slot)), Is.False);
        Assert.That((index.Counts, index.Messages.Bytes, index.Messages.Count, index.Wheel.Count), Is.EqualTo((default(QueueCounts), 0L, 0L, 0L)));
        Assert.That((index.Domains.Count, index.Messages.Flows.Count, ledger.FirstKept(0, 99)), Is.EqualTo((0, 0, 99)));
        for (var slot = 0; slot < index.Recipients.High; slot++)
        {
            Assert.That(index.Recipients.Has(slot) && index.Recipients[slot].Marks != SlotMarks.None, Is.False, $"slot {slot} came back");
        }
    }

    private static void Insert(QueueIndex index, SegmentLedger ledger, MessageId id, Random random, uint now, List<(int Slot, MessageId Id, ushort Index)> outside)
    {
        var addresses = Enumerable.Range(0, random.Next(1, 6)).Select(number => $"r@d{random.Next(4) + number}.example").ToArray();
        var envelope = Letters.Envelope(id, addresses) with { Accepted = DateTimeOffset.UnixEpoch.AddSeconds(now), NotBefore = DateTimeOffset.UnixEpoch.AddSeconds(now + random.Next(5)) };
        var segment = random.Next(50);
        ledger.Pin(segment);
        var first = index.Insert(new MessagePlace(((long)segment << 20) + 64, 100, segment, 90), envelope);
        for (var slot = first; slot < first + addresses.Length; slot++)
        {
            if (index.Start(slot, now))
            {
                Send(index, slot, outside);
            }
        }
    }

    // What the queue and its users may do, in any order.
    private static void Act(QueueIndex index, Random random, uint now, List<(int Slot, MessageId Id, ushort Index)> outside)
    {
        var slot = random.Next(index.Recipients.High);
        if (outside.Count > 0 && random.Next(2) == 0)
        {
            var place = random.Next(outside.Count);
            (slot, var id, var recipient) = outside[place];
            outside.RemoveAt(place);
            if (!index.Begin(slot))
            {
                return;
            }

            Assert.That((index.Look(slot).Id, index.Look(slot).Index), Is.EqualTo((id, recipient)), "the number still names whom it named");

            if (random.Next(3) == 0)
            {
                index.End(slot, comesBack: true);
                return;
            }

            index.CountAttempt(slot, (ushort)(index.Recipients[slot].Attempts + 1), new Category("rate"), isUncertain: random.Next(2) == 0);
            if (random.Next(4) == 0)
            {
                index.Hold(slot);
            }

            index.Return(slot, now + (uint)random.Next(3));
            if (index.Start(slot, now))
            {
                Send(index, slot, outside);
            }
        }
        else if (index.IsQueued(slot))
        {
            Operate(index, random, now, slot, outside);
        }
    }

    private static void Operate(QueueIndex index, Random random, uint now, int slot, List<(int Slot, MessageId Id, ushort Index)> outside)
    {
        switch (random.Next(4))
        {
            case 0:
                index.End(slot, comesBack: false);
                return;
            case 1 when index.Recipients[slot].State != RecipientState.Held:
                index.Hold(slot);
                return;
            case 2 when index.Recipients[slot].State == RecipientState.Held:
                index.Unhold(slot);
                break;
            case 3 when index.Recipients[slot].State == RecipientState.Waiting:
                index.Reschedule(slot, now);
                break;
            default:
                return;
        }

        if (index.Start(slot, now))
        {
            Send(index, slot, outside);
        }
    }

    private static void Send(QueueIndex index, int slot, List<(int Slot, MessageId Id, ushort Index)> outside) =>
        outside.Add((slot, index.Look(slot).Id, index.Look(slot).Index));

    private static void Check(QueueIndex index)
    {
        var states = new long[5];
        var scheduled = 0L;
        for (var slot = 0; slot < index.Recipients.High; slot++)
        {
            if (!index.Recipients.Has(slot))
            {
                continue;
            }

            states[(int)index.Recipients[slot].State]++;
            scheduled += index.Recipients[slot] is { State: RecipientState.Waiting, Attempts: 0 } ? 1 : 0;
        }

        Assert.That(index.Counts, Is.EqualTo(new QueueCounts(
            states[1] + states[2] + states[3] + states[4], states[2], states[1] - scheduled, states[4], states[3], scheduled)));
        Assert.That(index.Wheel.Count, Is.EqualTo(states[1]));
    }
}
