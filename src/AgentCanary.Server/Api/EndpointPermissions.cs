using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentCanary.Server.Api;

/// <summary>Declares, finds and checks the permissions of endpoints.</summary>
internal static class EndpointPermissions
{
    /// <summary>Declares what a caller must be allowed to do.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder endpoint, Permission permission)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RequiredPermission(permission));

    /// <summary>Finds what an endpoint declares: <see cref="Permission.Nobody"/> where it declares none, or several.</summary>
    public static Permission Of(Endpoint endpoint) =>
        endpoint.Metadata.GetOrderedMetadata<RequiredPermission>() is [var only] ? only.Permission : Permission.Nobody;

    /// <summary>Refuses to start with an endpoint that everybody, or nobody, could call by mistake.</summary>
    /// <exception cref="InvalidOperationException">An endpoint declares no permission, or several.</exception>
    public static void Check(IEndpointRouteBuilder endpoints)
    {
        foreach (var endpoint in endpoints.DataSources.SelectMany(source => source.Endpoints))
        {
            if (Of(endpoint) is Permission.Nobody)
                throw new InvalidOperationException($"Endpoint '{endpoint.DisplayName}' must declare exactly one permission: add .Requires(Permission.…) where it is mapped.");
        }
    }
}
