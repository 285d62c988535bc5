/** The cases, one list for each operator family. */
@NullMarked
package org.gatun.testkit.cases;

import org.jspecify.annotations.NullMarked;
