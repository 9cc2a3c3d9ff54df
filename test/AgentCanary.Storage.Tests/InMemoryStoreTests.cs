using AgentCanary.Control;

namespace AgentCanary.Storage.Tests;

public sealed class InMemoryStoreTests : RolloutStoreContract
{
    public override Task DisposeAsync() => Task.CompletedTask;

    protected override Task<IRolloutStore> OpenAsync() => Task.FromResult<IRolloutStore>(new InMemoryStore());
}
