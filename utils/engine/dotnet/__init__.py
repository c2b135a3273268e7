"""What LEAN's algorithms see of .NET: naming, enumerations, decimal arithmetic, the System namespaces."""
