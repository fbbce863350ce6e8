using System.Collections.Concurrent;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Replication.Sessions;

/// <summary>The fetch sessions of a broker: at most so many, the least useful one gives way (KIP-227).</summary>
/// <remarks>Thread-safe. Sessions of followers go before those of consumers, large ones before small ones.</remarks>
internal sealed class FetchSessionCache(int slots, long evictionMs, ulong seed)
{
    private const short FirstVersionWithSessions = 7;
    private const short FirstVersionWithTopicIds = 13;
    private const int FinalEpoch = -1;

    private readonly ConcurrentDictionary<int, FetchSession> _sessions = new();
    private long _made;

    public int Count => _sessions.Count;

    /// <summary>Finds out what a request asks for. An incremental plan holds its session until it is
    /// answered.</summary>
    public FetchPlan Plan(FetchRequest request, short version, long nowMs)
    {
        bool usesTopicIds = version >= FirstVersionWithTopicIds;
        if (version < FirstVersionWithSessions)
        {
            return new FetchPlan(ErrorCode.None, null, false, EntriesOf(request, usesTopicIds));
        }

        if (request.SessionEpoch is 0 or FinalEpoch)
        {
            _sessions.TryRemove(request.SessionId, out _);
            return new FetchPlan(
                ErrorCode.None, null, request.SessionEpoch == 0, EntriesOf(request, usesTopicIds));
        }

        if (!_sessions.TryGetValue(request.SessionId, out FetchSession? session))
        {
            return FetchPlan.Refused(ErrorCode.FetchSessionIdNotFound);
        }

        if (session.UsesTopicIds != usesTopicIds)
        {
            return FetchPlan.Refused(ErrorCode.FetchSessionTopicIdError);
        }

        if (!session.TryEnter(nowMs))
        {
            return FetchPlan.Refused(ErrorCode.InvalidFetchSessionEpoch);
        }

        if (session.Epoch != request.SessionEpoch)
        {
            session.Leave();
            return FetchPlan.Refused(ErrorCode.InvalidFetchSessionEpoch);
        }

        session.Update(request);
        if (session.Count == 0)
        {
            _sessions.TryRemove(session.Id, out _);
            return new FetchPlan(ErrorCode.None, null, false, []);
        }

        session.Advance();
        return new FetchPlan(ErrorCode.None, session, false, session.InOrder());
    }

    /// <summary>Makes a session of what a full fetch asked for; null when there is no room.</summary>
    public FetchSession? TryCreate(List<FetchEntry> entries, bool isFollower, bool usesTopicIds, long nowMs)
    {
        if (_sessions.Count >= slots && !TryEvict(entries.Count, isFollower, nowMs))
        {
            return null;
        }

        while (true)
        {
            ulong bits = (seed + (ulong)Interlocked.Increment(ref _made)) * 0x9E3779B97F4A7C15UL;
            int id = (int)(bits >> 33);
            var session = new FetchSession(id, isFollower, usesTopicIds);
            if (id != 0 && _sessions.TryAdd(id, session))
            {
                foreach (FetchEntry entry in entries)
                {
                    session.Add(entry);
                }

                _ = session.TryEnter(nowMs);
                session.Leave();
                return session;
            }
        }
    }

    private bool TryEvict(int size, bool isFollower, long nowMs)
    {
        FetchSession? oldest = null;
        FetchSession? weakest = null;
        foreach (FetchSession session in _sessions.Values.OrderBy(session => session.Id))
        {
            if (oldest is null || session.LastUsedMs < oldest.LastUsedMs)
            {
                oldest = session;
            }

            bool isWeaker = weakest is null || (weakest.IsFollower && !session.IsFollower)
                || (weakest.IsFollower == session.IsFollower && session.Count < weakest.Count);
            weakest = isWeaker ? session : weakest;
        }

        if (oldest is not null && nowMs - oldest.LastUsedMs > evictionMs)
        {
            return _sessions.TryRemove(oldest.Id, out _);
        }

        return weakest is not null && ((isFollower && !weakest.IsFollower)
                || (isFollower == weakest.IsFollower && weakest.Count < size))
            && _sessions.TryRemove(weakest.Id, out _);
    }

    /// <summary>A partition that is named twice counts once, with what was said last.</summary>
    private static List<FetchEntry> EntriesOf(FetchRequest request, bool usesTopicIds)
    {
        List<FetchEntry> entries = [];
        Dictionary<FetchKey, FetchEntry> seen = [];
        foreach (FetchRequest.FetchTopic topic in request.Topics)
        {
            foreach (FetchRequest.FetchPartition asked in topic.Partitions)
            {
                FetchKey key = FetchSession.KeyOf(usesTopicIds, topic.Topic, topic.TopicId, asked.Partition);
                if (!seen.TryGetValue(key, out FetchEntry? entry))
                {
                    entry = new FetchEntry(key);
                    seen.Add(key, entry);
                    entries.Add(entry);
                }

                entry.Update(asked);
            }
        }

        return entries;
    }
}
