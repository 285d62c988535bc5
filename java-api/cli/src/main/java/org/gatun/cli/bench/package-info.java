/**
 * What {@code gatun bench} does: {@link org.gatun.cli.bench.Benchmark} verifies and measures,
 * {@link org.gatun.cli.bench.Results} is what came out, and three classes write it: as a table, as
 * JSON and as a web page.
 */
@NullMarked
package org.gatun.cli.bench;

import org.jspecify.annotations.NullMarked;
