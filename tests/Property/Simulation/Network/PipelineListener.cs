using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Node;
using KRaftSharp.Tests.Property.Simulation.Clock;

namespace KRaftSharp.Tests.Property.Simulation.Network;

/// <summary>Serves one listener of a node as the socket listener does: a pipeline a connection.</summary>
/// <param name="nextConnectionId">Unique over all listeners of the node's life.</param>
internal sealed class PipelineListener(NodeListener listener, SimContext life, Func<long> nextConnectionId)
    : ISimListener
{
    public ISimSession Accept(Action<byte[]> reply, Action close)
    {
        var connection = new ConnectionContext(nextConnectionId(), listener.Name, listener.Kind, "sim");
        return new Session(listener, connection, life, reply, close);
    }

    private sealed class Session : ISimSession, IResponseSink
    {
        private readonly RequestPipeline _pipeline;
        private readonly Task _mayServe;

        /// <summary>Came before the node may serve.</summary>
        private readonly Queue<byte[]> _early = new();
        private readonly SimContext _life;
        private readonly Action<byte[]> _reply;
        private readonly Action _close;

        public Session(
            NodeListener listener, ConnectionContext connection, SimContext life, Action<byte[]> reply, Action close)
        {
            _mayServe = listener.MayServe;
            _life = life;
            _reply = reply;
            _close = close;
            _pipeline = new RequestPipeline(listener.Processor, connection, this);
        }

        public void Receive(byte[] frame)
        {
            if (_mayServe.IsCompleted && _early.Count == 0)
            {
                _pipeline.Receive(frame);
                return;
            }

            _early.Enqueue(frame);
            if (_early.Count == 1)
            {
                _mayServe.GetAwaiter().OnCompleted(TakeEarly);
            }
        }

        public void Closed() => _pipeline.Close();

        public void Send(OutgoingResponse response)
        {
            using (response)
            {
                if (_life.IsAlive)
                {
                    _reply(SimFrames.WithoutLength(response.Frame));
                }
            }
        }

        private void TakeEarly()
        {
            while (_early.TryDequeue(out byte[]? frame))
            {
                _pipeline.Receive(frame);
            }
        }

        public void CloseConnection()
        {
            _close();
            _pipeline.Close();
        }
    }
}
