/**
 * The layouts, one class each with helpers beside it. A new one is a class here and a constant of {@link
 * dev.hadron.export.ExportLayout}.
 */
@NullMarked
package dev.hadron.export.layout;

import org.jspecify.annotations.NullMarked;
