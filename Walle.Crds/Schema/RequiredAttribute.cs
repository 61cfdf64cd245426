namespace Walle.Crds.Schema;

/// <summary>The field must be there. C#'s <c>required</c> would make one bad object end a whole list.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RequiredAttribute : Attribute;
