/** The table of operators, made from the operators, kernels and cases that there are. */
@NullMarked
package org.gatun.cli.operators;

import org.jspecify.annotations.NullMarked;
