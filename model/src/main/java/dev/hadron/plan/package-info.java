/**
 * Turns a configuration and the layers of a model into one decision per tensor. After this package no setting is missing.
 *
 * <p>Everything that can be known before the work starts is refused here. Does no arithmetic.
 */
@NullMarked
package dev.hadron.plan;

import org.jspecify.annotations.NullMarked;
