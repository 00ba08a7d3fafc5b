/**
 * The mistakes that a user can make, each a type with one clear sentence.
 *
 * <p>Everything that a caller handed in wrongly (a configuration, a file, a text, a folder) ends as a {@link
 * dev.hadron.error.HadronException}; a failure of the machine stays the JDK's own exception ({@link java.io.IOException},
 * say). A program maps the first kind to exit code 2 and the second to 1.
 */
@NullMarked
package dev.hadron.error;

import org.jspecify.annotations.NullMarked;
