/**
 * Who looks at the values of a tensor to find the scales and zero points of its codes.
 *
 * <p>Batches go in one by one, parameters come out. A new observer is a class here, a constant of {@link
 * dev.hadron.config.ObserverType} and a case in {@link dev.hadron.observer.Observers}. Knows nothing of layers or files.
 */
@NullMarked
package dev.hadron.observer;

import org.jspecify.annotations.NullMarked;
