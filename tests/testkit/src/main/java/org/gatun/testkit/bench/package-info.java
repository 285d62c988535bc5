/**
 * What is compared in speed, for {@code gatun bench} and JMH: a case made ready to be run again and
 * again by one of the contenders, and checked before it is timed.
 */
@NullMarked
package org.gatun.testkit.bench;

import org.jspecify.annotations.NullMarked;
