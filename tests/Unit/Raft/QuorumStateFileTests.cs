using System.Text;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Driver;
using KRaftSharp.Tests.Unit.Log;

namespace KRaftSharp.Tests.Unit.Raft;

public sealed class QuorumStateFileTests : IDisposable
{
    private static readonly VoterSet Voters = VoterSet.FromEndpoints([new(1, "a", 1), new(2, "b", 1)]);
    private readonly LogFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Write_StaticVoters_IsKafkasVersion0()
    {
        QuorumStateFile file = new(_fixture.Storage, _fixture.Root);

        file.Write(new ElectionState(7, 2, new ReplicaKey(1, new Uuid(3, 4))), Voters, kraftVersion: 0);

        Assert.Equal(
            """{"clusterId":"","leaderId":2,"leaderEpoch":7,"votedId":1,"appliedOffset":0, """.TrimEnd()
            + """ "currentVoters":[{"voterId":1},{"voterId":2}],"data_version":0}""".TrimStart(),
            Encoding.UTF8.GetString(_fixture.Storage.ReadAllBytes(_fixture.Root + "/quorum-state")));
        Assert.Equal(new ElectionState(7, 2, new ReplicaKey(1, default)), file.Read());
    }

    [Fact]
    public void Write_DynamicVoters_IsKafkasVersion1()
    {
        QuorumStateFile file = new(_fixture.Storage, _fixture.Root);
        ElectionState state = new(7, 2, new ReplicaKey(1, new Uuid(3, 4)));

        file.Write(state, Voters, kraftVersion: 1);

        Assert.Equal(
            $$"""{"leaderId":2,"leaderEpoch":7,"votedId":1,"votedDirectoryId":"{{new Uuid(3, 4)}}","data_version":1}""",
            Encoding.UTF8.GetString(_fixture.Storage.ReadAllBytes(_fixture.Root + "/quorum-state")));
        Assert.Equal(state, file.Read());
    }

    [Fact]
    public void Read_NoFile_IsEpochZero() => Assert.Equal(
        new ElectionState(0, null, null), new QuorumStateFile(_fixture.Storage, _fixture.Root).Read());

    [Fact]
    public void Read_KafkasVersion1_HasTheDirectory()
    {
        Uuid directory = new(77, 88);
        string text = $$"""
            {"leaderId":-1,"leaderEpoch":5,"votedId":2,"votedDirectoryId":"{{directory}}","data_version":1}
            """;
        _fixture.Storage.WriteAtomically(_fixture.Root + "/quorum-state", Encoding.UTF8.GetBytes(text));

        Assert.Equal(
            new ElectionState(5, null, new ReplicaKey(2, directory)),
            new QuorumStateFile(_fixture.Storage, _fixture.Root).Read());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"leaderId":"x","data_version":0}""")]
    [InlineData("""{"data_version":9}""")]
    public void Read_Damaged_SaysSo(string text)
    {
        _fixture.Storage.WriteAtomically(_fixture.Root + "/quorum-state", Encoding.UTF8.GetBytes(text));

        Assert.Throws<InvalidDataException>(
            () => new QuorumStateFile(_fixture.Storage, _fixture.Root).Read());
    }
}
