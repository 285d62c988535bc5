/**
 * Writes the list of what Gatun is made of (SBOM). Part of the build, used by nothing else; depends
 * on the modules that it lists, and calls none of them.
 */
package org.gatun.sbom;
