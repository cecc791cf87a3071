//! Topology algorithms, statistics of series; no IO.
