"""Market data: files of bars, LEAN data folders, resampling, sample and synthetic bars."""
