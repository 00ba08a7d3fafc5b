/**
 * The command line. Each command parses its arguments, calls the library and prints.
 *
 * <p>Only this package writes to the terminal, and only {@link dev.hadron.cli.Main} ends the process.
 */
@NullMarked
package dev.hadron.cli;

import org.jspecify.annotations.NullMarked;
