/**
 * What the user says: immutable records, built by builders, read from and written to JSON.
 *
 * <p>{@link dev.hadron.config.Config} holds a {@link dev.hadron.config.QuantizationConfig} for the whole model and others by
 * layer type and layer name; each of these holds a {@link dev.hadron.config.QuantizationSpec} per tensor, mostly made from a
 * named {@link dev.hadron.config.DataTypeSpec}. A missing setting means "decided one level up"; {@link
 * dev.hadron.config.LayerResolver} decides. {@link dev.hadron.config.ConfigJson} alone knows the wire form.
 *
 * <p>Knows nothing of tensors, models or files other than its own.
 */
@NullMarked
package dev.hadron.config;

import org.jspecify.annotations.NullMarked;
