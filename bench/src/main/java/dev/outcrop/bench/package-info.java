/** Benchmarks, each beside the peer that it is measured against, in one run, with the ratio printed. */
package dev.outcrop.bench;
