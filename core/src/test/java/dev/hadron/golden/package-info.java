/**
 * Recorded answers, which lie beside the repository in {@code shared/golden}, and the tests that hold this code against them.
 *
 * <p>Without that folder the tests are skipped, and say so.
 */
@NullMarked
package dev.hadron.golden;

import org.jspecify.annotations.NullMarked;
