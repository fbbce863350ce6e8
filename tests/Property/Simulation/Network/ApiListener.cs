using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Property.Simulation.Network;

/// <summary>
/// A listener for code that takes decoded requests: answers each connection in the order of its requests.
/// </summary>
/// <param name="handle">Called with each request and its version; gives the response exactly once.</param>
internal sealed class ApiListener(Action<IApiMessage, short, Action<IApiMessage>> handle) : ISimListener
{
    public ISimSession Accept(Action<byte[]> reply, Action close) => new Session(handle, reply);

    private sealed class Session(Action<IApiMessage, short, Action<IApiMessage>> handle, Action<byte[]> reply)
        : ISimSession
    {
        private readonly Queue<Slot> _slots = new();

        public void Receive(byte[] frame)
        {
            (IApiMessage request, short version, int correlationId) = SimFrames.DecodeRequest(frame);
            var slot = new Slot();
            _slots.Enqueue(slot);
            handle(request, version, response =>
            {
                slot.Frame = SimFrames.EncodeResponse(response, version, correlationId);
                Flush();
            });
        }

        public void Closed() => _slots.Clear();

        private void Flush()
        {
            while (_slots.TryPeek(out Slot? slot) && slot.Frame is { } frame)
            {
                _slots.Dequeue();
                reply(frame);
            }
        }
    }

    private sealed class Slot
    {
        public byte[]? Frame { get; set; }
    }
}
