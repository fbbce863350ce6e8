using KRaftSharp.Log.Scheduling;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Quorum.Controller;

/// <summary>
/// What decisions are made from: the image with everything appended so far, and the settings. Only the controller's
/// replay changes the image.
/// </summary>
internal sealed class ControllerState(ControllerSettings settings, Prng prng)
{
    public ControllerSettings Settings => settings;

    public Prng Prng => prng;

    /// <summary>With the records that are appended but not committed yet.</summary>
    public MetadataImage Image { get; set; } = MetadataImage.Empty;

    public MetadataVersion MetadataVersion => Image.Features.MetadataVersion;

    /// <summary>Configs as this node sees them: dynamic over static over default.</summary>
    public EffectiveConfigs Configs { get; } = new(settings.StaticConfigs, settings.NodeId);
}
