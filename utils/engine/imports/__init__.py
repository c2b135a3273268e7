"""What an algorithm imports: `AlgorithmImports`, `QuantConnect.*`, `System.*`, `clr`."""
