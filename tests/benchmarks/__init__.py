"""Speed, measured as ratios within one run. Run with `./dev bench`; never part of the tests."""
