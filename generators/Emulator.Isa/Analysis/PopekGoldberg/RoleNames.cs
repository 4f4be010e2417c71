namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>Names of the resource roles, as in specs and as kinds of sensitivity.</summary>
public static class RoleNames
{
    private static readonly (ResourceRoles Role, string Name, string Kind)[] Names =
    {
        (ResourceRoles.Mode, "mode", "mode"),
        (ResourceRoles.Relocation, "relocation", "location"),
        (ResourceRoles.Interrupt, "interrupt", "interrupt"),
        (ResourceRoles.Timer, "timer", "timer"),
        (ResourceRoles.Io, "io", "io"),
        (ResourceRoles.Identity, "identity", "identity"),
    };

    /// <summary>The role a spec writes as <paramref name="name"/>; none for null (user state).</summary>
    public static ResourceRoles Parse(string? name)
    {
        foreach ((ResourceRoles role, string known, _) in Names)
        {
            if (known == name) return role;
        }
        return ResourceRoles.None;
    }

    /// <summary>Names of the roles of a set, in a fixed order.</summary>
    public static IEnumerable<string> Of(ResourceRoles roles) => Names.Where(n => (roles & n.Role) != 0).Select(n => n.Name);

    /// <summary>Kinds of behaviour sensitivity a set of roles makes: the relocation role makes an instruction location-sensitive.</summary>
    public static IEnumerable<string> Kinds(ResourceRoles roles)
    {
        if ((roles & ResourceRoles.Mapped) != 0) roles |= ResourceRoles.Relocation;
        return Names.Where(n => (roles & n.Role) != 0).Select(n => n.Kind);
    }
}
