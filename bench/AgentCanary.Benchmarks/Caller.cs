using AgentCanary.Routing;

namespace AgentCanary.Benchmarks;

/// <summary>A caller that no cohort takes, so that every rule is read.</summary>
internal readonly record struct Caller(string Group, string Plan, string Region, string Tenant) : IAttributes
{
    public static Caller Customer { get; } = new("customer", "free", "us-east", "acme.example");

    public string? Find(string name) => name switch
    {
        "header:x-user-group" => Group,
        "header:x-plan" => Plan,
        "header:x-region" => Region,
        "header:x-tenant" => Tenant,
        _ => null,
    };
}
